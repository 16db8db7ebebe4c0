import { type FetchLike, OAuthError, refreshAuthorization } from '@modelcontextprotocol/client';

import { clientInformation, signedBy } from './client-registration.ts';
import type { FoundIssuer } from './find-issuer.ts';
import { oauthFailure } from './oauth-failure.ts';
import { quoted } from './safe-url.ts';
import { savedTokens } from './saved-tokens.ts';
import type { SavedClient, SavedTokens } from './token-store.ts';

/** What an authorization server says when a refresh token, or the client that has it, counts no more (RFC 6749, 5.2). */
const OVER: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client']);

/** What one renewal is made of. */
export interface Refresh {
  readonly found: FoundIssuer;
  readonly client: SavedClient;
  readonly tokens: SavedTokens;
  readonly fetch: FetchLike;
  readonly clock: () => number;
}

/** Trades a refresh token for new tokens; undefined where the authorization server takes it no more. Throws {@link CoreError}. */
export async function refreshed(refresh: Refresh): Promise<SavedTokens | undefined> {
  const { found, client, tokens, fetch, clock } = refresh;
  const { issuer, url, metadata, resource } = found;
  const { refreshToken = '', scope } = tokens;
  try {
    const given = await refreshAuthorization(url, {
      ...(metadata && { metadata }),
      clientInformation: clientInformation(client, client.redirectUrl ?? ''),
      refreshToken,
      ...(resource !== undefined && { resource }),
      ...signedBy(client),
      fetchFn: fetch,
    });
    return savedTokens(given, scope, clock());
  } catch (error) {
    if (error instanceof OAuthError && OVER.has(error.code)) return undefined;
    throw oauthFailure(error, `Cannot renew the sign-in at ${quoted(issuer)}`, [refreshToken, client.secret]);
  }
}
