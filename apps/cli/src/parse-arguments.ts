import type { JsonObject } from '@mcp-dbg/core';

import { CliError } from './exit-code.ts';
import { propertiesOf, resolveSchema } from './schema/resolve-schema.ts';
import { typesOf } from './schema/types-of.ts';

/**
 * Makes a call's arguments from `key=value` words and a JSON object; a word wins over the object. A value is read by
 * the type that the tool's input schema gives its key: text where it says string, else JSON where it is JSON, else
 * text. `key:=json` is always JSON. Throws {@link CliError} `BAD_ARGUMENTS`.
 */
export function parseArguments(words: readonly string[], json: string | undefined, inputSchema: unknown): JsonObject {
  const properties = propertiesOf(resolveSchema(inputSchema, inputSchema));
  const args: Record<string, unknown> = json === undefined ? {} : { ...parseObject(json) };
  for (const word of words) {
    const match = /^([^=]+?)(:?)=([\s\S]*)$/.exec(word);
    const [, key, colon, value] = match ?? [];
    if (key === undefined || value === undefined) {
      throw new CliError(
        'BAD_ARGUMENTS',
        `Arguments are key=value, key:=json or --args JSON, not ${JSON.stringify(word.slice(0, 80))}`,
      );
    }
    const read =
      colon === ':'
        ? { value: parseJson(value, `the value of ${key}`) }
        : { value: readValue(value, typesOf(properties.get(key), inputSchema)) };
    Object.defineProperty(args, key, { ...read, enumerable: true, configurable: true, writable: true });
  }
  return args;
}

/** Reads a JSON object; throws {@link CliError} `BAD_ARGUMENTS` for anything else. */
export function parseObject(json: string): JsonObject {
  const value = parseJson(json, 'the arguments');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError(
      'BAD_ARGUMENTS',
      `The arguments must be a JSON object, such as {"city":"Paris"}, not ${json.slice(0, 80)}`,
    );
  }
  return { ...value };
}

/** Reads JSON; throws {@link CliError} `BAD_ARGUMENTS` where it is none, or has a number that cannot be sent exactly. */
export function parseJson(json: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    refuseInexact(json);
    return value;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      'BAD_ARGUMENTS',
      `Cannot read ${what} as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A whole number beyond 2^53 would arrive as another one; better none than that. */
function refuseInexact(json: string): void {
  const numbers = json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
  const inexact = numbers.find((number) => /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)));
  if (inexact === undefined) return;
  throw new CliError(
    'BAD_ARGUMENTS',
    `The number ${inexact} is too big to be sent exactly; where the tool takes text, send it in quotes`,
  );
}

/** Reads one value as a person typed it, by the types that are allowed for it; none means any. */
export function readValue(text: string, types: readonly string[]): unknown {
  if (types.includes('string')) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  refuseInexact(text);
  return value;
}
