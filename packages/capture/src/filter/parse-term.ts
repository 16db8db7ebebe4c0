import { type FilterError, quoted, shortened } from './filter-error.ts';
import { FILTER_KEYS, type FilterKey, filterKeyNamed } from './filter-keys.ts';
import { type FilterScanner, inQuotes } from './filter-scanner.ts';
import type { FilterSide } from './filter-subject.ts';
import { type FilterTerm, type FilterValue, type KeyTerm, PATH_HEADS } from './filter-tree.ts';
import { keyMatcher } from './match-key.ts';
import { nearestWord } from './nearest-word.ts';
import { parsePath } from './parse-path.ts';
import { isBad } from './read-quantity.ts';

/** `https://…?a=1` is a word, neither a key nor a comparison. */
const URL_START = /^[a-z][a-z0-9+.-]*:\/\//;
const KEY = /[A-Za-z][\w-]*:(?!\/\/)/y;
const WORD = /[^\s()"]+/y;

/** Reads one term: a word, a regular expression, a key with values, or a comparison. */
export function parseTerm(scanner: FilterScanner): FilterTerm {
  const term = parseOne(scanner, takeSide(scanner));
  scanner.expectBreak();
  return term;
}

function parseOne(scanner: FilterScanner, side: FilterSide | undefined): FilterTerm {
  const { at, next } = scanner;
  if (next === '"') {
    const text = scanner.takeQuoted();
    if (text !== '') return { kind: 'word', side, text };
    throw scanner.error('There is nothing in these quotes; write what to search for', { at, length: 2 });
  }
  if (next === '/') return { kind: 'regex', side, ...scanner.takeRegex() };
  return parsePath(scanner, side) ?? (scanner.sees(KEY) ? parseKey(scanner, side) : parseWord(scanner, side));
}

function takeSide(scanner: FilterScanner): FilterSide | undefined {
  const { at } = scanner;
  const prefix = scanner.take(/re[qs]\./y);
  if (prefix === '') return undefined;
  const side = prefix === 'req.' ? 'req' : 'res';
  if (!scanner.isDone && !scanner.sees(/[\s()]/y)) return side;
  const message = `Nothing follows "${prefix}"; write what to look for on that side, as in ${prefix}forecast`;
  throw scanner.error(message, { at, length: prefix.length });
}

function parseWord(scanner: FilterScanner, side: FilterSide | undefined): FilterTerm {
  const { at } = scanner;
  const single = scanner.take(/'[^']*'/y);
  if (single !== '') {
    const message = `Quotes are double ones here: ${inQuotes(shortened(single.slice(1, -1)))}`;
    throw scanner.error(message, { at, length: single.length }, inQuotes(single.slice(1, -1)));
  }
  const text = scanner.take(WORD);
  const span = { at, length: text.length };
  const inPlace = `to search for the text, put it in quotes: ${inQuotes(shortened(text))}`;
  const comparison = /^([^=!<>~]*)(!=|>=|<=|=|>|<)(.*)$/s.exec(text);
  if (comparison === null || URL_START.test(text)) return { kind: 'word', side, text };
  const [, left = '', op = '', right = ''] = comparison;
  const meant = meantBy(left, op, right);
  const hint = meant === undefined ? '' : ` (did you mean ${shortened(meant)}?)`;
  throw scanner.error(
    `${left === '' ? `Nothing stands before ${op}` : `${quoted(left)} cannot be compared`}: a path begins with ${PATH_HEADS.join(', ')}${hint}; ${inPlace}`,
    span,
    meant ?? inQuotes(text),
  );
}

/** What was probably meant by a comparison of something that is no path. */
function meantBy(left: string, op: string, right: string): string | undefined {
  if (right === '') return undefined;
  if (op === '=' && filterKeyNamed(left) !== undefined) return `${left}:${right}`;
  const [head = '', ...rest] = left.split('.');
  const near = nearestWord(head, PATH_HEADS);
  if (near !== undefined && rest.length > 0) return `${[near, ...rest].join('.')}${op}${right}`;
  return /^\w+$/.test(left) ? `params.arguments.${left}${op}${right}` : undefined;
}

function parseKey(scanner: FilterScanner, side: FilterSide | undefined): KeyTerm {
  const { at } = scanner;
  const name = scanner.take(KEY).slice(0, -1);
  const key = filterKeyNamed(name);
  if (key === undefined) throw unknownKey(scanner, at, name);
  if (side !== undefined && !key.hasSides) {
    const message = `"${side}." cannot restrict "${name}:"; it goes before words, regular expressions, sizes and paths`;
    throw scanner.error(message, { at: at - side.length - 1, length: side.length + 1 }, '');
  }
  const values: FilterValue[] = [];
  do values.push(parseValue(scanner, key, side));
  while (scanner.take(/,/y) !== '');
  return { kind: 'key', side, key: key.name, values };
}

function parseValue(scanner: FilterScanner, key: FilterKey, side: FilterSide | undefined): FilterValue {
  const { at } = scanner;
  const isQuoted = scanner.next === '"';
  const text = isQuoted ? scanner.takeQuoted() : scanner.take(/[^\s(),"]+/y);
  if (text === '' && !isQuoted) {
    throw scanner.error(`A value is missing here, as in ${key.example}`, { at, length: 0 });
  }
  const value: FilterValue = { kind: 'text', text, isQuoted };
  const read = keyMatcher(key.name, value, side);
  if (!isBad(read)) return value;
  throw scanner.error(`${quoted(text)} ${read.problem}`, { at, length: scanner.at - at }, read.suggestion);
}

function unknownKey(scanner: FilterScanner, at: number, name: string): FilterError {
  const rest = scanner.take(/[^\s()"]*/y);
  const word = `${name}:${rest}`;
  const inPlace = `to search for the text, put it in quotes: ${inQuotes(shortened(word))}`;
  if (PATH_HEADS.some((head) => head === name)) {
    const message = `"${name}" begins a path, which is compared, as in ${name}.name=value; ${inPlace}`;
    return scanner.error(message, { at, length: name.length + 1 });
  }
  const near = nearestWord(
    name,
    FILTER_KEYS.map((key) => key.name),
  );
  const message = `I do not know the key ${quoted(name)}`;
  if (near !== undefined)
    return scanner.error(`${message} (did you mean "${near}"?)`, { at, length: name.length }, near);
  return scanner.error(`${message}; ${inPlace}`, { at, length: word.length }, inQuotes(word));
}
