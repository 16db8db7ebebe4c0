import {
  type AssertionCallback,
  ClientCredentialsProvider,
  CrossAppAccessProvider,
  type FetchLike,
  type OAuthClientProvider,
  PrivateKeyJwtProvider,
  fetchToken,
} from '@modelcontextprotocol/client';

import type { FoundIssuer } from './find-issuer.ts';
import { failed, oauthFailure } from './oauth-failure.ts';
import { quoted } from './safe-url.ts';
import { savedTokens } from './saved-tokens.ts';
import type { SavedClient, SavedTokens } from './token-store.ts';

/** What one grant without a person is made of. */
export interface MachineGrant {
  readonly found: FoundIssuer;
  readonly client: SavedClient;
  /** Gives a statement of another server that this client may have a token (RFC 7523); without it the client's secret says so. */
  readonly assertion: AssertionCallback | undefined;
  readonly scope: string | undefined;
  readonly fetch: FetchLike;
  readonly clock: () => number;
}

const STEP = 'Cannot get a token';

/**
 * Gets tokens with nothing but the client's own credentials: `client_credentials`, with a secret or a signed statement, or
 * `jwt-bearer` with somebody else's statement. Throws {@link CoreError}.
 */
export async function grantByMachine(grant: MachineGrant): Promise<SavedTokens> {
  const { found, client, scope, fetch, clock } = grant;
  const { issuer, url, metadata, resource } = found;
  try {
    const given = await fetchToken(providerOf(grant), url, {
      ...(metadata && { metadata }),
      ...(resource !== undefined && { resource }),
      ...(scope !== undefined && { scope }),
      fetchFn: fetch,
    });
    return savedTokens(given, scope, clock());
  } catch (error) {
    throw oauthFailure(error, `${STEP} from ${quoted(issuer)}`, [client.secret]);
  }
}

/** The SDK's word for the same: it knows how each grant puts itself into a request. */
function providerOf({ found, client, assertion, scope, fetch }: MachineGrant): OAuthClientProvider {
  const { id: clientId, secret: clientSecret, key } = client;
  const wanted = scope === undefined ? {} : { scope };
  const expectedIssuer = found.issuer;
  if (assertion !== undefined) {
    const provider = new CrossAppAccessProvider({
      clientId,
      clientSecret: clientSecret ?? '',
      assertion,
      fetchFn: fetch,
      expectedIssuer,
    });
    provider.saveAuthorizationServerUrl(found.issuer);
    if (found.resource !== undefined) provider.saveResourceUrl?.(found.resource);
    return provider;
  }
  if (key !== undefined) {
    const { pem: privateKey, algorithm } = key;
    return new PrivateKeyJwtProvider({ clientId, privateKey, algorithm, expectedIssuer, ...wanted });
  }
  if (clientSecret !== undefined)
    return new ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer, ...wanted });
  throw failed('a client without a secret or a key cannot sign in by itself', STEP);
}
