import { schemaFaults } from '@mcp-dbg/protocol/lint';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const small = fc.integer({ min: 0, max: 3 });
const name = fc.constantFrom('a', 'b', 'c', 'with space');
const text = fc.constantFrom('', 'a', 'bb', '🙂🙂', 'ccc');
const scalar = fc.oneof(fc.integer({ min: -2, max: 4 }), fc.constantFrom(0.5, true, false, null), text);
const typeName = fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean', 'null');

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
}));

/** Schemas of the keywords that we know, of one that we do not, and references, also in circles. */
const { schema: anySchema } = fc.letrec<{ schema: unknown }>((tie) => {
  const list = fc.array(tie('schema'), { minLength: 1, maxLength: 3 });
  const keywords = {
    type: fc.oneof(typeName, fc.uniqueArray(typeName, { minLength: 1, maxLength: 3 })),
    required: fc.uniqueArray(name, { maxLength: 2 }),
    properties: fc.dictionary(name, tie('schema'), { maxKeys: 3 }),
    additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
    items: tie('schema'),
    prefixItems: list,
    enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
    const: value,
    minimum: small,
    maximum: small,
    exclusiveMinimum: small,
    exclusiveMaximum: small,
    minLength: small,
    maxLength: small,
    minItems: small,
    maxItems: small,
    pattern: fc.constantFrom('^a', 'b$'),
    uniqueItems: fc.boolean(),
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: tie('schema'),
    $ref: fc.constantFrom('#/$defs/a', '#/$defs/b'),
  };
  const some = fc
    .uniqueArray(fc.constantFrom(...Object.keys(keywords)), { minLength: 1, maxLength: 3 })
    .chain((keys) => fc.record(Object.fromEntries(Object.entries(keywords).filter(([key]) => keys.includes(key)))));
  return {
    schema: fc.oneof({ maxDepth: 3, depthSize: 'small', withCrossShrink: true }, fc.boolean(), some, some, some),
  };
});

const wholeSchema = fc
  .tuple(anySchema, anySchema, anySchema)
  .map(([root, a, b]): object => ({ ...(typeof root === 'object' ? root : {}), $defs: { a, b } }));

/** What the validator of the SDK says; undefined where it does not take the schema, or never ends. */
function verdictOf(schema: object, checked: unknown): boolean | undefined {
  try {
    return new AjvJsonSchemaValidator().getValidator(schema)(checked).valid;
  } catch {
    return undefined;
  }
}

describe('the small check of values against schemas', () => {
  test('never says that a value does not fit where a real validator takes it', () => {
    let [refused, seen] = [0, 0];
    fc.assert(
      fc.property(wholeSchema, fc.array(value, { minLength: 4, maxLength: 4 }), (schema, values) => {
        for (const checked of values) {
          const verdict = verdictOf(schema, checked);
          const faults = schemaFaults(schema, checked);
          if (verdict === true) expect(faults).toEqual([]);
          if (verdict === false) refused++;
          if (verdict === false && faults.length > 0) seen++;
        }
      }),
      { numRuns: 100 },
    );
    // It would also hold of a check that never says anything.
    expect(seen).toBeGreaterThan(refused / 3);
  });
});
