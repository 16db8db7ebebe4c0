import { DEFAULT_TIMEOUT_MS } from './connection.ts';
import type { Answer, RequestOptions } from './sdk-requests.ts';
import { CoreError } from './errors.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './model.ts';
import { orAborted } from './or-aborted.ts';
import type { Live, Supervisor } from './supervisor.ts';
import { outputFault } from './output-check.ts';
import type { RoutedTool } from './tool-router.ts';

/**
 * What came of running a tool: its result, or why there is none, in words that a model or a person can use. `ms` are
 * the milliseconds from the request to its end, without the time that a person took to approve it; `n` is the number
 * of the request's frame.
 */
export type ToolOutcome =
  | {
      readonly kind: 'result';
      readonly isError: boolean;
      readonly answer: Answer;
      readonly ms: number;
      readonly n: number;
      /** How the result breaks the tool's own output schema; absent where it does not. */
      readonly outputFault?: string;
    }
  /** `ms` and `n` as for a result; absent when nothing was sent. `untouched` where the server did not get the call. */
  | {
      readonly kind: 'failed';
      readonly reason: ToolFailure;
      readonly message: string;
      readonly untouched?: boolean;
      readonly ms?: number;
      readonly n?: number;
    };

export type ToolFailure = 'invalid-arguments' | 'denied' | 'interrupted' | 'timeout' | 'lost' | 'server-down' | 'error';

export interface RunToolOptions extends RequestOptions {
  /** Asked before a tool runs that may change something, or whose server is not trusted. */
  readonly approve: (route: RoutedTool, args: JsonObject) => Promise<boolean>;
  /** Whether a harmless call that was lost with its server is sent a second time (true). */
  readonly repeats?: boolean;
  /** Milliseconds that the call waits for a server that is on its way back (60 000). */
  readonly readyMs?: number;
  /** Told that a call is sent a second time. */
  readonly onNotice: (message: string) => void;
}

/**
 * Runs one tool: checks the arguments against the tool's own schema, asks for approval, calls. Never throws: every
 * failure is an outcome. A call lost with its server is sent once more only where the tool says that this does no
 * harm and its server is trusted.
 */
export async function runTool(route: RoutedTool, args: JsonObject, options: RunToolOptions): Promise<ToolOutcome> {
  try {
    return await checkedAndApproved(route, args, options);
  } catch (error) {
    if (options.signal?.aborted === true) {
      return failed('interrupted', 'The user interrupted this call before it was made');
    }
    return failed(failureOf(error), text(error));
  }
}

async function checkedAndApproved(route: RoutedTool, args: JsonObject, options: RunToolOptions): Promise<ToolOutcome> {
  const { server, tool } = route;
  const wrong = (await route.check())(args);
  if (wrong !== undefined) {
    const why = `The arguments do not fit the tool's input schema, so it was not called: ${wrong}`;
    return failed('invalid-arguments', why);
  }
  const isHarmless = server.trusted && tool.readOnly;
  if (!isHarmless && !(await orAborted(() => options.approve(route, args), options.signal))) {
    return failed('denied', 'The user did not allow this call, so it was not made');
  }
  const first = await attempt(route, args, options);
  if (first.kind !== 'failed' || first.reason !== 'lost' || options.repeats === false) return first;
  const isUntouched = first.untouched === true;
  if (!isUntouched && !(server.trusted && (tool.readOnly || tool.idempotent))) return first;
  const what = `${JSON.stringify(tool.name)} of ${JSON.stringify(server.name)}`;
  const why = isUntouched
    ? 'the server did not get it'
    : 'it was lost with its server, and it says that it is safe to repeat';
  options.onNotice(`Calling ${what} once more: ${why}`);
  // Interrupted while it waits for the server, it is still the first call that was made.
  return await attempt(route, args, options).catch(() => first);
}

async function attempt({ server, tool }: RoutedTool, args: JsonObject, options: RunToolOptions): Promise<ToolOutcome> {
  const { connection } = await available(server, options);
  const signal = AbortSignal.any([server.stopped, ...(options.signal ? [options.signal] : [])]);
  const from = performance.now();
  let n: number | undefined;
  const onSent = (sent: number): void => void (n = sent);
  try {
    const params = { name: tool.name, arguments: args };
    const answer = await connection.request('tools/call', params, { onProgress: () => {}, ...options, signal, onSent });
    const ms = performance.now() - from;
    const isError = isObject(answer.value) && answer.value['isError'] === true;
    const fault = await outputFault(tool, answer.value);
    return { kind: 'result', isError, answer, ms, n: n ?? 0, ...(fault !== undefined && { outputFault: fault }) };
  } catch (error) {
    const isStopped = server.stopped.aborted && options.signal?.aborted !== true;
    const reason = isStopped ? 'server-down' : failureOf(error);
    const why = isStopped ? `The server ${JSON.stringify(server.name)} was stopped before it answered` : text(error);
    const untouched = !isStopped && error instanceof CoreError && error.untouched;
    const isKnown = reason === 'error' || untouched;
    return {
      ...failed(reason, isKnown ? why : `${why}; whether the call had an effect is not known`),
      ...(untouched && { untouched }),
      ms: performance.now() - from,
      ...(n !== undefined && { n }),
    };
  }
}

/** Waits for a server that is on its way back, but not for ever. */
async function available(server: Supervisor, { signal, readyMs = DEFAULT_TIMEOUT_MS }: RunToolOptions): Promise<Live> {
  const late = AbortSignal.timeout(readyMs);
  try {
    return await orAborted(() => server.ready(), AbortSignal.any([late, ...(signal ? [signal] : [])]));
  } catch (error) {
    if (!late.aborted || signal?.aborted === true) throw error;
    const message = `The server ${JSON.stringify(server.name)} was not back within ${readyMs / 1000} s, so the call was not made`;
    throw new CoreError('TIMEOUT', message);
  }
}

function failureOf(error: unknown): ToolFailure {
  if (!(error instanceof CoreError)) return 'error';
  switch (error.code) {
    case 'CONNECTION_LOST':
      return 'lost';
    case 'TIMEOUT':
      return 'timeout';
    case 'INTERRUPTED':
      return 'interrupted';
    case 'SERVER_DOWN':
    case 'CLOSED':
      return 'server-down';
    case 'SERVER_ERROR':
    case 'BAD_ANSWER':
    case 'NO_COMMON_VERSION':
    case 'BAD_SERVER':
    case 'UNKNOWN_TOOL':
    case 'UNKNOWN_SERVER':
    case 'NOT_OFFERED':
    case 'INPUT_REQUIRED':
    case 'BAD_TURNS':
    case 'UNAUTHORIZED':
    case 'SIGN_IN_NEEDED':
    case 'SIGN_IN_FAILED':
    case 'UNSAFE_SIGN_IN':
      return 'error';
  }
}

function failed(reason: ToolFailure, message: string): ToolOutcome {
  return { kind: 'failed', reason, message };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
