import type { FetchLike } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { readBody } from '../http/read-body.ts';
import { safeUrl } from './safe-url.ts';

/** Bytes that a document of an authorization server may have; real ones have a few thousand. */
const MAX_BODY = 1 << 20;
/** Milliseconds that an authorization server may take for one answer. */
const ANSWER_MS = 30_000;

/**
 * A fetch for what is asked of authorization servers, whose URLs strangers chose: it goes nowhere but to a safe URL, takes
 * no body without end, waits no longer than 30 s, and leaves redirects to the caller. Throws {@link CoreError}.
 */
export function boundedFetch(next: FetchLike, signal: AbortSignal | undefined): FetchLike {
  return async (target, init = {}) => {
    const url = safeUrl(target, 'An address of the authorization server');
    return await inTime(url, signal, async (time) => {
      const both = AbortSignal.any([time, ...(init.signal ? [init.signal] : [])]);
      const response = await next(url, { redirect: 'manual', ...init, signal: both });
      const { status, statusText, headers } = response;
      return new Response(await bodyOf(response, url), { status, statusText, headers });
    });
  };
}

/** Asks an address, and waits no longer than 30 s. Throws {@link CoreError} where it cannot be reached, or the signal's reason. */
export async function inTime<T>(
  { origin }: URL,
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const time = AbortSignal.timeout(ANSWER_MS);
  try {
    return await ask(AbortSignal.any([time, ...(signal ? [signal] : [])]));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CoreError) throw error;
    const why = time.aborted ? `no answer within ${ANSWER_MS / 1000} s` : reasonOf(error);
    throw new CoreError('SIGN_IN_FAILED', `Cannot reach ${origin}: ${why}`, { cause: error });
  }
}

/** The whole body; null where there is none, as a response of some statuses must have. */
async function bodyOf(response: Response, { origin }: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return null;
  const { bytes, failure } = await readBody(response, MAX_BODY);
  if (bytes.length > MAX_BODY)
    throw new CoreError('UNSAFE_SIGN_IN', `${origin} sent more than ${MAX_BODY} bytes; that is no answer`);
  if (failure !== undefined) throw failure;
  return bytes;
}

/** What the network says lies in the cause of a fetch's error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
