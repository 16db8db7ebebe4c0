import type { FilterSubject } from './filter-subject.ts';

/** Milliseconds from which on an exchange `is:slow`. */
const SLOW_MS = 1000;

/** One word that a key takes as its value. */
export interface FilterWord {
  readonly name: string;
  /** Other ways to write it. */
  readonly also: readonly string[];
  /** What it finds, in one line. */
  readonly meaning: string;
  readonly matches: (subject: FilterSubject) => boolean;
}

type Matches = FilterWord['matches'];

const ofKind =
  (kind: FilterSubject['kind']): Matches =>
  (subject) =>
    subject.kind === kind;

const ofStatus =
  (status: FilterSubject['status']): Matches =>
  (subject) =>
    subject.status === status;

const ofSender =
  (from: FilterSubject['from']): Matches =>
  (subject) =>
    subject.from === from;

const ofLevel =
  (level: 'error' | 'warning' | 'info'): Matches =>
  (subject) =>
    subject.findings().some((finding) => finding.level === level);

/** Those of `kind:`. */
export const KIND_WORDS: readonly FilterWord[] = [
  word('request', 'a request, with its answer', ofKind('request')),
  word('notification', 'a message that wants no answer', ofKind('notification')),
  word('response', 'an answer that stands alone', ofKind('response')),
  word('batch', 'several messages in one frame', ofKind('batch')),
  word('noise', 'a line that is no JSON-RPC', ofKind('noise')),
  word('stderr', "a line of the server's stderr", ofKind('stderr')),
  word('event', 'the start or end of a process, a fault, a gap in the capture', ofKind('event')),
];

/** Those of `status:`. */
export const STATUS_WORDS: readonly FilterWord[] = [
  word('ok', 'answered with a result', ofStatus('ok')),
  word('error', 'answered with an error', ofStatus('error')),
  word('tool-error', 'answered with the result of a tool that failed', ofStatus('tool-error'), 'toolerror'),
  word('pending', 'not answered yet', ofStatus('pending')),
  word('lost', 'not answered when the server ended', ofStatus('lost')),
  word('cancelled', 'called off', ofStatus('cancelled'), 'canceled'),
  word('orphan', 'an answer that no request waits for', ofStatus('orphan')),
];

/** Those of `is:`: the kinds, the statuses, and more. */
export const IS_WORDS: readonly FilterWord[] = [
  ...KIND_WORDS.map((each) => withShort(each)),
  ...STATUS_WORDS,
  word('late', 'an answer after the request was called off, or of one that was settled before', isLate),
  word('slow', 'took a second or longer', ({ ms }) => ms !== undefined && ms >= SLOW_MS),
  word('probe', "only finds out the server's era", ({ isProbe }) => isProbe),
  word('injected', 'bytes that mcp-dbg made or changed, and what it did to the traffic', ({ isOurs }) => isOurs),
  word('fault', 'a fault that was put in on purpose', ({ isFault }) => isFault),
];

/** Those of `from:`. */
export const FROM_WORDS: readonly FilterWord[] = [
  word('client', 'the client', ofSender('client')),
  word('server', 'the server', ofSender('server')),
  word('stderr', "the server's stderr", ofSender('stderr')),
];

/** Those of `level:`. */
export const LEVEL_WORDS: readonly FilterWord[] = [
  word('error', 'a breach of what the specification demands', ofLevel('error')),
  word('warning', 'a breach of what it asks for', ofLevel('warning')),
  word('info', 'worth knowing', ofLevel('info')),
];

function word(name: string, meaning: string, matches: Matches, ...also: readonly string[]): FilterWord {
  return { name, also, meaning, matches };
}

function withShort(kind: FilterWord): FilterWord {
  const short: Readonly<Record<string, string>> = { request: 'req', notification: 'ntf', response: 'res' };
  const also = short[kind.name];
  return also === undefined ? kind : { ...kind, also: [also] };
}

function isLate({ kind, status, method, answerBytes }: FilterSubject): boolean {
  // An answer that stands alone bears a method only if it belongs to a request.
  return (status === 'cancelled' && answerBytes > 0) || (kind === 'response' && method !== undefined);
}
