import type { IdText } from '@mcp-dbg/wire';

import { errorText } from '../message-text.ts';
import { plainText } from '../plain-text.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { ServerEnd } from '../server-end.ts';

/** JSON-RPC's "internal error": the one code of all eras and SDKs that means nothing else. */
const INTERNAL_ERROR = -32603;
/** Characters of the server's last words that a sentence takes, and the data of an error. */
const MAX_WORDS = 300;
const MAX_STDERR = 2000;

/** The request that is answered in the server's place. */
interface Unanswered {
  readonly id: IdText;
  readonly method: string;
}

/** Why a server's process ended: by itself, or for a reload that somebody wanted. */
export type EndCause = { readonly kind: 'crash' } | { readonly kind: 'restart'; readonly reason: string };

/** How an end reads in a sentence, such as `exit code 1` or `signal SIGKILL`. */
function howItEnded({ exit, isByFault = false }: Pick<ServerEnd, 'exit' | 'isByFault'>): string {
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  return isByFault ? `${how}, by a fault made on purpose` : how;
}

/** Why a server that failed to start too often is left alone, and when it is tried again: in so many milliseconds. */
export function restingSentence(ms: number, last: ServerEnd | undefined): string {
  const again = ms <= 0 ? 'the next request' : `the next request after ${Math.ceil(ms / 1000)} s`;
  return `The server failed to start again and again${howLast(last)}; ${again} tries once more`;
}

/** Why a request that waited for a server is given up after so many milliseconds. */
export function lateSentence(ms: number, last: ServerEnd | undefined): string {
  return `The server is not back after ${ms / 1000} s${howLast(last)}; ask again later`;
}

function howLast(last: ServerEnd | undefined): string {
  return last === undefined
    ? ''
    : ` (last: ${howItEnded(last)}; ${last.stderr === undefined ? 'no stderr' : plainText(last.stderr, MAX_WORDS)})`;
}

/** Answers a request that the server's process took with it. `comesBack`: another process will take its place. */
export function lostAnswer(
  { id, method }: Unanswered,
  end: ServerEnd,
  cause: EndCause,
  comesBack: boolean,
): RelayFrame {
  const what =
    cause.kind === 'crash'
      ? `The server ended (${howItEnded(end)}) before it answered ${method}; ${lastWords(end)}${comesBack ? '. It is being restarted' : ''}`
      : `The server was restarted (${cause.reason}) before it answered ${method}`;
  const effect = method === 'tools/call' ? 'whether the call had an effect is not known' : 'ask again';
  return RelayFrame.ours(
    'server',
    errorText(id, { code: INTERNAL_ERROR, message: `${what}; ${effect}`, data: dataOf(method, end) }),
  );
}

/** Answers a request whose answer a fault kept from the client, when the process that may have given it is gone. */
export function faultedAnswer({ id, method }: Unanswered, end: ServerEnd): RelayFrame {
  const message = `The server ended (${howItEnded({ exit: end.exit })}) before its answer to ${method} was passed on, by a fault made on purpose; ask again`;
  return RelayFrame.ours('server', errorText(id, { code: INTERNAL_ERROR, message, data: dataOf(method, end) }));
}

/** Answers a request that no process of the server was there for. `why` is a whole sentence. */
export function notThereAnswer({ id, method }: Unanswered, why: string, end: ServerEnd | undefined): RelayFrame {
  const data = end === undefined ? { method } : dataOf(method, end);
  return RelayFrame.ours('server', errorText(id, { code: INTERNAL_ERROR, message: why, data }));
}

function dataOf(method: string, { exit, uptimeMs, stderr, pid }: ServerEnd): Readonly<Record<string, unknown>> {
  return {
    exitCode: exit.code,
    signal: exit.signal,
    uptimeMs: Math.round(uptimeMs),
    stderr: stderr === undefined ? null : plainText(stderr, MAX_STDERR),
    method,
    pid,
  };
}

function lastWords({ stderr }: ServerEnd): string {
  return stderr === undefined ? 'it wrote nothing to stderr' : `its last words: ${plainText(stderr, MAX_WORDS)}`;
}
