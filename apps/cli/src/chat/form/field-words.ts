import type { JsonObject } from '@mcp-dbg/core';

import type { Field } from './field.ts';
import { oneLine } from './one-line.ts';

/** Characters that one line shows of a name, of a bound or default, and of a description. */
const MAX_NAME = 60;
const MAX_HINT = 60;
const MAX_DESCRIPTION = 200;

/** What kind of value a field takes and within which bounds, such as `text, 1 to 80 characters`. */
export function hintsOf(field: Field): readonly string[] {
  return [...kindHints(field), ...(field.isNullable ? ['null for none'] : [])];
}

/** The title and the description of a field on one line; undefined where it has neither. */
export function aboutOf({ name, told }: Field): string | undefined {
  const { title, description } = told;
  const texts = [title === name ? undefined : title, description].filter((text) => typeof text === 'string');
  const shown = texts.map((text) => oneLine(text, MAX_DESCRIPTION)).filter((text) => text !== '');
  return shown.length === 0 ? undefined : shown.join(': ');
}

export function nameText(name: string): string {
  return oneLine(name, MAX_NAME);
}

/** A value as one line shows it, such as a default. */
export function valueText(value: unknown): string {
  return oneLine(JSON.stringify(value) ?? '', MAX_HINT);
}

function kindHints(field: Field): readonly string[] {
  const { told } = field;
  switch (field.kind) {
    case 'text':
      return ['text', ...counts(told['minLength'], told['maxLength'], 'character'), ...shapes(told)];
    case 'number':
      return ['number', ...bounds(told)];
    case 'integer':
      return ['whole number', ...bounds(told)];
    case 'boolean':
      return ['y or n'];
    case 'choice':
      return ['one of the list'];
    case 'list':
      return [`list of ${NOUNS[field.item.kind]}`, ...counts(told['minItems'], told['maxItems'], 'item')];
    case 'plain':
      return ['JSON or plain text'];
    case 'structure':
      return [told['type'] === 'array' ? 'list, as JSON' : told['type'] === 'object' ? 'object, as JSON' : 'JSON'];
  }
}

const NOUNS: Readonly<Record<Field['kind'], string>> = {
  text: 'texts',
  number: 'numbers',
  integer: 'whole numbers',
  boolean: 'y or n',
  choice: 'choices',
  list: 'lists',
  plain: 'values',
  structure: 'values',
};

function counts(min: unknown, max: unknown, noun: string): readonly string[] {
  const plural = (count: number): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const least = typeof min === 'number' && min > 0 ? min : undefined;
  if (typeof max !== 'number') return least === undefined ? [] : [`at least ${plural(least)}`];
  if (least === undefined) return [`at most ${plural(max)}`];
  return [least === max ? plural(max) : `${least} to ${plural(max)}`];
}

function shapes({ format, pattern }: JsonObject): readonly string[] {
  return [
    ...(typeof format === 'string' ? [oneLine(format, MAX_HINT)] : []),
    ...(typeof pattern === 'string' ? [`pattern ${oneLine(pattern, MAX_HINT)}`] : []),
  ];
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: JsonObject): readonly string[] {
  const isRange = typeof minimum === 'number' && typeof maximum === 'number';
  const words: readonly (readonly [string, unknown])[] = [
    ['at least', isRange ? undefined : minimum],
    ['at most', isRange ? undefined : maximum],
    ['more than', exclusiveMinimum],
    ['less than', exclusiveMaximum],
    ['a multiple of', multipleOf],
  ];
  return [
    ...(isRange ? [`${minimum} to ${maximum}`] : []),
    ...words.flatMap(([word, bound]) => (typeof bound === 'number' ? [`${word} ${bound}`] : [])),
  ];
}
