import fc from 'fast-check';
import { expect, test } from 'vitest';

import { indentedJson } from '../src/render/indented-json.ts';

test('gives each member and element a line, and keeps digits, escapes and empty containers', () => {
  const indented = [
    '{',
    '  "a": 1.0e5,',
    '  "b": [],',
    '  "c": {},',
    '  "d": [',
    '    true,',
    '    "x\\\\\\"y, {z}"',
    '  ]',
    '}',
  ];
  expect(indentedJson('{"a":1.0e5,"b":[],"c":{},"d":[true, "x\\\\\\"y, {z}"]}')).toBe(indented.join('\n'));
});

test('looks as JSON.stringify would have it, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, space) => {
      expect(indentedJson(JSON.stringify(value, null, space))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test('bears a string of millions of escapes, text that is no JSON, and any depth', () => {
  const long = JSON.stringify('\n'.repeat(3_000_000));
  expect(indentedJson(long)).toBe(long);
  for (const text of ['', '"', '"\\', '}}}', '{"a', 'not json, "at" all'])
    expect(indentedJson(text)).toEqual(expect.any(String));
  expect(indentedJson('['.repeat(100_000)).length).toBeLessThan(110_000);
});
