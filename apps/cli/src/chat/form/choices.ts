import { nearestWord } from '@mcp-dbg/capture';
import type { JsonObject } from '@mcp-dbg/core';

import { widthOf } from '../../render/cells.ts';
import { padded, wrapped } from '../../render/markdown/wrap.ts';
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

/** Schemas of a `oneOf` that are read, and choices that are listed. */
const MAX_WAYS = 10_000;
const MAX_LISTED = 100;

/** Columns of a list where the terminal's are not known, that it is set in, and between two of its columns. */
const WIDTH = 78;
const INDENT = 4;
const GAP = 2;

/** Columns that a list is made for at least. */
const LEAST_WIDTH = 12;

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

/**
 * The list that a person chooses from, as rows of at most `columns`: side by side where there is room, and no choice cut
 * off. Of very many, the first ones; a row says how many more there are.
 */
export function choiceList(choices: readonly Choice[], columns: number = WIDTH): readonly string[] {
  const mark = numberMark(choices);
  const numbers = mark.length + String(Math.min(choices.length, MAX_LISTED)).length;
  const listed = choices.slice(0, MAX_LISTED).map(({ shown, title }, index) => {
    const named = title === undefined || title === shown ? shown : `${shown} (${title})`;
    return { number: `${mark}${index + 1}`.padStart(numbers), named };
  });
  const width = Math.max(LEAST_WIDTH, columns) - INDENT;
  const more = choices.length - listed.length;
  const told = more > 0 ? wrapped(`… and ${more} more; Tab lists those that go on as typed`, width) : [];
  return [...inColumns(listed, width), ...told].map((row) => ' '.repeat(INDENT) + row);
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

function inColumns(
  listed: readonly { readonly number: string; readonly named: string }[],
  columns: number,
): readonly string[] {
  const cells = listed.map(({ number, named }) => `${number} ${named}`);
  const width = Math.max(0, ...cells.map(widthOf)) + GAP;
  const across = Math.max(1, Math.floor((columns + GAP) / width));
  const down = Math.ceil(cells.length / across);
  if (across > 1) {
    return Array.from({ length: down }, (_, row) =>
      Array.from({ length: across }, (_column, column) => padded(cells[column * down + row] ?? '', width))
        .join('')
        .trimEnd(),
    );
  }
  return listed.flatMap(({ number, named }) => {
    const rows = wrapped(named, columns - number.length - 1);
    return rows.map((row, index) => `${index === 0 ? number : ' '.repeat(number.length)} ${row}`);
  });
}
