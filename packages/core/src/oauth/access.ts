import type { AssertionCallback, FetchLike } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { shownUrl } from '../server-config.ts';
import { type Refusal, authorizedFetch } from './authorized-fetch.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { challengeOf } from './challenge-of.ts';
import { chooseScope, covers } from './choose-scope.ts';
import type { OwnClient } from './client-registration.ts';
import { type Challenge, type FoundIssuer, findIssuer } from './find-issuer.ts';
import { grantByMachine } from './machine-grant.ts';
import { failed } from './oauth-failure.ts';
import { type Person, grantByPerson } from './person-grant.ts';
import { refreshed } from './refresh.ts';
import { type Revocation, revoke } from './revoke.ts';
import { quoted, safeUrl } from './safe-url.ts';
import { type SavedClient, type SavedSignIn, type SavedTokens, type TokenStore, putFirst } from './token-store.ts';

/** How tokens are got where none are kept. */
export type Grant =
  /** A person allows it in a browser; without a person nobody can, and what is kept must do. */
  | { readonly kind: 'person'; readonly person?: Person }
  /** The client's own secret or key is enough. */
  | { readonly kind: 'client-credentials' }
  /** Another server's statement about this client is enough (RFC 7523), as in cross-app access. */
  | { readonly kind: 'jwt-bearer'; readonly assertion: AssertionCallback };

export interface AccessOptions {
  /** The URL of the MCP server. */
  readonly server: string;
  readonly store: TokenStore;
  readonly grant: Grant;
  readonly own?: OwnClient;
  /** The scopes to ask for, separated by spaces, in place of those that the server names. */
  readonly scope?: string;
  /** The only authorization server to deal with, whatever the MCP server says. */
  readonly issuer?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface SignInOptions {
  readonly person?: Person;
  readonly signal?: AbortSignal | undefined;
  /** How authorization servers are asked; the global one unless given. */
  readonly fetch?: FetchLike;
}

/** Milliseconds before its end from which a token counts as over: it has a way to go yet. */
const EARLY_MS = 10_000;
const STEP = 'Cannot sign in';

/**
 * The right to speak to one MCP server: gets tokens, keeps them fresh, and puts them into requests. Tokens go to the
 * server's own origin alone, and everything of one issuer's to that issuer alone.
 */
export class Access {
  readonly #options: AccessOptions;
  #tokens: SavedTokens | undefined;
  /** Where tokens came from that the server has not taken yet: to get them in the same way again would not help. */
  #untried: 'refresh' | 'sign-in' | undefined;
  /** All scopes that were asked for: to ask for them again would not help. */
  #asked: string | undefined;
  /** What the server said last that it wants. */
  #challenge: Challenge | undefined;
  /** Ends when nobody is getting tokens: of many requests that are refused at once, one asks for new ones. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /**
   * A fetch that carries the token, and gets a better one where the server wants that. It throws {@link CoreError}
   * `SIGN_IN_NEEDED` where only a person could help and none is at hand. What it asks of authorization servers goes
   * through `next`, too.
   */
  fetch(next: FetchLike): FetchLike {
    return authorizedFetch(next, new URL(this.#options.server).origin, {
      current: async () => await this.#current(next),
      accepted: (tokens) => {
        if (tokens === this.#tokens) this.#untried = undefined;
      },
      better: async (refusal, refused, signal) =>
        await this.#inTurn(async () => await this.#better(refusal, refused, { next, signal })),
    });
  }

  /**
   * Gets new tokens for what the server wanted last, whatever is kept; the person is the grant's unless another is given.
   * Throws {@link CoreError} or the signal's reason.
   */
  async signIn({ person, signal, fetch: next = fetch }: SignInOptions = {}): Promise<SavedTokens> {
    return await this.#inTurn(async () => {
      this.#challenge ??= await challengeOf(this.#options.server, next, signal);
      return await this.#signIn(this.#tokens !== undefined, { next, signal, person });
    });
  }

  /** Forgets all that is kept for the server, and has it taken back where its issuer does that. */
  async signOut({ signal, fetch: next = fetch }: Omit<SignInOptions, 'person'> = {}): Promise<readonly Revocation[]> {
    this.#tokens = undefined;
    return await this.#options.store.change(this.#options.server, async ({ all, write }) => {
      // First, so that it is forgotten whatever the network does.
      await write([]);
      return await Promise.all(all.map(async (each) => await revoke(each, boundedFetch(next, signal))));
    });
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => {});
    return await turn;
  }

  /** The tokens at hand, made fresh where their time is over. */
  async #current(next: FetchLike): Promise<SavedTokens | undefined> {
    this.#tokens ??= (await this.#options.store.read(this.#options.server))[0]?.tokens;
    const tokens = this.#tokens;
    if (tokens === undefined || (tokens.expiresAt ?? Infinity) - EARLY_MS > this.#now()) return tokens;
    return await this.#inTurn(async () => (await this.#renewed(tokens, { next })) ?? tokens);
  }

  /** Tokens in place of those that the server refused. */
  async #better({ kind, challenge }: Refusal, refused: SavedTokens | undefined, means: Means): Promise<SavedTokens> {
    this.#challenge = challenge;
    // Another request got them meanwhile, or another process.
    if (this.#tokens !== undefined && this.#tokens !== refused) return this.#tokens;
    const kept = (await this.#options.store.read(this.#options.server))[0]?.tokens;
    if (kept !== undefined && kept.accessToken !== refused?.accessToken) return this.#use(kept, undefined);
    if (kind === 'token') {
      if (this.#untried === 'sign-in') throw failed('the server does not take the token that it was given', STEP);
      const renewed = this.#untried === undefined ? await this.#renewed(refused, means) : undefined;
      return renewed ?? (await this.#signIn(false, means));
    }
    const wanted = challenge.scope;
    if (wanted === undefined) throw failed('the token is not for that', 'The server refused');
    if (covers(`${this.#asked ?? ''} ${refused?.scope ?? ''}`, wanted))
      throw failed(`the token is not for ${quoted(wanted)}, which was asked for`, 'The server refused');
    return await this.#signIn(true, means);
  }

  /** New tokens without a person, for those that were refused; undefined where a person is needed. */
  async #renewed(refused: SavedTokens | undefined, { next, signal }: Means): Promise<SavedTokens | undefined> {
    const { store, server } = this.#options;
    const fetch = boundedFetch(next, signal);
    return await store.change(server, async ({ all, write }) => {
      const [kept] = all;
      if (kept?.tokens === undefined) return undefined;
      // Another process got them while this one waited for its turn.
      if (kept.tokens.accessToken !== refused?.accessToken) return this.#use(kept.tokens, undefined);
      if (!this.#canRenew(kept)) return undefined;
      const found = await this.#find({}, kept.issuer, fetch);
      // The server has another authorization server now, which must not see what is this one's.
      if (found.issuer !== kept.issuer) return undefined;
      const { tokens, ...withoutTokens } = kept;
      const scope = this.#options.scope ?? tokens.scope;
      const asked = { found, client: kept.client, fetch, clock: this.#now };
      const renewed =
        kept.grant === 'person'
          ? await refreshed({ ...asked, tokens })
          : await grantByMachine({ ...asked, scope, assertion: this.#assertion });
      await write(putFirst(all, renewed === undefined ? withoutTokens : { ...kept, tokens: renewed }));
      return renewed && this.#use(renewed, 'refresh');
    });
  }

  #canRenew({ grant, tokens }: SavedSignIn): boolean {
    if (grant === 'person') return tokens?.refreshToken !== undefined;
    return grant === 'client-credentials' || this.#assertion !== undefined;
  }

  /** New tokens for what the server wanted last, and for what its issuer had granted where that is to be kept. */
  async #signIn(keeps: boolean, { next, signal, person }: Means): Promise<SavedTokens> {
    const { server, store, grant, scope: given } = this.#options;
    safeUrl(server, 'The server');
    const challenge = this.#challenge;
    const asker = grant.kind === 'person' ? (person ?? grant.person) : undefined;
    if (grant.kind === 'person' && asker === undefined) throw signInNeeded(server, challenge);
    const fetch = boundedFetch(next, signal);
    const all = await store.read(server);
    const found = await this.#find(challenge, all[0]?.issuer, fetch);
    const before = all.find(({ issuer }) => issuer === found.issuer);
    const scope = chooseScope({
      given,
      challenged: challenge?.scope,
      granted: keeps ? before?.tokens?.scope : undefined,
      ofResource: found.scopes,
      ofIssuer: found.metadata?.scopes_supported,
    });
    this.#asked = scope;
    const saved = before?.client;
    const asked = { found, scope, fetch, clock: this.#now };
    const { own = {} } = this.#options;
    const got =
      asker === undefined
        ? await this.#byItself(asked, own.given ?? saved)
        : await grantByPerson({ ...asked, person: asker, own, saved, signal });
    const signedIn = { issuer: found.issuer, grant: grant.kind, ...got };
    await store.change(server, async ({ all: kept, write }) => await write(putFirst(kept, signedIn)));
    return this.#use(signedIn.tokens, 'sign-in');
  }

  async #byItself(
    asked: Asked,
    client: SavedClient | undefined,
  ): Promise<{ readonly client: SavedClient; readonly tokens: SavedTokens }> {
    if (client === undefined) throw failed('without a person it takes a client that is registered already', STEP);
    return { client, tokens: await grantByMachine({ ...asked, client, assertion: this.#assertion }) };
  }

  async #find(challenge: Challenge | undefined, preferred: string | undefined, fetch: FetchLike): Promise<FoundIssuer> {
    const { server, issuer: only } = this.#options;
    const found = await findIssuer(server, challenge, only ?? preferred, fetch);
    if (only === undefined || only === found.issuer) return found;
    throw failed(`the server names ${quoted(found.issuer)} as its authorization server, not ${quoted(only)}`, STEP);
  }

  get #assertion(): AssertionCallback | undefined {
    const { grant } = this.#options;
    return grant.kind === 'jwt-bearer' ? grant.assertion : undefined;
  }

  #use(tokens: SavedTokens, from: 'refresh' | 'sign-in' | undefined): SavedTokens {
    this.#untried = from;
    this.#tokens = tokens;
    return tokens;
  }

  readonly #now = (): number => (this.#options.clock ?? Date.now)();
}

/** With what tokens are got. */
interface Means {
  readonly next: FetchLike;
  readonly signal?: AbortSignal | undefined;
  readonly person?: Person | undefined;
}

/** What every grant is made of. */
interface Asked {
  readonly found: FoundIssuer;
  readonly scope: string | undefined;
  readonly fetch: FetchLike;
  readonly clock: () => number;
}

function signInNeeded(server: string, challenge: Challenge | undefined): CoreError {
  const scope = challenge?.scope;
  const wanted = scope === undefined ? '' : ` for ${quoted(scope)}`;
  return new CoreError('SIGN_IN_NEEDED', `${shownUrl(server)} wants you to sign in${wanted}`);
}
