import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { faultOf } from '../../src/chat/form/fault-of.ts';

const small = fc.integer({ min: 0, max: 4 });

const leaf = fc.oneof(
  fc.record({ type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object') }),
  fc.record({ type: fc.constant(['integer', 'null']) }),
  fc.record({ minLength: small, maxLength: small }, { requiredKeys: [] }),
  fc.record({ pattern: fc.constantFrom('^a', 'b$', '^$') }),
  fc.record({ minimum: small, exclusiveMaximum: small, multipleOf: fc.constantFrom(1, 2) }, { requiredKeys: [] }),
  fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 1, null, 'ab'), { minLength: 1 }) }),
  fc.record({ const: fc.constantFrom('a', 1, null) }),
  fc.record({ minItems: small, maxItems: small, uniqueItems: fc.boolean() }, { requiredKeys: [] }),
  fc.constantFrom({ $ref: '#/$defs/short' }, {}),
);

const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ items: tie('schema') }),
    fc.record({
      properties: fc.record({ a: tie('schema'), b: tie('schema') }),
      required: fc.constantFrom([], ['a'], ['b']),
      additionalProperties: fc.boolean(),
    }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
  ),
}));

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('', 'a', 'ab', 'b', 0, 1, 2, 2.5, null, true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
  ),
}));

test('a value is at fault where the validator of whole calls says so', () => {
  fc.assert(
    fc.property(schema, value, (own, value) => {
      const root = { $defs: { short: { type: 'string', maxLength: 1 } }, allOf: [own] };
      const { valid } = new AjvJsonSchemaValidator().getValidator(JSON.parse(JSON.stringify(root)))(value);
      expect(faultOf(value, root, root, 'it') === undefined).toBe(valid);
    }),
    { numRuns: 300 },
  );
});

// One after the other they would take longer than a test may.
test('patterns that never end cost little time, however many there are', () => {
  const slow = Array.from({ length: 1000 }, (_, index) => ({ pattern: `^(a+)+${index}$` }));
  expect(faultOf(`${'a'.repeat(50)}!`, { allOf: slow }, {}, 'it')).toBeUndefined();
  const texts = Array.from({ length: 5000 }, (_, index) => `a${index}`);
  expect(faultOf([...texts, 'b'], { items: { pattern: '^a' } }, {}, 'it')).toBe('it[5000] must match the pattern ^a');
});

test('what it cannot tell it forgives', () => {
  for (const odd of [
    true,
    undefined,
    { type: 5 },
    { type: 'soup' },
    { enum: 'x' },
    { pattern: '(' },
    { $ref: '#/no' },
    { required: 'a' },
  ])
    expect(faultOf({ a: 1 }, odd, odd, 'it')).toBeUndefined();
  const loop = { $ref: '#', items: { $ref: '#' }, anyOf: [{ $ref: '#' }, { $ref: '#' }] };
  expect(faultOf([[[]]], loop, loop, 'it')).toBeUndefined();
});
