import { isDeepStrictEqual } from 'node:util';

import type { JsonObject } from '@mcp-dbg/core';

import { isObject, listOf, pointedAt } from '../../schema/resolve-schema.ts';
import { oneLine } from './one-line.ts';
import { type Matches, patternMatcher } from './pattern-matcher.ts';
import { textFault } from './text-fault.ts';

/** Schemas that are looked at for one value; what is left then the server must judge. */
const MAX_STEPS = 10_000;

/** How deep schemas may lie in one another, so that those that refer to themselves end. */
const MAX_DEPTH = 100;

/** How many of the values that are possible a sentence names. */
const MAX_VALUES = 10;

/**
 * Says what is wrong with a value by a schema, in words that begin with `name`; undefined where nothing is. It knows
 * the keywords that a person can do something about, and forgives where it cannot tell: the last word has the check
 * of the whole call.
 */
export function faultOf(value: unknown, schema: unknown, root: unknown, name: string): string | undefined {
  return new Check(root).fault(value, schema, oneLine(name, 60), 0);
}

class Check {
  readonly #root: unknown;
  readonly #matches = patternMatcher();
  #steps = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  fault(value: unknown, schema: unknown, path: string, depth: number): string | undefined {
    if (schema === false) return `${path} is not allowed`;
    if (!isObject(schema) || depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) return undefined;
    const { $ref, allOf, anyOf, oneOf } = schema;
    const own = plainFault(value, schema, this.#matches);
    if (own !== undefined) return `${path} ${own}`;
    const parts = [...(typeof $ref === 'string' ? [pointedAt(this.#root, $ref)] : []), ...listOf(allOf)];
    return (
      first(parts, (part) => this.fault(value, part, path, depth + 1)) ??
      first([anyOf, oneOf], (ways) => this.#faultOfAll(value, ways, path, depth)) ??
      (Array.isArray(value) ? this.#itemFault(value, schema, path, depth) : undefined) ??
      (isObject(value) ? this.#memberFault(value, schema, path, depth) : undefined)
    );
  }

  /** A value that fits several of `oneOf` is forgiven. */
  #faultOfAll(value: unknown, ways: unknown, path: string, depth: number): string | undefined {
    if (!Array.isArray(ways) || ways.length === 0) return undefined;
    const faults: string[] = [];
    for (const way of ways) {
      const fault = this.fault(value, way, path, depth + 1);
      if (fault === undefined) return undefined;
      // What is wrong with being no null, nobody wants to know.
      if (!isObject(way) || way['type'] !== 'null') faults.push(fault);
    }
    return faults.length === 1 ? faults[0] : `${path} fits none of the ${ways.length} forms that it may have`;
  }

  #itemFault(items: readonly unknown[], schema: JsonObject, path: string, depth: number): string | undefined {
    const { prefixItems, items: rest } = schema;
    const before = listOf(prefixItems);
    return first(items.entries(), ([index, item]) =>
      this.fault(item, index < before.length ? before[index] : rest, `${path}[${index}]`, depth + 1),
    );
  }

  #memberFault(object: JsonObject, schema: JsonObject, path: string, depth: number): string | undefined {
    const { required, properties, patternProperties, additionalProperties } = schema;
    const missing = listOf(required).find((name) => typeof name === 'string' && !Object.hasOwn(object, name));
    if (typeof missing === 'string') return `${path}.${oneLine(missing, 60)} is missing`;
    return first(Object.entries(object), ([name, member]) => {
      const isKnown = isObject(properties) && Object.hasOwn(properties, name);
      const other = isObject(patternProperties) ? undefined : additionalProperties;
      return this.fault(member, isKnown ? properties[name] : other, `${path}.${oneLine(name, 60)}`, depth + 1);
    });
  }
}

/** What the keywords say that look at nothing within the value. */
function plainFault(value: unknown, schema: JsonObject, matches: Matches): string | undefined {
  const { type, enum: values, minItems, maxItems, uniqueItems } = schema;
  const types = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
  if (types.length > 0 && !types.some((each) => isOf(value, each)))
    return `must be ${types.map((each) => NOUNS[each]).join(' or ')}`;
  if (Object.hasOwn(schema, 'const') && !isDeepStrictEqual(value, schema['const']))
    return `must be ${oneLine(JSON.stringify(schema['const']) ?? '', 60)}`;
  if (Array.isArray(values) && !values.some((each) => isDeepStrictEqual(each, value)))
    return `must be ${valuesText(values)}`;
  if (typeof value === 'string') return textFault(value, schema, matches);
  if (typeof value === 'number') return numberFault(value, schema);
  if (!Array.isArray(value)) return undefined;
  if (typeof minItems === 'number' && value.length < minItems) return `must have at least ${counted(minItems)}`;
  if (typeof maxItems === 'number' && value.length > maxItems) return `must have at most ${counted(maxItems)}`;
  const isRepeated = uniqueItems === true && new Set(value.map((item) => JSON.stringify(item))).size < value.length;
  return isRepeated ? 'must not have the same item twice' : undefined;
}

/** The values themselves, where so few are listed that they can be read. */
function valuesText(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_VALUES).map((value) => oneLine(JSON.stringify(value) ?? '', 60));
  const more = values.length - shown.length;
  return `one of ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function numberFault(value: number, schema: JsonObject): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (!Number.isFinite(value)) return 'must be a number that can be sent';
  if (typeof minimum === 'number' && value < minimum) return `must be at least ${minimum}`;
  if (typeof maximum === 'number' && value > maximum) return `must be at most ${maximum}`;
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return `must be more than ${exclusiveMinimum}`;
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) return `must be less than ${exclusiveMaximum}`;
  const isMultiple = typeof multipleOf !== 'number' || multipleOf <= 0 || Number.isInteger(value / multipleOf);
  return isMultiple ? undefined : `must be a multiple of ${String(multipleOf)}`;
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function isOf(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type || !Object.hasOwn(NOUNS, type);
}

function counted(items: number): string {
  return items === 1 ? '1 item' : `${items} items`;
}

function first<Each>(each: Iterable<Each>, fault: (one: Each) => string | undefined): string | undefined {
  for (const one of each) {
    const found = fault(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
