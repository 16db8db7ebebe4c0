import { expect, test } from 'vitest';

import { headerParams } from '../src/index.ts';

test('arguments that go into headers are found wherever they stand among the properties', () => {
  const region = { type: 'string', 'x-mcp-header': 'Region' };
  const place = { type: 'object', properties: { city: { type: 'string' }, region } };
  const schema = { type: 'object', properties: { place, dry: { type: 'boolean', 'x-mcp-header': 'Dry' } } };
  const found = headerParams(schema);
  expect(found).toHaveLength(2);
  expect(found).toEqual(
    expect.arrayContaining([
      { header: 'Region', path: ['place', 'region'] },
      { header: 'Dry', path: ['dry'] },
    ]),
  );
});

test.each([
  [{ 'x-mcp-header': 'Root' }, /does not stand among the properties/],
  [{ properties: { list: { items: { 'x-mcp-header': 'Item' } } } }, /does not stand among the properties/],
  [{ properties: { one: { type: 'object', 'x-mcp-header': 'One' } } }, /for the type "object"/],
  [{ properties: { a: { 'x-mcp-header': 'Same' }, b: { 'x-mcp-header': 'same' } } }, /twice/],
])('%j says so in a way that cannot be used', (schema, fault) => {
  expect(headerParams(schema)).toEqual({ fault: expect.stringMatching(fault) });
});
