import { randomBytes } from 'node:crypto';

import { type FetchLike, exchangeAuthorization, startAuthorization } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { type OwnClient, clientFor, clientInformation, signedBy } from './client-registration.ts';
import type { FoundIssuer } from './find-issuer.ts';
import { failed, oauthFailure } from './oauth-failure.ts';
import { readCallback } from './read-callback.ts';
import { quoted, safeUrl } from './safe-url.ts';
import { savedTokens } from './saved-tokens.ts';
import type { SavedClient, SavedTokens } from './token-store.ts';

/** Whoever can let a person sign in in a browser. */
export interface Person {
  /** Makes ready to be called back, at the given URL where that is possible. */
  receive(at: string | undefined): Promise<Reception>;
}

/** A place that a browser can be sent back to; disposing closes it. */
export interface Reception extends AsyncDisposable {
  readonly redirectUrl: string;
  /** Shows a person where to sign in, and gives the whole URL that the browser was sent back to. */
  authorize(page: URL, signal: AbortSignal | undefined): Promise<URL>;
}

/** What one sign-in is made of. */
export interface PersonGrant {
  readonly found: FoundIssuer;
  readonly person: Person;
  readonly own: OwnClient;
  /** A registration that was made before. */
  readonly saved: SavedClient | undefined;
  readonly scope: string | undefined;
  readonly fetch: FetchLike;
  readonly clock: () => number;
  readonly signal: AbortSignal | undefined;
}

const STEP = 'Cannot sign in';

/** Lets a person sign in: authorization code with PKCE (OAuth 2.1, 4.1). Throws {@link CoreError} or the signal's reason. */
export async function grantByPerson(
  grant: PersonGrant,
): Promise<{ readonly client: SavedClient; readonly tokens: SavedTokens }> {
  const { found, own, saved, scope, fetch, clock, signal } = grant;
  const { issuer, url, metadata, resource } = found;
  checkCodeGrant(found);
  await using reception = await grant.person.receive(saved?.redirectUrl);
  const { redirectUrl } = reception;
  const client = await clientFor({ found, own, saved, redirectUrl, scope, fetch });
  const known = {
    ...(metadata && { metadata }),
    clientInformation: clientInformation(client, redirectUrl),
    ...(resource !== undefined && { resource }),
  };
  const state = randomBytes(32).toString('base64url');
  const begun = await startAuthorization(url, { ...known, redirectUrl, state, ...(scope !== undefined && { scope }) });
  const { authorizationUrl, codeVerifier } = begun;
  const callback = await reception.authorize(safeUrl(authorizationUrl, 'The page to sign in at'), signal);
  signal?.throwIfAborted();
  const namesItself = metadata?.authorization_response_iss_parameter_supported === true;
  const { code, iss } = readCallback(callback, { state, issuer: metadata?.issuer, namesItself });
  try {
    const given = await exchangeAuthorization(url, {
      ...known,
      authorizationCode: code,
      ...(iss !== undefined && { iss }),
      codeVerifier,
      redirectUri: redirectUrl,
      ...signedBy(client),
      fetchFn: fetch,
    });
    return { client, tokens: savedTokens(given, scope, clock()) };
  } catch (error) {
    throw oauthFailure(error, `${STEP} at ${quoted(issuer)}`, [code, codeVerifier, client.secret]);
  }
}

/** Throws where a code that was stolen on its way could be used by the thief (basic/authorization#authorization-code-protection). */
function checkCodeGrant({ issuer, metadata }: FoundIssuer): void {
  if (metadata === undefined) return;
  if (!metadata.response_types_supported.includes('code'))
    throw failed(`${quoted(issuer)} gives no authorization codes`, STEP);
  if (metadata.code_challenge_methods_supported?.includes('S256') === true) return;
  const why = `${quoted(issuer)} does not say that it protects codes (code_challenge_methods_supported has no S256)`;
  throw new CoreError('UNSAFE_SIGN_IN', `${STEP}: ${why}`);
}
