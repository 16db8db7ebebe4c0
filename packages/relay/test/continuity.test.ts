import fc from 'fast-check';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';

import { type Era, Play, type Step, WEIGHTS } from './continuity-play.ts';

const RUNS = 300;

const kinds = Object.entries(WEIGHTS).map(([kind, weight]) => ({
  weight,
  arbitrary: fc.constant(kind as Step['kind']),
}));
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.oneof(...kinds),
    n: fc.nat(23),
    flips: fc.boolean(),
    batches: fc.boolean(),
    inPieces: fc.boolean(),
  }),
  { maxLength: 60, size: 'max' },
);

describe('a connection that outlives its server', () => {
  // What waits for time to pass never sees it: no timer is left behind.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it.each<Era>(['legacy', 'modern'])('keeps its promises to a %s client, whenever a process dies', (era) => {
    fc.assert(
      fc.property(steps, fc.boolean(), (played, inPieces) => {
        const play = new Play(era, inPieces);
        for (const step of played) play.step(step);
        play.end();
        vi.clearAllTimers();
      }),
      { numRuns: RUNS },
    );
  });
});
