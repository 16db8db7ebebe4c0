import type { JsonObject } from '@mcp-dbg/core';

import { faultOf } from '../chat/form/fault-of.ts';
import { oneLine } from '../chat/form/one-line.ts';
import { isObject, propertiesOf, resolveSchema } from '../schema/resolve-schema.ts';
import { propertySchema } from './place-of.ts';

/**
 * Says which of a call's arguments does not fit the schema and why, in words that begin with its name; undefined where
 * nothing plain is wrong. What is missing is not looked at, and the last word has the check of the whole call.
 */
export async function argumentsFault(args: JsonObject, inputSchema: unknown): Promise<string | undefined> {
  const told = resolveSchema(inputSchema, inputSchema);
  for (const [name, value] of Object.entries(args)) {
    const schema = propertySchema(name, told, inputSchema);
    if (schema === undefined && isClosed(told)) return await noSuch(name, [...propertiesOf(told).keys()]);
    const { additionalProperties } = told;
    const other = isObject(additionalProperties) ? additionalProperties : undefined;
    const fault = faultOf(value, schema ?? other, inputSchema, name);
    if (fault !== undefined) return `${fault}, not ${oneLine(JSON.stringify(value) ?? '', 60)}`;
  }
  return undefined;
}

/** True where a schema plainly allows no other properties than those it lists. */
function isClosed(told: JsonObject): boolean {
  const { additionalProperties, patternProperties, anyOf, oneOf } = told;
  return additionalProperties === false && [patternProperties, anyOf, oneOf].every((more) => more === undefined);
}

async function noSuch(name: string, names: readonly string[]): Promise<string> {
  // Nearly every call fits, and starts faster without it.
  const { nearestWord } = await import('@mcp-dbg/capture');
  const near = nearestWord(name, names);
  const all = names.length === 0 ? 'it takes none' : `it takes ${oneLine(names.join(', '), 300)}`;
  return `There is no argument ${oneLine(name, 60)}; ${near === undefined ? all : `did you mean ${near}?`}`;
}
