import {
  type FetchLike,
  discoverAuthorizationServerMetadata,
  selectClientAuthMethod,
} from '@modelcontextprotocol/client';

import { clientInformation, signedBy } from './client-registration.ts';
import type { SavedClient, SavedSignIn } from './token-store.ts';

/** What became of one sign-in. */
export interface Revocation {
  readonly issuer: string;
  /** True where the authorization server said that the tokens count no more, or there were none. */
  readonly revoked: boolean;
  /** Why not. */
  readonly why?: string;
}

/** Asks an authorization server to take its tokens back (RFC 7009). Never throws: what is forgotten here is forgotten. */
export async function revoke({ issuer, client, tokens }: SavedSignIn, fetch: FetchLike): Promise<Revocation> {
  if (tokens === undefined) return { issuer, revoked: true };
  try {
    const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn: fetch });
    const endpoint =
      metadata !== undefined && 'revocation_endpoint' in metadata ? metadata.revocation_endpoint : undefined;
    if (metadata === undefined || typeof endpoint !== 'string')
      return { issuer, revoked: false, why: 'it takes no tokens back' };
    // With the refresh token goes all that came of it.
    const [token, kind] =
      tokens.refreshToken === undefined ? [tokens.accessToken, 'access_token'] : [tokens.refreshToken, 'refresh_token'];
    const body = new URLSearchParams({ token, token_type_hint: kind });
    const headers = new Headers({ accept: 'application/json' });
    await prove(client, metadata.token_endpoint_auth_methods_supported ?? [], { headers, body, endpoint });
    const { status } = await fetch(endpoint, { method: 'POST', headers, body });
    return status === 200 ? { issuer, revoked: true } : { issuer, revoked: false, why: `it answered HTTP ${status}` };
  } catch (error) {
    return { issuer, revoked: false, why: error instanceof Error ? error.message : String(error) };
  }
}

interface ClientRequest {
  readonly headers: Headers;
  readonly body: URLSearchParams;
  readonly endpoint: string;
}

/** Says in a request which client it is, and proves it (RFC 6749, 2.3). */
async function prove(
  client: SavedClient,
  supported: readonly string[],
  { headers, body, endpoint }: ClientRequest,
): Promise<void> {
  const { addClientAuthentication } = signedBy(client);
  if (addClientAuthentication !== undefined) return await addClientAuthentication(headers, body, endpoint);
  const method = selectClientAuthMethod(clientInformation(client, ''), [...supported]);
  if (method === 'client_secret_basic') {
    const pair = Buffer.from(`${client.id}:${client.secret ?? ''}`).toString('base64');
    headers.set('authorization', `Basic ${pair}`);
    return;
  }
  body.set('client_id', client.id);
  if (method === 'client_secret_post' && client.secret !== undefined) body.set('client_secret', client.secret);
}
