import { jsonItems, jsonMembers, memberText } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const space = fc.constantFrom('', ' ', '\t', '\r', '\n ', '  ');

describe('jsonMembers', () => {
  it('finds the members that JSON.parse finds, with their exact texts', () => {
    const member = fc.record({ key: fc.string({ unit: 'binary' }), value: fc.json(), before: space, after: space });
    fc.assert(
      fc.property(fc.array(member), space, (members, end) => {
        const text = `{${members.map(({ key, value, before, after }) => `${before}${JSON.stringify(key)}${after}:${before}${value}${after}`).join(',')}${end}}`;
        const found = jsonMembers(text);
        expect(found.map(({ key, start, end: to }) => [key, text.slice(start, to)])).toEqual(
          members.map(({ key, value }) => [key, value]),
        );
        for (const [key, value] of Object.entries(JSON.parse(text) as object)) {
          expect(JSON.parse(memberText(text, key) ?? '')).toEqual(value);
        }
      }),
    );
  });

  it('keeps the digits of a number and the order of keys', () => {
    expect(memberText('{"a":{"z":1e1000,"b":123456789012345678901234567890}}', 'a')).toBe(
      '{"z":1e1000,"b":123456789012345678901234567890}',
    );
  });

  it('is not confused by brackets, quotes and backslashes in strings', () => {
    const text = String.raw`{"a":"}]\"\\","b\\":["\\\"]",{"c":"\\"}],"d":1}`;
    expect(jsonMembers(text).map(({ key, start, end }) => [key, text.slice(start, end)])).toEqual([
      ['a', String.raw`"}]\"\\"`],
      ['b\\', String.raw`["\\\"]",{"c":"\\"}]`],
      ['d', '1'],
    ]);
  });

  it('finds nothing where there is no object', () => {
    for (const text of ['', '1', '"a"', 'null', '{}', '{ }']) expect(jsonMembers(text)).toEqual([]);
    for (const text of ['', '1', '"a"', '[]', '[ ]']) expect(jsonItems(text)).toEqual([]);
  });

  it('takes time in proportion to the text', () => {
    // Long strings, long runs of backslashes and many members: anything quadratic would need hours.
    const text = `{"a":"${'x'.repeat(5_000_000)}","b":"${'\\\\'.repeat(2_000_000)}",${'"c":[1,{"d":"e"}],'.repeat(200_000)}"z":0}`;
    expect(jsonMembers(text)).toHaveLength(200_003);
  });
});
