import type { JsonObject } from '@mcp-dbg/core';

import { isObject, resolveSchema } from '../../schema/resolve-schema.ts';
import { typesOf } from '../../schema/types-of.ts';
import { type Choice, choicesOf } from './choices.ts';
import { faultOf } from './fault-of.ts';

/** How a value can be asked for. */
type FieldKind =
  | { readonly kind: 'text' | 'number' | 'integer' | 'boolean' }
  /** One of several values. */
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  /** Any number of values that fit on a line each. */
  | { readonly kind: 'list'; readonly item: Field }
  /** Anything of several types, none of them with parts: JSON, or plain text. */
  | { readonly kind: 'plain' }
  /** What has parts of its own: JSON only. */
  | { readonly kind: 'structure' };

/** One value that a schema asks for. */
export type Field = FieldKind & {
  readonly name: string;
  /** As it was given: what a value is checked by. */
  readonly schema: unknown;
  /** As it is resolved: what a person is told of. */
  readonly told: JsonObject;
  /** True where null is a value too, beside those of its kind. */
  readonly isNullable: boolean;
  /** The default, where there is one that fits. */
  readonly preset: { readonly value: unknown } | undefined;
};

/** Schemas that one value may be wrapped in before it counts as a structure. */
const MAX_WRAPPINGS = 8;

const PLAIN_TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'null']);

/** Reads how a value can be asked for out of its schema. Takes every schema: what is odd becomes JSON. */
export function fieldOf(name: string, schema: unknown, root: unknown, isItem = false): Field {
  const { told, mayBeNull } = unwrapped(schema, root);
  // A type may allow null where the values that are listed do not.
  const isNullable = mayBeNull && faultOf(null, schema, root, name) === undefined;
  const choices = choicesOf(told, root, isNullable);
  const kind: FieldKind = choices === undefined ? kindOf(name, told, root, isItem) : { kind: 'choice', choices };
  const hasPreset = Object.hasOwn(told, 'default') && faultOf(told['default'], schema, root, name) === undefined;
  return {
    ...kind,
    name,
    schema,
    told,
    isNullable: isNullable && choices === undefined && kind.kind !== 'plain',
    preset: hasPreset ? { value: told['default'] } : undefined,
  };
}

function kindOf(name: string, told: JsonObject, root: unknown, isItem: boolean): FieldKind {
  const types = typesOf(told, root).filter((type) => type !== 'null');
  const [only, ...more] = types.includes('number') ? types.filter((type) => type !== 'integer') : types;
  if (more.length > 0 || only === undefined) {
    const isOpen = only === undefined && !Array.isArray(told['anyOf']) && !Array.isArray(told['oneOf']);
    return {
      kind: isOpen || (only !== undefined && types.every((type) => PLAIN_TYPES.has(type))) ? 'plain' : 'structure',
    };
  }
  if (only === 'string') return { kind: 'text' };
  if (only === 'number' || only === 'integer' || only === 'boolean') return { kind: only };
  // A list of lists is none that can be typed a line each. So this ends, too.
  if (only !== 'array' || isItem || !isObject(told['items']) || told['prefixItems'] !== undefined)
    return { kind: 'structure' };
  const item = fieldOf(name, told['items'], root, true);
  return item.kind === 'structure' || item.kind === 'plain' ? { kind: 'structure' } : { kind: 'list', item };
}

/** Takes the null out of `type: [T, "null"]` and `anyOf: [T, {"type": "null"}]`, and puts in what is left alone then. */
function unwrapped(schema: unknown, root: unknown): { readonly told: JsonObject; readonly mayBeNull: boolean } {
  let told = resolveSchema(schema, root);
  let mayBeNull = false;
  for (let wrappings = 0; wrappings < MAX_WRAPPINGS; wrappings++) {
    const { type, anyOf, oneOf, ...rest } = told;
    const ways = Array.isArray(anyOf) ? anyOf : oneOf;
    if (Array.isArray(type) && type.includes('null')) {
      mayBeNull = true;
      told = { ...told, type: type.filter((each) => each !== 'null') };
    }
    if (!Array.isArray(ways) || (Array.isArray(anyOf) && Array.isArray(oneOf))) break;
    const others = ways.filter((way) => !isNull(way));
    mayBeNull ||= others.length < ways.length;
    if (others.length !== 1) break;
    // What stands beside the ways, such as a title, is meant for this very value.
    told = { ...resolveSchema(others[0], root), ...rest, ...(type !== undefined && { type }) };
  }
  return { told, mayBeNull };
}

function isNull(way: unknown): boolean {
  return isObject(way) && (way['type'] === 'null' || way['const'] === null);
}
