import { FilterError } from './filter-error.ts';
import { FilterScanner, inQuotes, type Span } from './filter-scanner.ts';
import type { FilterNode, FilterTree } from './filter-tree.ts';
import { parseTerm } from './parse-term.ts';

/** Characters that a filter may have. */
const MAX_FILTER_LENGTH = 10_000;

/** How deep groups and `not` may stand in one another. */
const MAX_FILTER_DEPTH = 100;

const AND = /(?:and|AND)(?=[\s()]|$)/y;
const OR = /(?:or|OR)(?=[\s()]|$)/y;
const NOT = /(?:not|NOT)(?=[\s()]|$)/y;
const JOINS = /(?:and|AND|or|OR)(?=[\s()]|$)/y;

/** How other languages write what ours has words for. */
const FOREIGN: Readonly<Record<string, string>> = { '&': 'and', '&&': 'and', '|': 'or', '||': 'or', '!': 'not ' };

/**
 * Reads a filter. From what binds least to what binds most: `or`; `and`, which may be left out; `not`, or `-` in front;
 * `( )`; terms: a word, `"words in quotes"`, `/regex/i`, `key:value,value` (see `FILTER_KEYS`), and a comparison of what
 * stands in the message, `params.arguments.city=Paris`, with `= != > >= < <=` and `~` (contains a word, or fits a
 * `/regex/`). A path begins with `params`, `result`, `error` or `msg`; `[]` or `*` leads to every item. `req.` or `res.`
 * in front restricts a word, a regex, a size or a path to one side. Empty text matches everything.
 *
 * Case counts where a word or value has an upper-case letter. In a value `*` stands for anything; in quotes it is a star.
 * A path's value is compared as the number, truth value or null that it reads as, and as text; in quotes, as text only.
 * `!=` wants something to be there; `not params.x=1` also finds what has no `x`.
 *
 * Throws a {@link FilterError}, and nothing else, for text that is no filter, is longer than 10,000 characters or
 * nests deeper than 100.
 */
export function parseFilter(text: string): FilterTree {
  if (text.length > MAX_FILTER_LENGTH) {
    const tooMuch = text.length - MAX_FILTER_LENGTH;
    throw new FilterError(
      `A filter has at most ${MAX_FILTER_LENGTH} characters; this is more`,
      MAX_FILTER_LENGTH,
      tooMuch,
    );
  }
  const scanner = new FilterScanner(text);
  scanner.skipSpace();
  if (scanner.isDone) return { kind: 'all' };
  const tree = parseOr(scanner, 0, undefined);
  if (scanner.isDone) return tree;
  throw scanner.error(
    'This parenthesis closes nothing; take it away, or open one before it',
    { at: scanner.at, length: 1 },
    '',
  );
}

/** `after` is what the operand that comes next belongs to, for the error where there is none. */
function parseOr(scanner: FilterScanner, depth: number, after: Span | undefined): FilterNode {
  const terms = [parseAnd(scanner, depth, after)];
  for (let or = takeWord(scanner, OR); or !== undefined; or = takeWord(scanner, OR)) {
    terms.push(parseAnd(scanner, depth, or));
  }
  return joined('or', terms);
}

function parseAnd(scanner: FilterScanner, depth: number, after: Span | undefined): FilterNode {
  const terms = [parseUnary(scanner, depth, after)];
  for (;;) {
    scanner.skipSpace();
    if (scanner.isDone || scanner.next === ')' || scanner.sees(OR)) return joined('and', terms);
    const and = takeWord(scanner, AND);
    terms.push(parseUnary(scanner, depth, and));
  }
}

function parseUnary(scanner: FilterScanner, depth: number, after: Span | undefined): FilterNode {
  scanner.skipSpace();
  const at = scanner.at;
  expectOperand(scanner, after);
  if (depth > MAX_FILTER_DEPTH) {
    const message = `Groups and "not" stand more than ${MAX_FILTER_DEPTH} deep in one another here; write it flatter`;
    throw scanner.error(message, { at, length: 1 });
  }
  const not = takeWord(scanner, NOT);
  if (not !== undefined) return { kind: 'not', term: parseUnary(scanner, depth + 1, not) };
  if (scanner.take(/-/y) !== '') {
    if (scanner.isDone || scanner.sees(/[\s)]/y)) {
      throw scanner.error('"-" stands directly before what it excludes, as in -is:ok', { at, length: 1 });
    }
    return { kind: 'not', term: parseUnary(scanner, depth + 1, { at, length: 1 }) };
  }
  if (scanner.take(/\(/y) !== '') return parseGroup(scanner, depth + 1, { at, length: 1 });
  return parseTerm(scanner);
}

function parseGroup(scanner: FilterScanner, depth: number, open: Span): FilterNode {
  scanner.skipSpace();
  if (scanner.next === ')') {
    const length = scanner.at + 1 - open.at;
    throw scanner.error('There is nothing in these parentheses; take them away', { at: open.at, length }, '');
  }
  const node = parseOr(scanner, depth, open);
  if (scanner.take(/\)/y) === '') throw scanner.error('This parenthesis is never closed; put ) at the end', open);
  return node;
}

/** Something has to come that can be searched for. */
function expectOperand(scanner: FilterScanner, after: Span | undefined): void {
  const { at } = scanner;
  const foreign = scanner.sees(/(?:&&?|\|\|?)(?=[\s()]|$)|!/y) ? scanner.take(/&&?|\|\|?|!/y) : '';
  if (foreign !== '') {
    const ours = FOREIGN[foreign] ?? '';
    const message = `Write "${ours.trim()}" for "${foreign}", or put it in quotes to search for it`;
    throw scanner.error(message, { at, length: foreign.length }, ours);
  }
  if (scanner.sees(JOINS)) {
    const word = scanner.take(JOINS);
    const message = `"${word}" has nothing before it; to search for the word, put it in quotes: "${word}"`;
    throw scanner.error(message, { at, length: word.length }, inQuotes(word));
  }
  if (!scanner.isDone && scanner.next !== ')') return;
  const place = after ?? { at, length: 1 };
  const word = scanner.text.slice(place.at, place.at + place.length);
  if (after === undefined) throw scanner.error('This parenthesis closes nothing; take it away', place, '');
  if (word === '(') throw scanner.error('This parenthesis is never closed, and nothing follows it', place);
  throw scanner.error(
    `Nothing follows "${word}"; to search for the word, put it in quotes: "${word}"`,
    place,
    inQuotes(word),
  );
}

function takeWord(scanner: FilterScanner, word: RegExp): Span | undefined {
  scanner.skipSpace();
  const { at } = scanner;
  const { length } = scanner.take(word);
  return length > 0 ? { at, length } : undefined;
}

function joined(kind: 'and' | 'or', terms: readonly FilterNode[]): FilterNode {
  const [only] = terms;
  return only !== undefined && terms.length === 1 ? only : { kind, terms };
}
