import type { JsonObject } from '@mcp-dbg/core';

import { GivenArguments } from './arguments/given-arguments.ts';
import { jsonFault } from './arguments/json-faults.ts';
import { CliError } from './exit-code.ts';

/**
 * Makes a call's arguments from `key=value` words and a JSON object; a word wins over the object. A value is read by
 * the type that the tool's input schema gives its key: text where it says string, else JSON where it is JSON, else
 * text; a list takes its items one by one, and a dot leads into an object. `key:=json` is always JSON. What does not fit
 * the schema is left to its check: nothing is changed to make it fit. Throws {@link CliError} `BAD_ARGUMENTS`.
 */
export function parseArguments(words: readonly string[], json: string | undefined, inputSchema: unknown): JsonObject {
  const given = new GivenArguments(inputSchema, json === undefined ? {} : parseObject(json));
  for (const word of words) {
    const match = /^([^=]+?)(:?)=([\s\S]*)$/.exec(word);
    const [, key, colon, value] = match ?? [];
    if (key === undefined || value === undefined) {
      throw new CliError(
        'BAD_ARGUMENTS',
        `Arguments are key=value, key:=json or --args JSON, not ${JSON.stringify(word.slice(0, 80))}`,
      );
    }
    if (colon === ':') given.set(key, parseJson(value, `the value of ${key}`));
    else given.read(key, value, readValue);
  }
  return given.values;
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

/** Reads JSON; throws {@link CliError} `BAD_ARGUMENTS` where it is none, or where something of it would be lost. */
export function parseJson(json: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('BAD_ARGUMENTS', `Cannot read ${what} as JSON: ${why}`);
  }
  refuseLoss(json);
  return value;
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
  refuseLoss(text);
  return value;
}

/** A number that would arrive as another one, or a member that would not arrive: better none than that. */
function refuseLoss(json: string): void {
  const fault = jsonFault(json);
  if (fault !== undefined) throw new CliError('BAD_ARGUMENTS', fault);
}
