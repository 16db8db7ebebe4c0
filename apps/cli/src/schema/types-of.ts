import type { JsonObject } from '@mcp-dbg/core';

import { isObject, resolveSchema } from './resolve-schema.ts';

/** Schemas of an `anyOf` or `oneOf` that are read. */
const MAX_WAYS = 1000;

/**
 * The JSON types that a value may have, as far as a schema says so plainly; none means any. References lead into
 * `root`. It is for reading and telling: what fits is said by the check of the whole call.
 */
export function typesOf(schema: unknown, root: unknown): readonly string[] {
  const told = resolveSchema(schema, root);
  const { anyOf, oneOf } = told;
  const own = plainTypes(told);
  const ways: unknown = Array.isArray(anyOf) ? anyOf : oneOf;
  if (own.length > 0 || !Array.isArray(ways) || ways.length > MAX_WAYS) return own;
  const each = ways.map((way) => plainTypes(resolveSchema(way, root)));
  return each.every((types) => types.length > 0) ? [...new Set(each.flat())] : [];
}

function plainTypes(told: JsonObject): readonly string[] {
  const { type, enum: values } = told;
  const named: readonly unknown[] = Array.isArray(type) ? type : [type];
  const plain = named.filter((each) => typeof each === 'string');
  if (plain.length > 0) return [...new Set(plain)];
  const listed: unknown = Object.hasOwn(told, 'const') ? [told['const']] : values;
  if (Array.isArray(listed) && listed.every((value) => typeof value === 'string')) return ['string'];
  if (told['const'] === null) return ['null'];
  if (isObject(told['properties'])) return ['object'];
  return told['items'] === undefined ? [] : ['array'];
}
