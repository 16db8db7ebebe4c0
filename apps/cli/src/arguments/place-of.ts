import type { JsonObject } from '@mcp-dbg/core';

import { isObject, listOf, propertiesOf, resolveSchema } from '../schema/resolve-schema.ts';
import { typesOf } from '../schema/types-of.ts';

/** Ways of an `anyOf` or `oneOf` at the root that are looked at for a property. */
const MAX_WAYS = 100;

/** Where in a call's arguments a value goes, and the schema that it is read by; undefined where there is none for it. */
export interface Place {
  /** The names on the way to it, from the outside in. */
  readonly path: readonly string[];
  readonly schema: unknown;
}

/**
 * Finds the place that a key means: the property of that name, or else, at a dot, a property within an object, such as
 * `address.city`. A key that the schema knows nothing of is a name as it stands.
 */
export function placeOf(key: string, schema: unknown, root: unknown): Place {
  const told = resolveSchema(schema, root);
  const own = propertySchema(key, told, root);
  if (own !== undefined) return { path: [key], schema: own };
  for (let dot = key.indexOf('.'); dot !== -1; dot = key.indexOf('.', dot + 1)) {
    const [outer, inner] = [key.slice(0, dot), key.slice(dot + 1)];
    const property = propertySchema(outer, told, root);
    if (property === undefined || inner === '' || !typesOf(property, root).includes('object')) continue;
    const { path, schema: found } = placeOf(inner, property, root);
    return { path: [outer, ...path], schema: found };
  }
  const { additionalProperties } = told;
  return { path: [key], schema: isObject(additionalProperties) ? additionalProperties : undefined };
}

/** What a resolved schema says of a property, be it in one of several ways that the whole may take. */
export function propertySchema(name: string, told: JsonObject, root: unknown): unknown {
  const own = propertiesOf(told).get(name);
  if (own !== undefined) return own;
  const ways = [...listOf(told['anyOf']), ...listOf(told['oneOf'])].slice(0, MAX_WAYS);
  const found = ways.flatMap((way) => propertiesOf(resolveSchema(way, root)).get(name) ?? []);
  return found.length > 1 ? { anyOf: found } : found[0];
}
