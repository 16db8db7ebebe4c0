import { eraOf } from '@mcp-dbg/protocol';

import { filterKeyNamed, type FilterKeyName } from './filter-keys.ts';
import type { Filter, FilterSide, FilterSubject } from './filter-subject.ts';
import type { FilterValue } from './filter-tree.ts';
import { messagesOf, memberOf } from './match-path.ts';
import { patternMatcher } from './match-text.ts';
import { nearestWord } from './nearest-word.ts';
import {
  bad,
  type BadValue,
  isBad,
  type Moment,
  readDuration,
  readInteger,
  readMoment,
  readRange,
  readSize,
} from './read-quantity.ts';

type Matcher = Filter['matches'];

/** What one value of a key finds, or why the value cannot be read. */
export function keyMatcher(key: FilterKeyName, value: FilterValue, side: FilterSide | undefined): Matcher | BadValue {
  const { text } = value;
  switch (key) {
    case 'is':
    case 'from':
    case 'kind':
    case 'status':
    case 'level':
      return ofWord(key, text);
    case 'method':
    case 'tool':
    case 'server':
      return ofField((subject) => subject[key], patternMatcher(value));
    case 'rule':
      return ofRule(patternMatcher(value));
    case 'id':
      return ofId(value);
    case 'n':
      return given(
        readRange(text),
        ({ from, to }) =>
          ({ n }) =>
            n !== undefined && n >= from && n <= to,
      );
    case 'conn':
      return given(
        readInteger(text),
        (number) =>
          ({ conn }) =>
            conn === number,
      );
    case 'code':
      return given(readInteger(text), ofCode);
    case 'era':
      return ofEra(value);
    case 'slower':
      return given(
        readDuration(text),
        (us) =>
          ({ ms }) =>
            ms !== undefined && ms * 1000 >= us,
      );
    case 'faster':
      return given(
        readDuration(text),
        (us) =>
          ({ ms }) =>
            ms !== undefined && ms * 1000 < us,
      );
    case 'larger':
      return given(readSize(text), (bytes) => (subject) => sizeOf(subject, side) >= Math.max(bytes, 1));
    case 'smaller':
      return given(readSize(text), (bytes) => (subject) => isBelow(sizeOf(subject, side), bytes));
    case 'after':
      return given(readMoment(text), (moment) => (subject) => timeSince(moment, subject) >= 0);
    case 'before':
      return given(readMoment(text), (moment) => (subject) => timeSince(moment, subject) < 0);
  }
}

function given<Value extends number | object>(
  read: Value | BadValue,
  matcher: (value: Value) => Matcher,
): Matcher | BadValue {
  return isBad(read) ? read : matcher(read);
}

function ofWord(key: FilterKeyName, text: string): Matcher | BadValue {
  const words = filterKeyNamed(key)?.words ?? [];
  const typed = text.toLowerCase();
  const word = words.find(({ name, also }) => name === typed || also.includes(typed));
  if (word !== undefined) return word.matches;
  const names = words.map(({ name }) => name);
  const near = nearestWord(typed, [...names, ...words.flatMap(({ also }) => also)]);
  return bad(
    `is no word that "${key}:" takes (${near === undefined ? `there are ${names.join(', ')}` : `did you mean "${near}"?`})`,
    near,
  );
}

function ofField(field: (subject: FilterSubject) => string | undefined, fits: (text: string) => boolean): Matcher {
  return (subject) => {
    const text = field(subject);
    return text !== undefined && fits(text);
  };
}

function ofRule(fits: (text: string) => boolean): Matcher {
  return (subject) => subject.findings().some(({ rule }) => fits(rule));
}

function ofId(value: FilterValue): Matcher {
  const fits = patternMatcher(value);
  return ({ id }) => {
    if (id === undefined) return false;
    if (!id.startsWith('"')) return !value.isQuoted && fits(id);
    return fits(textOfId(id));
  };
}

function textOfId(id: string): string {
  try {
    return String(JSON.parse(id));
  } catch {
    return id;
  }
}

function ofCode(code: number): Matcher {
  const hasCode = (message: unknown): boolean => memberOf(memberOf(message, 'error'), 'code') === code;
  return (subject) => messagesOf(subject, 'res').some(hasCode) || messagesOf(subject, 'req').some(hasCode);
}

function ofEra(value: FilterValue): Matcher | BadValue {
  const typed = value.text.toLowerCase();
  if (typed === 'legacy' || typed === 'modern') {
    return ofField(
      ({ version }) => version,
      (version) => eraOf(version) === typed,
    );
  }
  if (/^\d{4}-\d{2}-\d{2}$|^[\d-]*\*[\d*-]*$/.test(typed)) {
    return ofField(({ version }) => version, patternMatcher(value));
  }
  if (/^\d{4}(?:-\d{2})?$/.test(typed)) return bad(`is no version (did you mean "${typed}-*"?)`, `${typed}-*`);
  const near = nearestWord(typed, ['legacy', 'modern']);
  if (near !== undefined) return bad(`is no era (did you mean "${near}"?)`, near);
  return bad('is no era; write legacy, modern, or a version such as 2026-07-28');
}

/** Bytes of a side, of the larger one where none is named; 0 where there is none. */
export function sizeOf({ requestBytes, answerBytes }: FilterSubject, side: FilterSide | undefined): number {
  if (side === undefined) return Math.max(requestBytes, answerBytes);
  return side === 'req' ? requestBytes : answerBytes;
}

function isBelow(size: number, bytes: number): boolean {
  return size > 0 && size < bytes;
}

/** How long after a moment the subject began, in a unit of either sort; NaN where that is unknown. */
function timeSince(moment: Moment, { us, openedAt }: FilterSubject): number {
  if ('us' in moment) return us - moment.us;
  return openedAt === undefined ? Number.NaN : Date.parse(openedAt) + us / 1000 - moment.epochMs;
}
