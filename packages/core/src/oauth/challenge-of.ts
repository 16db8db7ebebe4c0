import { type FetchLike, extractWWWAuthenticateParams } from '@modelcontextprotocol/client';

import { inTime } from './bounded-fetch.ts';
import type { Challenge } from './find-issuer.ts';
import { safeUrl } from './safe-url.ts';

/** What a server says to a request that carries no token (RFC 6750, 3); undefined where it asks for none. Throws {@link CoreError}. */
export async function challengeOf(
  server: string,
  next: FetchLike,
  signal: AbortSignal | undefined,
): Promise<Challenge | undefined> {
  const url = safeUrl(server, 'The server');
  return await inTime(url, signal, async (time) => {
    const response = await next(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      // Whether it is taken or refused, it changes nothing.
      body: JSON.stringify({ jsonrpc: '2.0', id: 'sign-in', method: 'ping' }),
      redirect: 'manual',
      signal: time,
    });
    await response.body?.cancel();
    if (response.status !== 401) return undefined;
    const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(response);
    return { scope, resourceMetadataUrl };
  });
}
