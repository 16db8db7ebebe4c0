import { type FetchLike, extractWWWAuthenticateParams } from '@modelcontextprotocol/client';

import type { Challenge } from './find-issuer.ts';
import type { SavedTokens } from './token-store.ts';

/** Why a server did not do what it was asked: it takes no such token (401), or the token's scopes are too few (403). */
export interface Refusal {
  readonly kind: 'token' | 'scope';
  readonly challenge: Challenge;
}

/** Where a fetch has its tokens from. */
export interface TokenSource {
  /** What a request is to carry; undefined for nothing. */
  current(): Promise<SavedTokens | undefined>;
  /** Told that the server took a token. */
  accepted(tokens: SavedTokens | undefined): void;
  /** Tokens that may do where others were refused. Throws where there can be none. */
  better(refusal: Refusal, refused: SavedTokens | undefined, signal: AbortSignal | undefined): Promise<SavedTokens>;
}

/** Times that one request is sent at most. */
const MAX_SENT = 4;

/** A fetch whose requests to one origin carry a token, and are sent again where the server wants a better one. */
export function authorizedFetch(next: FetchLike, origin: string, source: TokenSource): FetchLike {
  return async (target, init) => {
    if (new URL(target).origin !== origin) return await next(target, init);
    let tokens = await source.current();
    for (let sent = 1; ; sent++) {
      const response = await next(target, carrying(tokens, init));
      const refusal = refusalOf(response);
      if (refusal?.kind !== 'token') source.accepted(tokens);
      if (refusal === undefined || sent === MAX_SENT) return response;
      await response.body?.cancel();
      tokens = await source.better(refusal, tokens, init?.signal ?? undefined);
    }
  };
}

function carrying(tokens: SavedTokens | undefined, init: RequestInit | undefined): RequestInit | undefined {
  if (tokens === undefined) return init;
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${tokens.accessToken}`);
  return { ...init, headers };
}

/** What a server wants of the client (RFC 6750, 3), if anything. */
function refusalOf(response: Response): Refusal | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined;
  const { scope, resourceMetadataUrl, error } = extractWWWAuthenticateParams(response);
  const challenge = { scope, resourceMetadataUrl };
  if (response.status === 401) return { kind: 'token', challenge };
  return error === 'insufficient_scope' ? { kind: 'scope', challenge } : undefined;
}
