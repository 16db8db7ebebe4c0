import { isObject } from '../../json-object.ts';

type Allows = (value: unknown) => boolean;

const TYPES: ReadonlySet<unknown> = new Set('null boolean object array number string integer'.split(' '));

const isText: Allows = (value) => typeof value === 'string';
const isNumber: Allows = (value) => typeof value === 'number';
const isTruth: Allows = (value) => typeof value === 'boolean';
const isCount: Allows = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const isSchema: Allows = (value) => isTruth(value) || isObject(value);
const isSchemas: Allows = (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema);
const isNames: Allows = (value) => Array.isArray(value) && value.every(isText);
const isMap: Allows = (value) => isObject(value) && Object.values(value).every(isSchema);
const isType: Allows = (value) =>
  Array.isArray(value) ? value.length > 0 && value.every((each) => TYPES.has(each)) : TYPES.has(value);

/** What keywords may hold: whatever any draft from 04 to 2020-12 allows, so that a breach is one in all of them. */
const ALLOWED: readonly (readonly [Allows, string])[] = [
  [isText, '$id $schema $ref $anchor $comment title description format pattern contentEncoding contentMediaType'],
  [isTruth, 'deprecated readOnly writeOnly uniqueItems'],
  [isNumber, 'minimum maximum'],
  [(value) => isNumber(value) || isTruth(value), 'exclusiveMinimum exclusiveMaximum'],
  [(value) => typeof value === 'number' && value > 0, 'multipleOf'],
  [isCount, 'maxLength minLength maxItems minItems maxProperties minProperties maxContains minContains'],
  [Array.isArray, 'enum'],
  [isNames, 'required'],
  [isType, 'type'],
  [isSchemas, 'allOf anyOf oneOf prefixItems'],
  [isMap, 'properties patternProperties dependentSchemas $defs definitions'],
  [(value) => isSchema(value) || (Array.isArray(value) && value.every(isSchema)), 'items'],
  [isSchema, 'contains additionalProperties propertyNames not if then else unevaluatedItems unevaluatedProperties'],
];

const BY_KEYWORD: ReadonlyMap<string, Allows> = new Map(
  ALLOWED.flatMap(([allows, keywords]) => keywords.split(' ').map((keyword) => [keyword, allows] as const)),
);

/** A keyword of this schema, not of those in it, that holds what no draft of JSON Schema allows. */
export function brokenKeyword(schema: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(schema).find((keyword) => BY_KEYWORD.get(keyword)?.(schema[keyword]) === false);
}

/** A keyword that older drafts have, or take in another way, and that 2020-12 ignores or refuses. */
export function oldKeyword(schema: Readonly<Record<string, unknown>>): string | undefined {
  if (Array.isArray(schema['items'])) return 'items';
  if (isObject(schema['dependencies'])) return 'dependencies';
  return ['exclusiveMinimum', 'exclusiveMaximum'].find((keyword) => isTruth(schema[keyword]));
}

/** Characters of a pattern that is looked at. */
const MAX_PATTERN = 5000;

/** A pattern that no mode of ECMA-262 takes, so that a validator of JavaScript refuses the schema. Nothing is matched. */
export function brokenPattern({ pattern }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN) return undefined;
  return ['', 'u', 'v'].some((flags) => compiles(pattern, flags)) ? undefined : pattern;
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags).flags === flags;
  } catch {
    return false;
  }
}
