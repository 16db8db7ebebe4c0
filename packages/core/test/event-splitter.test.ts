import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EventSplitter } from '../src/http/event-splitter.ts';

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const event = fc.record({
  data: fc.array(line, { minLength: 1, maxLength: 3 }),
  type: fc.constantFrom('message', 'ping'),
  id: fc.option(fc.stringMatching(/^[a-z0-9]{1,8}$/), { nil: undefined }),
});

test('events are the same however they are written and chunked', () => {
  const written = fc.record({
    events: fc.array(event, { maxLength: 5 }),
    end: fc.constantFrom('\n', '\r', '\r\n'),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    bom: fc.boolean(),
  });
  fc.assert(
    fc.property(written, ({ events, end, sizes, bom }) => {
      const lines = events.flatMap(({ data, type, id }) => [
        ': a comment',
        ...(id === undefined ? [] : [`id: ${id}`]),
        `event:${type}`,
        ...data.map((each) => `data: ${each}`),
        'unknown: field',
        '',
      ]);
      const bytes = Buffer.from(`${bom ? '\uFEFF' : ''}${lines.map((each) => each + end).join('')}`);
      const splitter = new EventSplitter();
      const found = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        found.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(splitter.end()).toBeUndefined();
      const seen = found.map(({ data, type, id }) => ({ data: Buffer.from(data ?? []).toString(), type, id }));
      expect(seen).toEqual(events.map(({ data, type, id }) => ({ data: data.join('\n'), type, id })));
    }),
  );
});

test('an event of many empty lines is known to be large', () => {
  const splitter = new EventSplitter();
  splitter.push(Buffer.from('data\n'.repeat(1000)));
  expect(splitter.held).toBeGreaterThan(100_000);
});
