import {
  type AddClientAuthentication,
  type FetchLike,
  type OAuthClientInformationFull,
  type OAuthClientMetadata,
  RegistrationRejectedError,
  createPrivateKeyJwtAuth,
  registerClient,
} from '@modelcontextprotocol/client';

import type { FoundIssuer } from './find-issuer.ts';
import { failed, oauthFailure } from './oauth-failure.ts';
import { quoted } from './safe-url.ts';
import type { SavedClient } from './token-store.ts';

/** Who we are to an authorization server, as far as somebody said so beforehand. */
export interface OwnClient {
  /** A client that is registered at the issuer already, or the URL of a document that describes it. */
  readonly given?: SavedClient;
  /** The URL of a document that describes this client, for issuers that take one in place of a registration. */
  readonly documentUrl?: string;
}

/** What a registration is made of. */
export interface Registration {
  readonly found: FoundIssuer;
  readonly own: OwnClient;
  /** A registration that was made before. */
  readonly saved: SavedClient | undefined;
  readonly redirectUrl: string;
  readonly scope: string | undefined;
  readonly fetch: FetchLike;
}

const STEP = 'Cannot register at the authorization server';

/**
 * The client to sign in as, in the order of the specification (basic/authorization#client-registration-approaches): the
 * one that was given, the one that was registered before, a document's, or one that is registered now. Throws CoreError.
 */
export async function clientFor({ found, own, saved, redirectUrl, scope, fetch }: Registration): Promise<SavedClient> {
  if (own.given !== undefined) return own.given;
  // Some servers hold a client to the very port that it registered.
  if (saved !== undefined && (saved.redirectUrl === undefined || saved.redirectUrl === redirectUrl)) return saved;
  if (own.documentUrl !== undefined && found.metadata?.client_id_metadata_document_supported === true)
    return { id: own.documentUrl };
  if (found.metadata !== undefined && found.metadata.registration_endpoint === undefined)
    throw failed(
      `${quoted(found.issuer)} registers no clients by itself; register one there, and name its client id`,
      STEP,
    );
  return await registered(found, clientMetadata(found, redirectUrl), scope, fetch);
}

/** What the token endpoint is told of a client, in the form of the SDK. */
export function clientInformation(
  { id, secret, authMethod }: SavedClient,
  redirectUrl: string,
): OAuthClientInformationFull {
  return {
    client_id: id,
    redirect_uris: [redirectUrl],
    ...(secret !== undefined && { client_secret: secret }),
    ...(authMethod !== undefined && { token_endpoint_auth_method: authMethod }),
  };
}

/** How a client proves itself that has a key and no secret (RFC 7523). */
export function signedBy({ id, key }: SavedClient): { readonly addClientAuthentication?: AddClientAuthentication } {
  if (key === undefined) return {};
  const { pem: privateKey, algorithm: alg } = key;
  return { addClientAuthentication: createPrivateKeyJwtAuth({ issuer: id, subject: id, privateKey, alg }) };
}

async function registered(
  found: FoundIssuer,
  clientMetadata: OAuthClientMetadata,
  scope: string | undefined,
  fetch: FetchLike,
): Promise<SavedClient> {
  const [redirectUrl] = clientMetadata.redirect_uris;
  try {
    // oxlint-disable-next-line typescript/no-deprecated -- issuers that know no other way are met every day
    const given = await registerClient(found.url, {
      ...(found.metadata && { metadata: found.metadata }),
      clientMetadata,
      ...(scope !== undefined && { scope }),
      fetchFn: fetch,
    });
    return {
      id: given.client_id,
      ...(given.client_secret !== undefined && { secret: given.client_secret }),
      ...(given.token_endpoint_auth_method !== undefined && { authMethod: given.token_endpoint_auth_method }),
      ...(redirectUrl !== undefined && { redirectUrl }),
    };
  } catch (error) {
    if (error instanceof RegistrationRejectedError)
      throw failed(`${quoted(found.issuer)} refused (HTTP ${error.status}: ${quoted(error.body)})`, STEP, error);
    throw oauthFailure(error, STEP);
  }
}

function clientMetadata({ metadata }: FoundIssuer, redirectUrl: string): OAuthClientMetadata {
  const methods = metadata?.token_endpoint_auth_methods_supported ?? ['none'];
  // A program that a person holds keeps no secret from that person (RFC 8252, 8.5), unless the server insists.
  const method = ['none', 'client_secret_basic', 'client_secret_post'].find((each) => methods.includes(each)) ?? 'none';
  return {
    client_name: 'mcp-dbg',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: method,
    application_type: 'native',
  };
}
