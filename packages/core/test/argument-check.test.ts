import { describe, expect, test } from 'vitest';

import { argumentCheck } from '../src/argument-check.ts';
import { withinTime } from '../src/within-time.ts';

describe('the check of arguments', () => {
  test('says what is wrong by the schema', async () => {
    const check = await argumentCheck({ type: 'object', properties: { a: { type: 'string', pattern: '^a+$' } } });
    expect(check({ a: 'aa' })).toBeUndefined();
    expect(check({ a: 5 })).toContain('must be string');
    expect(check({ a: 'b' })).toContain('must match pattern');
  });

  test.each([
    ['a text', { properties: { a: { pattern: '^(a+)+$' } } }, { a: `${'a'.repeat(60)}!` }],
    ['a name', { patternProperties: { '^(a+)+$': {} } }, { [`${'a'.repeat(60)}!`]: 1 }],
  ])('leaves it to the server where a pattern for %s never ends, and does not try again', async (_, schema, args) => {
    const check = await argumentCheck({ ...schema, required: ['b'] });
    expect(check({ a: 'a' })).toContain("must have required property 'b'");
    expect(check(args)).toBeUndefined();
    expect(check({ a: 'a' }), 'what it had something to say about before').toBeUndefined();
  });

  test('checks nothing by a schema that is none', async () => {
    for (const schema of [undefined, null, 'text', { type: 5 }, { properties: { a: { pattern: '(' } } }])
      expect((await argumentCheck(schema))({ a: 1 })).toBeUndefined();
  });
});

test('a step that ends gives its value or its error, whatever came before', () => {
  expect(withinTime(() => 'done', 1000)).toEqual({ value: 'done' });
  expect(() => withinTime(() => JSON.parse('{'), 1000)).toThrow(SyntaxError);
  const error = Object.assign(new Error('no'), { code: 'EIO' });
  expect(() =>
    withinTime(() => {
      throw error;
    }, 1000),
  ).toThrow(error);
  expect(
    withinTime(() => {
      for (;;);
    }, 20),
  ).toBeUndefined();
  expect(withinTime(() => withinTime(() => 1, 1000), 1000)).toEqual({ value: { value: 1 } });
});
