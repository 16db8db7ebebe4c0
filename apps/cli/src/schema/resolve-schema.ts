import type { JsonObject } from '@mcp-dbg/core';

/** Parts that one schema may be put together from; what refers to itself ends there. */
const MAX_PARTS = 64;

/**
 * A schema with what its `$ref` and `allOf` say put in, so that a person can be asked by it. References lead into
 * `root`; one that leads anywhere else says nothing. It is for looks: what fits is said by `faultOf`.
 */
export function resolveSchema(schema: unknown, root: unknown): JsonObject {
  let parts = 0;
  const resolve = (part: unknown): JsonObject => {
    if (!isObject(part) || ++parts > MAX_PARTS) return {};
    const { $ref, allOf, ...own } = part;
    return [...(typeof $ref === 'string' ? [pointedAt(root, $ref)] : []), ...listOf(allOf).slice(0, MAX_PARTS)]
      .map(resolve)
      .concat(own)
      .reduce(merged, {});
  };
  return resolve(schema);
}

/** What a reference such as `#/$defs/City` leads to; undefined where it leads out of the schema or nowhere. */
export function pointedAt(root: unknown, reference: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  let found = root;
  for (const step of reference.split('/').slice(1)) {
    const key = decoded(step);
    if (typeof found !== 'object' || found === null || key === undefined || !Object.hasOwn(found, key))
      return undefined;
    found = (found as JsonObject)[key];
  }
  return found;
}

/** The properties of a resolved schema, in its order. */
export function propertiesOf({ properties }: JsonObject): ReadonlyMap<string, unknown> {
  return new Map(isObject(properties) ? Object.entries(properties) : []);
}

/** The names that a resolved schema requires: as its properties are ordered, then those it says nothing else about. */
export function requiredOf(schema: JsonObject): readonly string[] {
  const names = new Set(listOf(schema['required']).filter((name) => typeof name === 'string'));
  const known = [...propertiesOf(schema).keys()].filter((name) => names.has(name));
  return [...new Set([...known, ...names])];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What should be a list and may be anything. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function merged(one: JsonObject, other: JsonObject): JsonObject {
  const both = { ...one, ...other };
  const required = [one, other].flatMap((each) => listOf(each['required']));
  return {
    ...both,
    ...(isObject(one['properties']) &&
      isObject(other['properties']) && { properties: { ...one['properties'], ...other['properties'] } }),
    ...(required.length > 0 && { required }),
  };
}

/** One step of a JSON pointer within a URI (RFC 6901, section 6). */
function decoded(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
