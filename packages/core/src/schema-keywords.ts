import type { JsonObject } from './model.ts';

type Shape = (value: unknown) => boolean;

const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

const isText: Shape = (value) => typeof value === 'string';
const isFlag: Shape = (value) => typeof value === 'boolean';
const isNumber: Shape = (value) => typeof value === 'number';
const isCount: Shape = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const isList: Shape = (value) => Array.isArray(value);
const isMap: Shape = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSchema: Shape = (value) => isFlag(value) || isMap(value);
const isSchemas: Shape = (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema);
const isSchemaMap: Shape = (value) => isMap(value) && Object.values(value as object).every(isSchema);
const isNames: Shape = (value) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const isType: Shape = (value) =>
  isText(value)
    ? TYPES.includes(value as string)
    : isNames(value) && (value as string[]).length > 0 && (value as string[]).every((each) => TYPES.includes(each));

/** What each keyword of JSON Schema 2020-12 may hold, from its meta-schema: https://json-schema.org/draft/2020-12/schema */
const KEYWORDS: readonly (readonly [Shape, string])[] = [
  [isText, '$id $schema $ref $anchor $dynamicRef $dynamicAnchor $comment title description format pattern'],
  [isText, 'contentEncoding contentMediaType'],
  [isFlag, 'deprecated readOnly writeOnly uniqueItems'],
  [isNumber, 'minimum maximum exclusiveMinimum exclusiveMaximum'],
  [(value) => isNumber(value) && (value as number) > 0, 'multipleOf'],
  [isCount, 'maxLength minLength maxItems minItems maxProperties minProperties maxContains minContains'],
  [isList, 'enum examples'],
  [isNames, 'required'],
  [isType, 'type'],
  [isMap, '$vocabulary'],
  [(value) => isMap(value) && Object.values(value as object).every(isNames), 'dependentRequired'],
  [isSchemas, 'allOf anyOf oneOf prefixItems'],
  [isSchemaMap, 'properties patternProperties dependentSchemas $defs definitions'],
  [isSchema, 'items contains additionalProperties propertyNames not if then else'],
  [isSchema, 'unevaluatedItems unevaluatedProperties contentSchema'],
];

const SHAPES: ReadonlyMap<string, Shape> = new Map(
  KEYWORDS.flatMap(([shape, keywords]) => keywords.split(' ').map((keyword) => [keyword, shape] as const)),
);

/**
 * Makes a schema valid JSON Schema 2020-12 where it was written for an older draft or by mistake. Keywords with a value
 * that no draft allows are left out. Each kind of change is told once.
 */
export function repairKeywords(schema: JsonObject, changed: string[]): JsonObject {
  const told = new Set<string>();
  const repaired = repair(schema, told);
  changed.push(...told);
  return repaired;
}

function repair(schema: JsonObject, told: Set<string>): JsonObject {
  const entries = Object.entries(modern(schema, told)).flatMap(([key, value]): [string, unknown][] => {
    const shape = SHAPES.get(key);
    const inner = repairInner(shape, value, told);
    if (shape === undefined || shape(inner)) return [[key, inner]];
    told.add(`"${key}" was left out where it holds what JSON Schema does not allow`);
    return [];
  });
  return Object.fromEntries(entries);
}

function repairInner(shape: Shape | undefined, value: unknown, told: Set<string>): unknown {
  const each = (inner: unknown): unknown => (isMap(inner) ? repair(inner as JsonObject, told) : inner);
  if (shape === isSchema) return each(value);
  if (shape === isSchemas && Array.isArray(value)) return value.filter(isSchema).map(each);
  if (shape !== isSchemaMap || !isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .filter(([, inner]) => isSchema(inner))
      .map(([name, inner]) => [name, each(inner)]),
  );
}

/** Two habits of older drafts have an exact form today: limits marked as exclusive, and lists of item schemas. */
function modern(schema: JsonObject, told: Set<string>): JsonObject {
  const changes: Record<string, unknown> = {};
  for (const [flag, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[flag] !== 'boolean') continue;
    changes[flag] = schema[flag] && typeof schema[limit] === 'number' ? schema[limit] : undefined;
    if (schema[flag]) changes[limit] = undefined;
  }
  if (isSchemas(schema['items'])) {
    changes['prefixItems'] = schema['items'];
    changes['items'] = isSchema(schema['additionalItems']) ? schema['additionalItems'] : undefined;
    changes['additionalItems'] = undefined;
  }
  if (Object.keys(changes).length === 0) return schema;
  told.add('keywords of an older JSON Schema draft were brought up to date');
  return Object.fromEntries(Object.entries({ ...schema, ...changes }).filter(([, value]) => value !== undefined));
}
