import type { JsonObject } from '@mcp-dbg/core';

import { oneLine } from './one-line.ts';
import type { Matches } from './pattern-matcher.ts';

/** The formats that are checked, and what a person is told of them. Other formats are the server's to judge. */
const FORMATS: Readonly<Record<string, readonly [fits: (text: string) => boolean, such: string]>> = {
  email: [(text) => /^[^\s@]+@[^\s@]+$/.test(text), 'an email address, such as ann@example.org'],
  uri: [(text) => /^[a-z][a-z\d+.-]*:\S*$/i.test(text) && URL.canParse(text), 'a URI, such as https://example.org/'],
  date: [isDate, 'a date, such as 2026-07-28'],
  'date-time': [isDateTime, 'a date and time, such as 2026-07-28T12:00:00Z'],
  uuid: [(text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text), 'a UUID'],
};

/** What is wrong with a text by a schema's keywords for texts, as `must …`; undefined where nothing is. */
export function textFault(text: string, schema: JsonObject, matches: Matches): string | undefined {
  const { minLength, maxLength, pattern, format } = schema;
  const characters = Array.from(text).length;
  if (typeof minLength === 'number' && characters < minLength) return `must have at least ${counted(minLength)}`;
  if (typeof maxLength === 'number' && characters > maxLength)
    return `must have at most ${counted(maxLength)}, not ${characters}`;
  const [fits, such] = (typeof format === 'string' && Object.hasOwn(FORMATS, format) && FORMATS[format]) || [];
  if (fits?.(text) === false) return `must be ${such ?? ''}`;
  if (typeof pattern === 'string' && !matches(pattern, text)) return `must match the pattern ${oneLine(pattern, 200)}`;
  return undefined;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // The 30th of February would be read as a day in March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const [, date = '', time = ''] = /^(\S{10})[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))$/.exec(text) ?? [];
  return isDate(date) && !Number.isNaN(Date.parse(`${date}T${time.toUpperCase()}`));
}

function counted(characters: number): string {
  return characters === 1 ? '1 character' : `${characters} characters`;
}
