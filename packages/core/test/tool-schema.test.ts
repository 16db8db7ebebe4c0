import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaptSchema } from '../src/tool-schema.ts';
import { messagesApi, parseScript } from '../src/script/index.ts';

/** The adapted schema; fails if the tool is refused. */
function adapted(schema: unknown): { readonly schema: Record<string, unknown>; readonly changed: readonly string[] } {
  const verdict = adaptSchema(schema);
  if ('refused' in verdict) throw new Error(verdict.refused);
  return verdict;
}

describe('a schema', () => {
  test('that the API takes is left as it is', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        a: { type: 'string', enum: ['x', null] },
        'b.c-d_1': { anyOf: [{ type: 'number' }, { $ref: '#/$defs/e' }] },
        f: true,
      },
      required: ['a'],
      additionalProperties: false,
      $defs: { e: { type: 'array', items: { type: 'integer', exclusiveMinimum: 0 } } },
      'x-vendor': { anything: [1] },
    };
    expect(adapted(schema)).toEqual({ schema, changed: [] });
  });

  test.each([[undefined], [null], [7], ['object'], [[]], [true]])(
    'that is %j takes any arguments, and says so',
    (given) => {
      expect(adapted(given)).toEqual({
        schema: { type: 'object' },
        changed: [expect.stringContaining('any arguments')],
      });
    },
  );

  test.each([[{}], [{ properties: { a: {} } }], [{ type: ['object', 'null'] }]])(
    'without a clear root type %j becomes an object',
    (given) => {
      expect(adapted(given)).toEqual({
        schema: { ...given, type: 'object' },
        changed: [expect.stringContaining('"type": "object"')],
      });
    },
  );

  test('of something else than an object is refused', () => {
    expect(adaptSchema({ type: 'string' })).toEqual({ refused: expect.stringContaining('"string"') });
  });

  test.each(['a b', 'naïve', '@id', 'x'.repeat(65), ''])(
    'with the parameter %j is refused, and the name is told',
    (name) => {
      expect(adaptSchema({ type: 'object', properties: { [name]: {} } })).toEqual({
        refused: expect.stringContaining(JSON.stringify(name)),
      });
    },
  );

  test('nested beyond reason, or in a circle, is refused', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = { items: deep };
    const circle: Record<string, unknown> = { type: 'object' };
    circle['properties'] = { circle };
    for (const schema of [deep, circle])
      expect(adaptSchema(schema)).toEqual({ refused: expect.stringContaining('nested') });
    expect(adaptSchema({ type: 'object', default: 1n })).toEqual({ refused: expect.stringContaining('JSON') });
  });
});

describe('a composition at the root', () => {
  test('of parts is all of them', () => {
    const { schema, changed } = adapted({
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      allOf: [
        { properties: { b: { type: 'number' } }, required: ['b'], description: 'With b.' },
        { allOf: [{ properties: { c: {} } }] },
      ],
    });
    expect(schema).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'number' }, c: {} },
      required: ['a', 'b'],
      description: 'With b.',
    });
    expect(changed).toEqual(['allOf at the root was merged into one list of parameters']);
  });

  test.each(['oneOf', 'anyOf'])(
    'of choices (%s) offers all parameters, requires what all require, and tells the rule in words',
    (key) => {
      const { schema } = adapted({
        type: 'object',
        [key]: [
          { properties: { kind: { const: 'id' }, id: { type: 'string' } }, required: ['kind', 'id'] },
          { properties: { kind: { const: 'name' }, name: { type: 'string' } }, required: ['kind', 'name'] },
        ],
      });
      expect(schema).toEqual({
        type: 'object',
        properties: {
          kind: { anyOf: [{ const: 'id' }, { const: 'name' }] },
          id: { type: 'string' },
          name: { type: 'string' },
        },
        required: ['kind'],
        description: 'Parameters go together in one of these ways: kind + id; or kind + name.',
      });
    },
  );

  test('by reference is followed, and inner references still lead somewhere', () => {
    const { schema, changed } = adapted({
      $ref: '#/$defs/Args',
      $defs: {
        Args: { type: 'object', properties: { at: { $ref: '#/$defs/Point' } }, required: ['at'] },
        Point: { type: 'object' },
      },
    });
    expect(schema).toMatchObject({
      type: 'object',
      properties: { at: { $ref: '#/$defs/Point' } },
      required: ['at'],
      $defs: { Point: {} },
    });
    expect(schema).not.toHaveProperty('$ref');
    expect(changed).toEqual(['$ref at the root was followed']);
  });

  test('that refers to itself or to nothing ends', () => {
    expect(adapted({ type: 'object', $ref: '#' }).schema).toEqual({ type: 'object' });
    expect(
      adapted({
        type: 'object',
        $defs: { a: { $ref: '#/$defs/a', anyOf: [{ $ref: '#' }] } },
        allOf: [{ $ref: '#/$defs/a' }],
      }).schema,
    ).toMatchObject({ type: 'object' });
    expect(adapted({ type: 'object', $ref: 'https://example.com/x' }).changed).toEqual([
      expect.stringContaining('leads nowhere'),
    ]);
  });
});

describe('a schema of an older draft', () => {
  test('is brought up to date where there is an exact form', () => {
    const { schema, changed } = adapted({
      type: 'object',
      properties: {
        n: { type: 'number', minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
        pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: false },
      },
    });
    expect(schema['properties']).toEqual({
      n: { type: 'number', exclusiveMinimum: 1, maximum: 9 },
      pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false },
    });
    expect(changed).toEqual(['keywords of an older JSON Schema draft were brought up to date']);
  });

  test('or of no draft loses only what is wrong', () => {
    const { schema, changed } = adapted({
      type: 'object',
      properties: { a: { type: 'any', required: true, description: 'A' }, b: { type: 'string', minLength: '3' } },
      required: null,
    });
    expect(schema).toEqual({ type: 'object', properties: { a: { description: 'A' }, b: { type: 'string' } } });
    expect(changed).toHaveLength(3);
  });

  test('with null in place of nothing is cleaned', () => {
    expect(adapted({ type: 'object', properties: null, required: null }).schema).toEqual({ type: 'object' });
  });
});

test('whatever a server sends, the API takes the result', async () => {
  await using api = await messagesApi(parseScript('{"turns":[{"say":"ok","repeat":true}]}'));
  const key = fc.constantFrom(
    'type',
    '$ref',
    'properties',
    'required',
    'allOf',
    'anyOf',
    'oneOf',
    'items',
    '$defs',
    'a',
    'b c',
    '__proto__',
    'description',
    'minimum',
  );
  const schema = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>('object', 'string', '#/$defs/a', '#', null, true, 1, ['a']),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any')),
    ),
  })).any;
  await fc.assert(
    fc.asyncProperty(fc.oneof(schema, fc.anything()), async (given) => {
      const verdict = adaptSchema(given);
      if ('refused' in verdict) return;
      const body = {
        model: 'm',
        max_tokens: 1,
        messages: [{ role: 'user', content: 'x' }],
        tools: [{ name: 'x', input_schema: verdict.schema }],
      };
      const response = await fetch(`${api.url}/v1/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}`, 'anthropic-version': '2026-10-21' },
        body: JSON.stringify(body).replaceAll(/\\ud[89a-f]../g, ''),
      });
      expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
    }),
    { numRuns: 500 },
  );
});
