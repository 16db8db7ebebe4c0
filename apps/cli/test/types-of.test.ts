import { describe, expect, test } from 'vitest';

import { parseArguments } from '../src/parse-arguments.ts';
import { typesOf } from '../src/schema/types-of.ts';

const text = { type: 'string' };
const nothing = { type: 'null' };

describe('the types that a value may have', () => {
  test.each<[unknown, readonly string[]]>([
    [text, ['string']],
    [{ type: ['string', 'null'] }, ['string', 'null']],
    [{ anyOf: [text, nothing] }, ['string', 'null']],
    [{ oneOf: [{ type: ['integer', 'null'] }, nothing] }, ['integer', 'null']],
    [{ anyOf: [{ $ref: '#/$defs/Unit' }, nothing] }, ['string', 'null']],
    [{ allOf: [{ $ref: '#/$defs/Name' }] }, ['string']],
    [{ enum: ['1', '2'] }, ['string']],
    [{ anyOf: [{ const: '1' }, { const: null }] }, ['string', 'null']],
    [{ properties: {} }, ['object']],
    [{ items: {} }, ['array']],
    // What is not said plainly may be anything.
    [{ enum: ['1', 2] }, []],
    [{ anyOf: [text, {}] }, []],
    [{ anyOf: [text, { const: 5 }] }, []],
    [{ $ref: '#/$defs/Loop' }, []],
    [{ anyOf: Array.from({ length: 100_000 }, () => text) }, []],
    [{ anyOf: 'text', type: 5 }, []],
    [{}, []],
    [true, []],
    [undefined, []],
  ])('%#', (schema, types) => {
    const loop = { anyOf: [{ $ref: '#/$defs/Loop' }, text] };
    const $defs = { Unit: { enum: ['metric', 'imperial'] }, Name: { $ref: '#/$defs/Text' }, Text: text, Loop: loop };
    expect(typesOf(schema, { $defs })).toEqual(types);
  });
});

describe('key=value is read by them', () => {
  const inputSchema = {
    $defs: { Zip: { anyOf: [text, nothing] }, Input: { properties: { zip: { $ref: '#/$defs/Zip' } } } },
    $ref: '#/$defs/Input',
    properties: { days: { anyOf: [{ type: 'integer' }, nothing] }, any: {} },
  };

  test.each([
    ['zip=12345', { zip: '12345' }],
    ['zip=null', { zip: 'null' }],
    ['zip:=null', { zip: null }],
    ['days=3', { days: 3 }],
    ['days=null', { days: null }],
    ['any=3', { any: 3 }],
    ['other=3', { other: 3 }],
  ])('%s', (word, args) => {
    expect(parseArguments([word], undefined, inputSchema)).toEqual(args);
  });
});
