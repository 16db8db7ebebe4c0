import type { AssertionCallback, FetchLike } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { shownUrl } from '../server-config.ts';
import { type Refusal, authorizedFetch } from './authorized-fetch.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { chooseScope, covers } from './choose-scope.ts';
import type { OwnClient } from './client-registration.ts';
import { type Challenge, type FoundIssuer, findIssuer } from './find-issuer.ts';
import { grantByMachine } from './machine-grant.ts';
import { failed } from './oauth-failure.ts';
import { type Person, grantByPerson } from './person-grant.ts';
import { refreshed } from './refresh.ts';
import { type Revocation, revoke } from './revoke.ts';
import { quoted, safeUrl } from './safe-url.ts';
import { type SavedClient, type SavedSignIn, type SavedTokens, type TokenStore, withSignIn } from './token-store.ts';

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
  #challenge: Challenge = {};
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
      canHelp: ({ kind, challenge: { scope } }, refused) =>
        kind === 'token' || (scope !== undefined && !covers(`${this.#asked ?? ''} ${refused?.scope ?? ''}`, scope)),
      better: async (refusal, refused, signal) =>
        await this.#inTurn(async () => await this.#better(refusal, refused, next, signal)),
    });
  }

  /** Gets new tokens for the scopes that the server wanted last, whatever is kept. Throws {@link CoreError} or the signal's reason. */
  async signIn(next: FetchLike = fetch, signal?: AbortSignal): Promise<SavedTokens> {
    return await this.#inTurn(async () => await this.#signIn(this.#challenge, this.#tokens?.scope, next, signal));
  }

  /** Forgets all that is kept for the server, and has it taken back where its issuer does that. */
  async signOut(next: FetchLike = fetch, signal?: AbortSignal): Promise<readonly Revocation[]> {
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
    return await this.#inTurn(async () => (await this.#renewed(tokens, next, undefined)) ?? tokens);
  }

  /** Tokens in place of those that the server refused. */
  async #better(
    { kind, challenge }: Refusal,
    refused: SavedTokens | undefined,
    next: FetchLike,
    signal: AbortSignal | undefined,
  ): Promise<SavedTokens> {
    this.#challenge = challenge;
    // Another request got them meanwhile.
    if (this.#tokens !== undefined && this.#tokens !== refused) return this.#tokens;
    if (kind === 'token') {
      if (this.#untried === 'sign-in') throw failed('the server does not take the token that it was given', STEP);
      if (this.#untried === undefined) {
        const renewed = await this.#renewed(refused, next, signal);
        if (renewed !== undefined) return renewed;
      }
    }
    return await this.#signIn(challenge, kind === 'scope' ? refused?.scope : undefined, next, signal);
  }

  /** New tokens without a person, for those that were refused; undefined where a person is needed. */
  async #renewed(
    refused: SavedTokens | undefined,
    next: FetchLike,
    signal: AbortSignal | undefined,
  ): Promise<SavedTokens | undefined> {
    const { store, server, scope } = this.#options;
    const fetch = boundedFetch(next, signal);
    return await store.change(server, async ({ all, write }) => {
      const [kept] = all;
      if (kept?.tokens === undefined) return undefined;
      // Another process got them meanwhile.
      if (kept.tokens.accessToken !== refused?.accessToken) return this.#use(kept.tokens, 'refresh');
      const { client, tokens } = kept;
      const assertion = this.#assertion;
      if (kept.grant === 'person' && tokens.refreshToken === undefined) return undefined;
      if (kept.grant === 'jwt-bearer' && assertion === undefined) return undefined;
      const found = await this.#find({}, kept.issuer, fetch);
      // The server has another authorization server now, which must not see what is this one's.
      if (found.issuer !== kept.issuer) return undefined;
      const renewed =
        kept.grant === 'person'
          ? await refreshed(found, client, tokens, fetch, this.#now)
          : await grantByMachine({
              found,
              client,
              assertion,
              scope: scope ?? tokens.scope,
              fetch,
              clock: this.#now,
            });
      const { tokens: _over, ...withoutTokens } = kept;
      await write(withSignIn(all, renewed === undefined ? withoutTokens : { ...kept, tokens: renewed }));
      return renewed && this.#use(renewed, 'refresh');
    });
  }

  /** New tokens, by the person or by what else was agreed on. */
  async #signIn(
    challenge: Challenge,
    granted: string | undefined,
    next: FetchLike,
    signal: AbortSignal | undefined,
  ): Promise<SavedTokens> {
    const { server, store, grant } = this.#options;
    safeUrl(server, 'The server');
    if (grant.kind === 'person' && grant.person === undefined) throw signInNeeded(server, challenge);
    const fetch = boundedFetch(next, signal);
    const all = await store.read(server);
    const found = await this.#find(challenge, all[0]?.issuer, fetch);
    const scope = chooseScope({
      given: this.#options.scope,
      challenged: challenge.scope,
      granted,
      ofResource: found.scopes,
      ofIssuer: found.metadata?.scopes_supported,
    });
    this.#asked = scope;
    const saved = all.find(({ issuer }) => issuer === found.issuer)?.client;
    const given = await this.#granted({ found, scope, fetch, clock: this.#now }, saved, signal);
    const signedIn = { issuer: found.issuer, ...given };
    await store.change(server, async ({ all: kept, write }) => await write(withSignIn(kept, signedIn)));
    return this.#use(signedIn.tokens, 'sign-in');
  }

  /** What the authorization server gives in the way that was agreed on, and to whom. */
  async #granted(
    asked: Asked,
    saved: SavedClient | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly grant: SavedSignIn['grant']; readonly client: SavedClient; readonly tokens: SavedTokens }> {
    const { server, grant, own = {} } = this.#options;
    if (grant.kind === 'person') {
      const { person } = grant;
      if (person === undefined) throw signInNeeded(server, this.#challenge);
      return { grant: 'person', ...(await grantByPerson({ ...asked, person, own, saved, signal })) };
    }
    const client = own.given ?? saved;
    if (client === undefined) throw failed('without a person it takes a client that is registered already', STEP);
    const tokens = await grantByMachine({ ...asked, client, assertion: this.#assertion });
    return { grant: grant.kind, client, tokens };
  }

  async #find(challenge: Challenge, preferred: string | undefined, fetch: FetchLike): Promise<FoundIssuer> {
    const { server, issuer: only } = this.#options;
    const found = await findIssuer(server, challenge, only ?? preferred, fetch);
    if (only === undefined || only === found.issuer) return found;
    throw failed(`the server names ${quoted(found.issuer)} as its authorization server, not ${quoted(only)}`, STEP);
  }

  get #assertion(): AssertionCallback | undefined {
    const { grant } = this.#options;
    return grant.kind === 'jwt-bearer' ? grant.assertion : undefined;
  }

  #use(tokens: SavedTokens, from: 'refresh' | 'sign-in'): SavedTokens {
    this.#untried = from;
    this.#tokens = tokens;
    return tokens;
  }

  readonly #now = (): number => (this.#options.clock ?? Date.now)();
}

/** What every grant is made of. */
interface Asked {
  readonly found: FoundIssuer;
  readonly scope: string | undefined;
  readonly fetch: FetchLike;
  readonly clock: () => number;
}

function signInNeeded(server: string, { scope }: Challenge): CoreError {
  const wanted = scope === undefined ? '' : ` for ${quoted(scope)}`;
  return new CoreError('SIGN_IN_NEEDED', `${shownUrl(server)} wants you to sign in${wanted}`);
}
