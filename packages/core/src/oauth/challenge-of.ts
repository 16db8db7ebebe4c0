import { type FetchLike, extractWWWAuthenticateParams } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { reasonOf } from './bounded-fetch.ts';
import type { Challenge } from './find-issuer.ts';
import { safeUrl } from './safe-url.ts';

/** Milliseconds that a server may take to say whether it wants a token. */
const ANSWER_MS = 30_000;

/** What a server says to a request that carries no token (RFC 6750, 3); undefined where it asks for none. Throws {@link CoreError}. */
export async function challengeOf(
  server: string,
  next: FetchLike,
  signal: AbortSignal | undefined,
): Promise<Challenge | undefined> {
  const url = safeUrl(server, 'The server');
  const time = AbortSignal.timeout(ANSWER_MS);
  try {
    const response = await next(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      // Whether it is taken or refused, it changes nothing.
      body: JSON.stringify({ jsonrpc: '2.0', id: 'sign-in', method: 'ping' }),
      redirect: 'manual',
      signal: AbortSignal.any([time, ...(signal ? [signal] : [])]),
    });
    await response.body?.cancel();
    if (response.status !== 401) return undefined;
    const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(response);
    return { scope, resourceMetadataUrl };
  } catch (error) {
    signal?.throwIfAborted();
    const why = time.aborted ? `no answer within ${ANSWER_MS / 1000} s` : reasonOf(error);
    throw new CoreError('SIGN_IN_FAILED', `Cannot reach ${url.origin}: ${why}`, { cause: error });
  }
}
