import type { Sender } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { HeldRow } from './held-row.ts';
import { type Step, Story } from './story.ts';

const from = fc.constantFrom<Sender>('client', 'server');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('ask', 'answer', 'cancel', 'progress', 'noise'),
      from,
      id: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('accept', 'drop', 'edit', 'reply'), which: fc.nat({ max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('acceptAll', 'giveUp') }) },
);

const filters = fc.constantFrom(
  '',
  'is:pending',
  'is:response',
  'method:notifications/*',
  'id:1 or id:2',
  'kind:noise',
);

test('whatever is decided in whatever order, each frame is passed on, changed, dropped or answered exactly once, in order within its exchange', () => {
  fc.assert(
    fc.property(filters, fc.array(step, { maxLength: 60 }), fc.boolean(), (filter, steps, closes) => {
      const row = new HeldRow([filter], 1000);
      const story = new Story(row);
      for (const each of steps) story.take(each);
      if (closes) row.closes();
      else for (const sender of ['client', 'server'] as const) row.ends(sender);
      expect(story.faults()).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
