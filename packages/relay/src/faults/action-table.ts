// Long because it is a table: every action with what it means and how its value is read.
import { type FilterSide, nearestWord } from '@mcp-dbg/capture';

import { type BareName, CORRUPT_WORDS, ERA_WORDS, type FaultAction, type FaultName, ID_WORDS } from './fault-rule.ts';
import { type Refusal, isRefused, readSize, readTime, refusal } from './quantities.ts';

/** One action of fault rules: what help, docs and the reader are made from. */
export interface FaultActionRow {
  readonly name: FaultName;
  /** How it is written, such as `delay=TIME[±TIME]`. */
  readonly form: string;
  /** What it does, in one line. */
  readonly meaning: string;
  /** A value that can be given, with the name. */
  readonly example: string;
  /** The side of an exchange that it is for, unless the rule says otherwise. */
  readonly side: FilterSide;
  /** True where that holds for rules without a filter, too; others of them are for every frame. */
  readonly isSided: boolean;
  /** Reads what stands behind the `=`; undefined where there is none. */
  readonly read: (value: string | undefined) => FaultAction | Refusal;
}

type Read = FaultActionRow['read'];

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGABRT', 'SIGSEGV', 'SIGSTOP'] as const;

/** Frames that `reorder` can hold. */
const MAX_REORDER = 100;

/** Every action, in the order of a help text. */
export const FAULT_ACTIONS: readonly FaultActionRow[] = [
  row('delay', 'TIME[±TIME]', 'holds the frame; others flow past it', '2s±500ms', 'res', readDelay),
  row('stall', '[TIME]', 'lets nothing of this sender pass any more, or for that time', '3s', 'res', (value) =>
    value === undefined ? { kind: 'stall', ms: undefined } : made(readTime(value), (ms) => ({ kind: 'stall', ms })),
  ),
  row(
    'drip',
    'SIZE/TIME',
    'passes it on in pieces of that size, with that time after each',
    '10b/50ms',
    'res',
    readDrip,
  ),
  row('bandwidth', 'SIZE', 'passes it on with so many bytes a second', '32k', 'res', (value = '') =>
    made(readSize(value), (bytesPerSecond) => ({ kind: 'bandwidth', bytesPerSecond })),
  ),
  row('drop', '', 'passes nothing on', '', 'res', plain('drop')),
  row('dup', '', 'passes it on twice', '', 'res', plain('dup')),
  row('reorder', 'N', 'holds that many, a second at most, and passes the last on first', '3', 'res', (value = '') =>
    made(readCount(value, 2, MAX_REORDER), (count) => ({ kind: 'reorder', count })),
  ),
  row(
    'corrupt',
    CORRUPT_WORDS.join('|'),
    'damages it: one bit, a quote less, a byte that is no UTF-8, a brace less',
    'bit',
    'res',
    (value) => made(oneOf(CORRUPT_WORDS, value), (how) => ({ kind: 'corrupt', how })),
  ),
  row('truncate', 'SIZE', 'cuts it off after so many bytes, without a newline', '20b', 'res', (value = '') =>
    made(readSize(value), (bytes) => ({ kind: 'truncate', bytes })),
  ),
  row('glue', '', 'takes its newline away, so that the next frame stands on the same line', '', 'res', plain('glue')),
  row('crlf', '', 'ends its line with a carriage return, too', '', 'res', plain('crlf')),
  row('blank', '', 'puts a blank line before it', '', 'res', plain('blank')),
  row('bom', '', 'puts a byte order mark before it', '', 'res', plain('bom')),
  row('noise', 'TEXT', 'puts a line before it that is no message', '"Loading…"', 'res', (value) =>
    value === undefined ? refusal('needs the text of a line') : { kind: 'noise', text: unquoted(value) },
  ),
  row('big', 'SIZE', 'fills it up to that size with spaces between its tokens', '12MiB', 'res', (value = '') =>
    made(readSize(value), (bytes) => ({ kind: 'big', bytes })),
  ),
  row(
    'id',
    ID_WORDS.join('|'),
    'gives it another id: that of the answer before, of another open request, of the other type, null, one that nobody used',
    'bogus',
    'res',
    (value) => made(oneOf(ID_WORDS, value), (how) => ({ kind: 'id', how })),
    true,
  ),
  row(
    'error',
    'CODE[:TEXT]',
    'answers with an error instead; the request is not passed on',
    '-32603:"broken"',
    'req',
    readError,
  ),
  row(
    'toolerror',
    '[TEXT]',
    'answers a tool call with a failure of the tool instead',
    '"no such city"',
    'req',
    (value) => ({
      kind: 'toolerror',
      message: value === undefined ? undefined : unquoted(value),
    }),
  ),
  row(
    'kill',
    '[SIGNAL]',
    'ends the server with this signal (SIGKILL), at a request before it can answer',
    'SIGTERM',
    'req',
    (value = 'SIGKILL') => made(oneOf(SIGNALS, signalName(value)), (signal) => ({ kind: 'kill', signal })),
  ),
  row('exit', 'CODE', 'ends the server in the same way, as if it had exited with this code', '3', 'req', (value = '') =>
    made(readCount(value, 0, 255), (code) => ({ kind: 'exit', code })),
  ),
  row('eof', 'server|client', "closes one direction: the server's output, or its input", 'server', 'req', (value) =>
    made(oneOf(['server', 'client'] as const, value), (of) => ({ kind: 'eof', of })),
  ),
  row(
    'hang-exit',
    '',
    'has the server ignore the end of its input, and signals but SIGKILL',
    '',
    'req',
    plain('hang-exit'),
  ),
  row('stderr-flood', 'SIZE', 'writes so much to the stderr of the server', '1MiB', 'req', (value = '') =>
    made(readSize(value), (bytes) => ({ kind: 'stderr-flood', bytes })),
  ),
  row(
    'era',
    ERA_WORDS.join('|'),
    'answers server/discover: there is no such method, no such version, nothing',
    'legacy',
    'req',
    (value) => made(oneOf(ERA_WORDS, value), (how) => ({ kind: 'era', how })),
  ),
  row(
    'listchanged',
    '',
    'tells the client that the tools changed, in the way of its era',
    '',
    'res',
    plain('listchanged'),
  ),
];

const BY_NAME: ReadonlyMap<string, FaultActionRow> = new Map(FAULT_ACTIONS.map((each) => [each.name, each]));

/** What is known of an action; undefined where there is none of that name. */
export function actionNamed(name: string): FaultActionRow | undefined {
  return BY_NAME.get(name);
}

/** A value without the quotes around it. */
function unquoted(value: string): string {
  return value.replaceAll(/"((?:[^"\\]|\\[^])*)"/g, (_, body: string) => body.replaceAll(/\\(["\\])/g, '$1'));
}

function row(
  name: FaultName,
  value: string,
  meaning: string,
  example: string,
  side: FilterSide,
  read: Read,
  isSided = false,
): FaultActionRow {
  const form = value.startsWith('[')
    ? `${name}[=${value.slice(1)}`
    : [name, ...(value === '' ? [] : [value])].join('=');
  return { name, form, meaning, example: example === '' ? name : `${name}=${example}`, side, isSided, read };
}

/** Of an action that has no value. */
function plain(kind: BareName): Read {
  return (value) => (value === undefined ? { kind } : refusal(`is too much; write ${kind} alone`));
}

function made<Value>(read: Value | Refusal, make: (value: Value) => FaultAction): FaultAction | Refusal {
  return isRefused(read) ? read : make(read);
}

function oneOf<Word extends string>(words: readonly Word[], value: string | undefined): Word | Refusal {
  const typed = value ?? '';
  const word = words.find((each) => each.toLowerCase() === typed.toLowerCase());
  if (word !== undefined) return word;
  const lower = words.map((each) => each.toLowerCase());
  const near = words[lower.indexOf(nearestWord(typed, lower) ?? '')];
  return refusal(near === undefined ? `is none of ${words.join(', ')}` : `is unknown (did you mean "${near}"?)`, near);
}

function readCount(text: string, least: number, most: number): number | Refusal {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return count >= least && count <= most ? count : refusal(`is no whole number from ${least} to ${most}`);
}

function readDelay(value = ''): FaultAction | Refusal {
  const [time = '', jitter] = value.split(/±|\+-/);
  const ms = readTime(time);
  if (isRefused(ms)) return ms;
  if (jitter === undefined) return { kind: 'delay', ms, jitterMs: 0 };
  const jitterMs = readTime(jitter);
  if (isRefused(jitterMs)) return jitterMs;
  return jitterMs <= ms ? { kind: 'delay', ms, jitterMs } : refusal('varies by more than it lasts', `${time}±${time}`);
}

function readDrip(value = ''): FaultAction | Refusal {
  const [size = '', time = ''] = value.split('/');
  const bytes = readSize(size);
  if (isRefused(bytes)) return refusal('is no drip; write a size and a time, such as 10b/50ms', '10b/50ms');
  return made(readTime(time), (everyMs) => ({ kind: 'drip', bytes, everyMs }));
}

function readError(value = ''): FaultAction | Refusal {
  const [, code, message] = /^(-?\d{1,9})(?::([^]*))?$/.exec(value) ?? [];
  if (code === undefined) return refusal('is no error; write a code and a text, such as -32603:"broken"', '-32603');
  return { kind: 'error', code: Number(code), message: message === undefined ? undefined : unquoted(message) };
}

function signalName(value: string): string {
  return /^sig/i.test(value) ? value : `SIG${value}`;
}
