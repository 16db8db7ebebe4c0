import { isDeepStrictEqual } from 'node:util';

import { parseJson, readValue } from '../parse-arguments.ts';
import { propertiesOf, requiredOf, resolveSchema } from '../schema/resolve-schema.ts';
import { typesOf } from '../schema/types-of.ts';
import { type Field, fieldOf } from './form/field.ts';
import { pathCompletions } from './path-completions.ts';

/** The ways in which `key=value` words may go on, by the schema that they are read by. JSON is left alone. */
export function argumentCompletions(
  given: string,
  inputSchema: unknown,
  list: (folder: string) => readonly string[],
): readonly string[] {
  if (given.startsWith('{')) return [];
  const start = startOfLastWord(given);
  const [before, word] = [given.slice(0, start), given.slice(start)];
  const [, key, colon = '', value] = /^([^=]+?)(:?)=([\s\S]*)$/.exec(word) ?? [];
  const words =
    key === undefined || value === undefined
      ? keysLeft(before, inputSchema).map((each) => `${each}=`)
      : valuesFor(key, colon, value, inputSchema, list).map((each) => `${key}${colon}=${each}`);
  return words.filter((each) => each.startsWith(word)).map((each) => before + each);
}

/** Where the word begins that is being typed; spaces within double quotes do not end one. */
function startOfLastWord(text: string): number {
  let start = 0;
  let isQuoted = false;
  for (const { index, 0: mark } of text.matchAll(/["\s]/g)) {
    if (mark === '"') isQuoted = !isQuoted;
    else if (!isQuoted) start = index + 1;
  }
  return start;
}

/** The names that are not given yet, what is required first. */
function keysLeft(before: string, inputSchema: unknown): readonly string[] {
  const told = resolveSchema(inputSchema, inputSchema);
  const given = new Set(Array.from(before.matchAll(/(?:^|\s)([^\s="]+?):?=/g), ([, key]) => key));
  const names = new Set([...requiredOf(told), ...propertiesOf(told).keys()]);
  return [...names].filter((name) => /^[^\s="{][^\s="]*$/.test(name) && !name.endsWith(':') && !given.has(name));
}

function valuesFor(
  key: string,
  colon: string,
  typed: string,
  inputSchema: unknown,
  list: (folder: string) => readonly string[],
): readonly string[] {
  const property = propertiesOf(resolveSchema(inputSchema, inputSchema)).get(key);
  const values = valuesOf(fieldOf(key, property, inputSchema));
  if (colon !== '') {
    return values
      .map((value) => ({ value, json: JSON.stringify(value) ?? '' }))
      .filter(({ value, json }) => isWhole(json) && isReadAs(value, () => parseJson(json, key)))
      .map(({ json }) => json);
  }
  const types = typesOf(property, inputSchema);
  const isQuoted = typed.startsWith('"');
  const texts = values
    .map((value) => ({ value, text: typeof value === 'string' ? value : (JSON.stringify(value) ?? '') }))
    // A text that looks like a number is one where the schema does not say plainly that it is a text.
    .filter(({ value, text }) => text !== '' && isReadAs(value, () => readValue(text, types)))
    .map(({ text }) => text);
  const isPath = values.length === 0 && /^"?(?:\.{0,2}|~)\//.test(typed);
  const paths = isPath ? pathCompletions(typed.replace(/^"/, ''), list) : [];
  // Quotes are taken away only where they are around a whole value, and the key has no colon.
  return [...texts, ...paths]
    .filter((text) => !text.includes('"') && !(key.includes(':') && /\s/.test(text)))
    .map((text) => {
      if (!isQuoted && !/\s/.test(text)) return text;
      // The quote that ends a folder is left to come, so that the path can go on.
      return isPath && text.endsWith('/') ? `"${text}` : `"${text}"`;
    });
}

/** True for JSON that is not cut at a space: what a backslash before a quote would do to that is not tried. */
function isWhole(json: string): boolean {
  return !json.includes('\\"') && !/\s/.test(json.replaceAll(/"[^"]*"/g, ''));
}

function valuesOf(field: Field): readonly unknown[] {
  if (field.kind === 'choice') return field.choices.map(({ value }) => value);
  return field.kind === 'boolean' ? [true, false] : [];
}

/** False for what is refused too, such as a number that cannot be sent exactly. */
function isReadAs(value: unknown, read: () => unknown): boolean {
  try {
    return isDeepStrictEqual(read(), value);
  } catch {
    return false;
  }
}
