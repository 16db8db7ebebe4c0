import type { JsonObject } from '@mcp-dbg/core';
import stringWidth from 'string-width';

import { nearestWord } from '../../nearest-word.ts';
import { visible } from '../../render/visible.ts';
import { listOf, resolveSchema } from '../../schema/resolve-schema.ts';
import { oneLine } from './one-line.ts';

/** One value to choose. */
export interface Choice {
  readonly value: unknown;
  /** How it is shown: on one line and safe to print. */
  readonly shown: string;
  readonly title: string | undefined;
  /** What can be typed for it; undefined where it has hidden characters, or is typed as another one is. */
  readonly typed: string | undefined;
}

/** Schemas of a `oneOf` that are read, choices that are listed, and the width of the list in columns. */
const MAX_WAYS = 10_000;
const MAX_LISTED = 100;
const WIDTH = 78;

/** Characters of a value and of its title that a list shows. */
const MAX_SHOWN = 60;

/** The values that a resolved schema lists by `const`, `enum`, or a `oneOf` of these; undefined where it lists none. */
export function choicesOf(told: JsonObject, root: unknown, isNullable: boolean): readonly Choice[] | undefined {
  const { oneOf, anyOf } = told;
  const ways = Array.isArray(oneOf) ? oneOf : anyOf;
  const listed =
    valuesOf(told) ??
    (Array.isArray(ways) && ways.length <= MAX_WAYS
      ? together(ways.map((way) => valuesOf(resolveSchema(way, root))))
      : undefined);
  if (listed === undefined) return undefined;
  const all = isNullable && !listed.some(({ value }) => value === null) ? [...listed, { value: null }] : listed;
  const texts = all.map(({ value, title }) => {
    const text = typeof value === 'string' && value !== '' ? value : (JSON.stringify(value) ?? '');
    return { value, text, title: typeof title === 'string' && title !== '' ? oneLine(title, MAX_SHOWN) : undefined };
  });
  const counts = new Map<string, number>();
  for (const { text } of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.map(({ value, text, title }) => {
    const canBeTyped = counts.get(text) === 1 && visible(text) === text && text.trim() === text;
    return { value, shown: oneLine(text, MAX_SHOWN), title, typed: canBeTyped ? text : undefined };
  });
}

/** The list that a person chooses from: in columns where there are no titles, and cut where it is long. */
export function choiceList(choices: readonly Choice[]): string {
  const mark = numberMark(choices);
  const listed = choices.slice(0, MAX_LISTED).map(({ shown, title }, index) => {
    const named = title === undefined || title === shown ? shown : `${shown} (${title})`;
    return `${`${mark}${index + 1}`.padStart(mark.length + String(Math.min(choices.length, MAX_LISTED)).length)} ${named}`;
  });
  const more = choices.length - listed.length;
  return [
    ...inColumns(listed),
    ...(more > 0 ? [`    … and ${more} more; Tab lists those that go on as typed`] : []),
  ].join('\n');
}

/** The choice that an answer means, by its number or its value; else what is wrong with it. */
export function choose(
  answer: string,
  choices: readonly Choice[],
): { readonly value: unknown } | { readonly fault: string } {
  const typed = answer.trim();
  const named = choices.find((each) => each.typed === typed);
  if (named !== undefined) return { value: named.value };
  const mark = numberMark(choices);
  const [, digits] = /^#?(\d{1,6})$/.exec(typed) ?? [];
  const numbered = digits !== undefined && typed.startsWith(mark) ? choices[Number(digits) - 1] : undefined;
  if (numbered !== undefined) return { value: numbered.value };
  const near = nearestWord(typed.slice(0, MAX_SHOWN), wordsOf(choices).filter(isShort).slice(0, 1000));
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  return {
    fault: `must be one of the list, by its number (${mark}1 to ${mark}${choices.length}) or its value${meant}`,
  };
}

/** What can be typed for the choices. */
export function wordsOf(choices: readonly Choice[]): readonly string[] {
  return choices.flatMap(({ typed }) => (typed === undefined ? [] : [typed]));
}

function isShort(word: string): boolean {
  return word.length <= MAX_SHOWN;
}

/** Where values are numbers themselves, a place in the list is written as `#1`. */
function numberMark(choices: readonly Choice[]): string {
  return choices.some(({ typed }) => typed !== undefined && /^#?\d+$/.test(typed)) ? '#' : '';
}

interface Listed {
  readonly value: unknown;
  readonly title?: unknown;
}

function valuesOf(told: JsonObject): readonly Listed[] | undefined {
  const { enum: values, enumNames: names, title } = told;
  if (Object.hasOwn(told, 'const')) return [{ value: told['const'], title }];
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const titles = listOf(names);
  return values.map((value: unknown, index) => ({ value, title: titles[index] }));
}

function together(each: readonly (readonly Listed[] | undefined)[]): readonly Listed[] | undefined {
  return each.length > 0 && each.every((values) => values !== undefined) ? each.flat() : undefined;
}

function inColumns(cells: readonly string[]): readonly string[] {
  const width = Math.max(0, ...cells.map((cell) => stringWidth(cell))) + 2;
  const columns = Math.max(1, Math.floor(WIDTH / width));
  const rows = Math.ceil(cells.length / columns);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => cells[column * rows + row] ?? '')
      .map((cell) => cell + ' '.repeat(Math.max(0, width - stringWidth(cell))))
      .join('')
      .trimEnd(),
  ).map((line) => `    ${line}`);
}
