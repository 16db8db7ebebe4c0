import type { ErrorReading, ResultReading } from '@mcp-dbg/wire';

import { describeEnd } from './describe-end.ts';
import { CoreError } from './errors.ts';
import { isObject } from './json.ts';
import type { ConnectionEnd } from './server-events.ts';

/** What is known of a request that failed. */
export interface FailedRequest {
  readonly method: string;
  /** What the server answered, if it did. */
  readonly answer: ResultReading | ErrorReading | undefined;
  readonly end: ConnectionEnd | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Says why a request failed: by the server's own error, by us, by time, by the server's end, or by its answer. */
export function requestFailure(cause: unknown, { method, answer, end, timeoutMs, signal }: FailedRequest): CoreError {
  if (answer?.kind === 'error') {
    const rpc = answer.error;
    const said = isObject(rpc) ? `${String(rpc['code'])}: ${String(rpc['message'])}` : 'of no known shape';
    return new CoreError('SERVER_ERROR', `The server answered ${method} with error ${said}`, { rpc });
  }
  if (signal?.aborted === true) return new CoreError('INTERRUPTED', `${method} was interrupted`, { cause });
  if (isObject(cause) && cause['code'] === 'REQUEST_TIMEOUT') {
    const message = `The server did not answer ${method} within ${timeoutMs / 1000} s`;
    return new CoreError('TIMEOUT', message, { cause });
  }
  const untouched = cause instanceof CoreError && cause.untouched;
  if (end !== undefined) {
    const message = `The server ended before it answered ${method}: ${describeEnd(end)}`;
    return new CoreError('CONNECTION_LOST', message, { cause, untouched });
  }
  // The link says best what became of a request that it carried.
  if (cause instanceof CoreError) return cause;
  // A request of another era than the connection's fails before it is sent.
  const what = answer === undefined ? `Cannot ask the server ${method}` : `Cannot use the server's answer to ${method}`;
  return new CoreError('BAD_ANSWER', `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
