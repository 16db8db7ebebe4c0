import type { Era } from '@mcp-dbg/protocol';
import { type ErrorReading, type ResultReading, memberText } from '@mcp-dbg/wire';

import { CoreError } from './errors.ts';
import { LONGEST_MS } from './features/patience.ts';
import type { Link } from './link.ts';
import { requestFailure } from './request-failure.ts';
import type { Answer } from './sdk-requests.ts';
import type { SdkTransport } from './sdk-transport.ts';

export interface RawOptions {
  /** Milliseconds for the answer. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Leaves the params as they are in the modern era too. */
  readonly bare?: boolean;
}

/** An answer, and the milliseconds that it took. */
export interface RawAnswer extends Answer {
  readonly ms: number;
}

/** A request that goes out as it stands. */
export interface RawRequest {
  readonly era: Era;
  readonly id: string;
  readonly method: string;
  /** JSON text on one line. */
  readonly params: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The message of a request, or of a notification where there is no id, as an exact text. */
export function rawMessage(id: string | undefined, method: string, params: string | undefined): string {
  const head = JSON.stringify({ jsonrpc: '2.0', ...(id !== undefined && { id }), method });
  return params === undefined ? head : `${head.slice(0, -1)},"params":${params}}`;
}

/**
 * Sends a request past the SDK, which refuses methods of the other era, and gives the answer and the milliseconds that it
 * took. A request that nobody waits for any more is cancelled. Throws CoreError, also where the answer is an error.
 */
export async function rawRequest(
  link: Link,
  transport: SdkTransport,
  { era, id, method, params, timeoutMs, signal }: RawRequest,
): Promise<RawAnswer> {
  if (signal?.aborted === true)
    throw new CoreError('INTERRUPTED', `${method} was interrupted`, { cause: signal.reason });
  const over = new AbortController();
  const text = rawMessage(id, method, params);
  const from = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const outcome = await new Promise<ResultReading | ErrorReading | { readonly cause: unknown }>((resolve) => {
    const fail = (cause: unknown): void => resolve({ cause });
    timer = setTimeout(() => fail({ code: 'REQUEST_TIMEOUT' }), Math.min(timeoutMs, LONGEST_MS));
    signal?.addEventListener('abort', () => fail(signal.reason), { signal: over.signal });
    void link.ended.then(() => fail(undefined));
    transport.sendPast({ id, text, signal: over.signal, onAnswer: resolve, onLost: fail }).catch(fail);
  });
  const ms = performance.now() - from;
  clearTimeout(timer);
  over.abort();
  if ('kind' in outcome && outcome.kind === 'result')
    return { value: outcome.result, text: memberText(outcome.text, 'result') ?? 'null', ms };
  const answer = 'kind' in outcome ? outcome : undefined;
  const cause = 'cause' in outcome ? outcome.cause : undefined;
  // In the modern era the end of its own stream cancels a request, where it has one (basic/patterns/cancellation).
  const isCancelled = era === 'modern' && link.hasStreams;
  if (answer === undefined && link.end === undefined) transport.giveUp(id, !isCancelled).catch(() => {});
  throw requestFailure(cause, { method, answer, end: link.end, timeoutMs, signal });
}
