import {
  type AuthorizationServerMetadata,
  type FetchLike,
  type OAuthProtectedResourceMetadata,
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  resourceUrlFromServerUrl,
} from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { failed, oauthFailure } from './oauth-failure.ts';
import { quoted, safeUrl } from './safe-url.ts';

/** What a server says when it wants a token (RFC 6750, RFC 9728). */
export interface Challenge {
  readonly scope?: string | undefined;
  readonly resourceMetadataUrl?: URL | undefined;
}

/** The authorization server of an MCP server, found and held to be safe. */
export interface FoundIssuer {
  /** Who it is; what is kept is kept under this name. */
  readonly issuer: string;
  /** Where endpoints lie that no metadata name. */
  readonly url: string;
  /** Undefined for a server of 2025-03-26, which may have none. */
  readonly metadata: AuthorizationServerMetadata | undefined;
  /** What tokens are asked for (RFC 8707), in the server's own words. */
  readonly resource: string | undefined;
  readonly scopes: readonly string[] | undefined;
}

const STEP = 'Cannot find the authorization server';

/**
 * Finds who gives out tokens for an MCP server: from its resource metadata (RFC 9728), else the server's own origin as
 * of 2025-03-26, if it asked for a sign-in. Of several issuers it is the preferred one. Throws {@link CoreError}, also where it would not be safe to sign in.
 */
export async function findIssuer(
  server: string,
  challenge: Challenge | undefined,
  preferred: string | undefined,
  fetch: FetchLike,
): Promise<FoundIssuer> {
  const resource = await resourceMetadata(server, challenge, fetch);
  if (resource === undefined && challenge === undefined)
    throw failed('the server asks nobody to sign in, and names none', STEP);
  const named = resource?.authorization_servers ?? [];
  const url = chosen(named, preferred) ?? new URL('/', server).href;
  safeUrl(url, 'The authorization server');
  let metadata: AuthorizationServerMetadata | undefined;
  try {
    metadata = await discoverAuthorizationServerMetadata(url, { fetchFn: fetch });
  } catch (error) {
    throw oauthFailure(error, STEP);
  }
  if (metadata === undefined && named.length > 0) throw failed(`${quoted(url)} has no metadata (RFC 8414)`, STEP);
  if (metadata !== undefined) checkMetadata(metadata);
  return {
    issuer: metadata?.issuer ?? url,
    url,
    metadata,
    resource: resource?.resource,
    scopes: resource?.scopes_supported,
  };
}

/** The server's resource metadata; undefined where it has none. */
async function resourceMetadata(
  server: string,
  challenge: Challenge | undefined,
  fetch: FetchLike,
): Promise<OAuthProtectedResourceMetadata | undefined> {
  let found = false;
  const noting: FetchLike = async (url, init) => {
    const response = await fetch(url, init);
    found ||= response.ok;
    return response;
  };
  let metadata: OAuthProtectedResourceMetadata;
  try {
    const resourceMetadataUrl = challenge?.resourceMetadataUrl;
    const where = resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl };
    metadata = await discoverOAuthProtectedResourceMetadata(server, where, noting);
  } catch (error) {
    if (error instanceof CoreError || found) throw oauthFailure(error, STEP);
    return undefined;
  }
  const requestedResource = resourceUrlFromServerUrl(server);
  if (
    URL.canParse(metadata.resource) &&
    checkResourceAllowed({ requestedResource, configuredResource: metadata.resource })
  )
    return metadata;
  const why = `the server's metadata are those of ${quoted(metadata.resource)}, and a token for that must not go to this server`;
  throw new CoreError('UNSAFE_SIGN_IN', `${STEP}: ${why}`);
}

/** The preferred issuer, where the server names it, else the first. A slash at its end makes no difference here. */
function chosen(named: readonly string[], preferred: string | undefined): string | undefined {
  const plain = (url: string): string => url.replace(/\/$/, '');
  return named.find((url) => preferred !== undefined && plain(url) === plain(preferred)) ?? named[0];
}

/** Throws where an endpoint is not safe. */
function checkMetadata(metadata: AuthorizationServerMetadata): void {
  safeUrl(metadata.authorization_endpoint, 'The page to sign in at');
  safeUrl(metadata.token_endpoint, 'The token endpoint');
  if (metadata.registration_endpoint !== undefined)
    safeUrl(metadata.registration_endpoint, 'The registration endpoint');
}
