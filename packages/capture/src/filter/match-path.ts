import type { Filter, FilterSide, FilterSubject } from './filter-subject.ts';
import type { FilterRegex, FilterValue, PathOp, PathStep, PathTerm } from './filter-tree.ts';
import { MAX_REGEX_TEXT, patternMatcher, type TextMatcher, userRegexMatcher, wordMatcher } from './match-text.ts';

type ValueMatcher = (value: unknown) => boolean;

/** A number as JSON writes it. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * What a comparison says of a subject: whether any value that the path leads to, in a message of either side, compares
 * as it says. `!=` holds where the path leads somewhere and no value is equal.
 */
export function pathMatcher({ side, head, steps, op, value }: PathTerm): Filter['matches'] {
  const fits = op === '!=' ? undefined : comparison(op, value);
  const equals = fits ?? comparison('=', value);
  return (subject) => {
    const found: unknown[] = [];
    for (const each of side === undefined ? SIDES : [side]) {
      for (const message of messagesOf(subject, each)) {
        const start = head === 'msg' ? message : memberOf(message, head);
        if (start !== undefined) found.push(start);
      }
    }
    const values = walk(found, steps);
    return fits === undefined ? values.length > 0 && !values.some(equals) : values.some(fits);
  };
}

const SIDES: readonly FilterSide[] = ['req', 'res'];

/** The messages of one side: those of a batch, or the one that there is. */
export function messagesOf(subject: FilterSubject, side: FilterSide): readonly unknown[] {
  const value = subject.value(side);
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

/** A member of an object, or an item of an array; undefined where there is none. */
export function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && !/^\d+$/.test(key)) return undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function walk(start: readonly unknown[], steps: readonly PathStep[]): readonly unknown[] {
  let values = start;
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of values) {
      if (step.kind === 'any') {
        for (const item of itemsOf(value)) next.push(item);
      } else {
        const member = memberOf(value, step.key);
        if (member !== undefined) next.push(member);
      }
    }
    values = next;
  }
  return values;
}

function itemsOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? value : Object.values(value);
}

function comparison(op: Exclude<PathOp, '!='>, value: PathTerm['value']): ValueMatcher {
  if (value.kind === 'regex') return somewhere(value);
  switch (op) {
    case '=':
      return equality(value);
    case '~':
      return anyScalar(wordMatcher(value.text));
    case '>':
      return order(value, (difference) => difference > 0);
    case '>=':
      return order(value, (difference) => difference >= 0);
    case '<':
      return order(value, (difference) => difference < 0);
    case '<=':
      return order(value, (difference) => difference <= 0);
  }
}

/** A value in quotes is equal to text only; any other also to the number, the truth value or the null that it reads as. */
function equality(value: FilterValue): ValueMatcher {
  const fits = patternMatcher(value);
  if (value.isQuoted) return (found) => typeof found === 'string' && fits(found);
  const number = JSON_NUMBER.test(value.text) ? Number(value.text) : undefined;
  return (found) => {
    if (typeof found === 'number' && number !== undefined) return found === number;
    const text = scalarText(found);
    return text !== undefined && fits(text);
  };
}

/** Orders numbers with a number, and text with any other value, by its UTF-16 units. */
function order(value: FilterValue, holds: (difference: number) => boolean): ValueMatcher {
  if (!value.isQuoted && JSON_NUMBER.test(value.text)) {
    const number = Number(value.text);
    return (found) => typeof found === 'number' && holds(compare(found, number));
  }
  return (found) => typeof found === 'string' && holds(compare(found, value.text));
}

function compare<Value extends number | string>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Applies a regular expression to each text in a value, to {@link MAX_REGEX_TEXT} of them together. */
function somewhere(regex: FilterRegex): ValueMatcher {
  const fits = userRegexMatcher(regex);
  return (found) => {
    let left = MAX_REGEX_TEXT;
    return anyScalar((text) => {
      if (left === 0) return false;
      const piece = text.slice(0, left);
      left -= piece.length;
      return fits(piece);
    })(found);
  };
}

/** Whether a value, or any in it, is text, a number, a truth value or null that fits. */
function anyScalar(fits: TextMatcher): ValueMatcher {
  return (found) => {
    // A list of what is left, not recursion: the depth is a stranger's choice.
    const left = [found];
    while (left.length > 0) {
      const value = left.pop();
      const text = scalarText(value);
      if (text !== undefined && fits(text)) return true;
      if (text === undefined) for (const item of itemsOf(value)) left.push(item);
    }
    return false;
  };
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? String(value) : undefined;
}
