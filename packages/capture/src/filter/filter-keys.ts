import { type FilterWord, FROM_WORDS, IS_WORDS, KIND_WORDS, LEVEL_WORDS, STATUS_WORDS } from './filter-words.ts';

/** What can stand before the colon of `key:value`. */
export type FilterKeyName =
  | 'is'
  | 'from'
  | 'kind'
  | 'status'
  | 'method'
  | 'tool'
  | 'server'
  | 'id'
  | 'n'
  | 'conn'
  | 'code'
  | 'era'
  | 'slower'
  | 'faster'
  | 'larger'
  | 'smaller'
  | 'after'
  | 'before'
  | 'level'
  | 'rule';

/**
 * How a key's value is read. `word`: one of a list. `pattern`: text, in which `*` stands for anything. `id`: a JSON-RPC
 * id; `7` is the number and the text, `"7"` the text only. `number`: a whole number. `range`: one or a range of them,
 * `7`, `7..9`, `7..`, `..9`. `duration`: a number and `us`, `ms`, `s`, `m` or `h`. `size`: a number of bytes, or of
 * `k`, `m`, in thousands. `time`: a duration since the start, or a date with or without a time in ISO 8601, in UTC
 * where it does not say otherwise. `version`: `legacy`, `modern`, or a protocol version, in which `*` stands for anything.
 */
export type FilterValueKind = 'word' | 'pattern' | 'id' | 'number' | 'range' | 'duration' | 'size' | 'time' | 'version';

/** One key of the filter language: what help and completion are made from. */
export interface FilterKey {
  readonly name: FilterKeyName;
  /** What it finds, in one line. */
  readonly meaning: string;
  readonly value: FilterValueKind;
  /** The words that it takes, where its value is a `word`. */
  readonly words: readonly FilterWord[];
  readonly example: string;
  /** Whether `req.` and `res.` can restrict it. */
  readonly hasSides: boolean;
}

/** Every key of the filter language, in the order of a help text. */
export const FILTER_KEYS: readonly FilterKey[] = [
  words('is', 'what it is, and how it went', IS_WORDS, 'is:error'),
  words('from', 'who began it', FROM_WORDS, 'from:server'),
  words('kind', 'what it is, as a log names it', KIND_WORDS, 'kind:notification'),
  words('status', 'how it went, as a log names it', STATUS_WORDS, 'status:lost'),
  key('method', 'the method', 'pattern', 'method:tools/*'),
  key('tool', 'the tool that is called', 'pattern', 'tool:get_*'),
  key('server', "the session's name of the server", 'pattern', 'server:weather'),
  key('id', "the request's id; a text only if it stands in quotes", 'id', 'id:7'),
  key('n', 'the number in the log, or a range of numbers', 'range', 'n:120..140'),
  key('conn', 'the connection, counted from 1', 'number', 'conn:2'),
  key('code', 'the code of an error', 'number', 'code:-32602'),
  key('era', 'the era or version of the protocol', 'version', 'era:modern'),
  key('slower', 'took this long or longer', 'duration', 'slower:200ms'),
  key('faster', 'was answered in less time', 'duration', 'faster:5ms'),
  key('larger', 'its larger side has this many bytes or more', 'size', 'larger:10k', true),
  key('smaller', 'its larger side has fewer bytes', 'size', 'smaller:200', true),
  key('after', 'began at this time or later', 'time', 'after:12s'),
  key('before', 'began earlier', 'time', 'before:2026-07-28T12:00:00Z'),
  words('level', 'has a finding of this level', LEVEL_WORDS, 'level:error'),
  key('rule', 'has a finding of this rule', 'pattern', 'rule:stdio/*'),
];

const BY_NAME: ReadonlyMap<string, FilterKey> = new Map(FILTER_KEYS.map((each) => [each.name, each]));

/** What is known of a key; undefined where there is none of that name. */
export function filterKeyNamed(name: string): FilterKey | undefined {
  return BY_NAME.get(name);
}

function key(
  name: FilterKeyName,
  meaning: string,
  value: Exclude<FilterValueKind, 'word'>,
  example: string,
  hasSides = false,
): FilterKey {
  return { name, meaning, value, words: [], example, hasSides };
}

function words(name: FilterKeyName, meaning: string, words: readonly FilterWord[], example: string): FilterKey {
  return { name, meaning, value: 'word', words, example, hasSides: false };
}
