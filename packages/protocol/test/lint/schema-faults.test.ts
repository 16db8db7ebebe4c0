import { schemaFaults } from '@mcp-dbg/protocol/lint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** The faults, a line each. */
const faultsOf = (schema: unknown, value: unknown): readonly string[] =>
  schemaFaults(schema, value).map(({ path, what }) => `${path}: ${what}`);

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';
const text = { type: 'string' };

describe('a value under a schema', () => {
  it.each<[schema: object, value: unknown, fault: string]>([
    [{ type: 'object' }, [], ': is an array where the schema has object'],
    [{ type: ['string', 'null'] }, 5, ': is a number where the schema has string or null'],
    [{ type: 'integer' }, 1.5, ': is a number where the schema has integer'],
    [{ required: ['city'] }, {}, 'city: is missing'],
    [
      { properties: { days: { items: { properties: { low: { type: 'number' } } } } } },
      { days: [{}, { low: '1' }] },
      'days[1].low: is a string where the schema has number',
    ],
    [{ properties: { a: {} }, additionalProperties: false }, { a: 1, 'b c': 2 }, '["b c"]: is not allowed here'],
    [{ prefixItems: [text], items: false }, ['a', 'b'], '[1]: is not allowed here'],
    [{ enum: ['a', { b: [1] }] }, { b: [2] }, ': is none of the 2 values allowed'],
    [{ const: null }, 0, ': is none of the 1 value allowed'],
    [{ minimum: 1 }, 0, ': is below the minimum 1'],
    [{ exclusiveMaximum: 1 }, 1, ': is not below 1'],
    [{ maxLength: 1 }, '🙂🙂', ': is longer than 1 characters'],
    [{ minItems: 1 }, [], ': has fewer items than 1'],
    [{ anyOf: [text, { type: 'null' }] }, 5, ': fits none of the 2 schemas of anyOf'],
    [{ oneOf: [text, { minLength: 1 }] }, 'a', ': fits more than one schema of oneOf'],
    [{ not: { required: ['a'] } }, { a: 1 }, ': fits what the schema excludes'],
    [{ $ref: '#/$defs/a', $defs: { a: { allOf: [text] } } }, 5, ': is a number where the schema has string'],
  ])('%j does not take %j', (schema, value, fault) => {
    expect(faultsOf(schema, value)).toEqual([fault]);
  });

  it.each<[why: string, schema: object, value: unknown]>([
    ['a length counts characters, not UTF-16 units', { maxLength: 1 }, '🙂'],
    ['1.0 is an integer', { type: 'integer' }, 1.0],
    ['limits are for numbers', { minimum: 1, minLength: 3, minItems: 3, required: ['a'] }, null],
    ['what is unknown may fit', { pattern: '^a', uniqueItems: true, 'x-own': 5 }, 'b'],
    ['what is unknown may not fit', { not: { pattern: '^a' } }, 'b'],
    ['one of several may be the only one', { oneOf: [text, { type: 'string', pattern: '^a' }] }, 'b'],
    ['nothing is fetched', { $ref: 'https://example.com/a' }, 5],
    ['a reference in a part with an id starts there', { properties: { a: { $id: 'b', $ref: '#/c' } } }, { a: 1 }],
    ['a pattern may allow more names', { patternProperties: { a: {} }, additionalProperties: false }, { a: 1 }],
    ['draft-04 is another language', { $schema: 'http://json-schema.org/draft-04/schema#', type: 'string' }, 5],
    ['draft-07 has no prefixItems', { $schema: DRAFT_07, prefixItems: [text] }, [5]],
    [
      'in draft-07 nothing counts beside a reference',
      { $schema: DRAFT_07, $ref: '#/definitions/a', type: 'string', definitions: { a: {} } },
      5,
    ],
  ])('fits where it is not certain that it does not: %s', (_, schema, value) => {
    expect(faultsOf(schema, value)).toEqual([]);
  });

  it('is told the first five faults only', () => {
    expect(
      faultsOf(
        { items: text },
        Array.from({ length: 50 }, () => 1),
      ),
    ).toHaveLength(5);
  });
});

describe('a check', () => {
  it('ends whatever the schema refers to', () => {
    const twice = { anyOf: [{ $ref: '#' }, { $ref: '#' }], items: { $ref: '#' } };
    expect(faultsOf(twice, [[[[1]]]])).toEqual([]);
    expect(faultsOf({ $ref: '#' }, 1)).toEqual([]);
  });

  it('ends however deep and long values and schemas are', () => {
    const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
    expect(faultsOf({ items: { $ref: '#' }, const: deep }, deep)).toEqual([]);
    const long = Array.from({ length: 300_000 }, () => 1);
    expect(
      faultsOf({ allOf: Array.from({ length: 1000 }, () => ({ items: text, uniqueItems: true })) }, long),
    ).toHaveLength(5);
    expect(faultsOf({ allOf: Array.from({ length: 1000 }, () => ({ items: { type: 'number' } })) }, long)).toEqual([]);
  });

  it('takes any JSON as a schema and as a value', () => {
    const keyword = fc.constantFrom(
      'type',
      'enum',
      'required',
      'properties',
      'items',
      'anyOf',
      'not',
      '$ref',
      'minimum',
    );
    const schema = fc.oneof(fc.jsonValue(), fc.dictionary(keyword, fc.jsonValue()));
    fc.assert(
      fc.property(schema, fc.jsonValue(), (given, value) => {
        for (const { path, what } of schemaFaults(given, value)) expect(`${path}${what}`).not.toBe('');
      }),
    );
  });
});
