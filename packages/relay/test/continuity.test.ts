import fc from 'fast-check';
import { describe, it } from 'vitest';

import { Play } from './continuity-play.ts';
import { type Era, ROUGH_WEIGHTS, type Step, WEIGHTS } from './continuity-step.ts';

/** How many connections are played; `PLAYS=5000` for the long run. */
const RUNS = Number(process.env['PLAYS'] ?? 500);

function stepsOf(weights: Readonly<Partial<Record<Step['kind'], number>>>): fc.Arbitrary<readonly Step[]> {
  const kinds = Object.entries(weights).map(([kind, weight]) => ({
    weight,
    arbitrary: fc.constant(kind as Step['kind']),
  }));
  const step = fc.record({
    kind: fc.oneof(...kinds),
    n: fc.nat(23),
    flips: fc.boolean(),
    batches: fc.boolean(),
    inPieces: fc.boolean(),
  });
  return fc.array(step, { maxLength: 60, size: 'max' });
}

/** Holds where a connection keeps its promises, whatever happens to it. */
function keeps(era: Era, isRough: boolean): fc.IProperty<unknown> {
  const steps = stepsOf(isRough ? { ...WEIGHTS, ...ROUGH_WEIGHTS } : WEIGHTS);
  return fc.property(steps, fc.boolean(), (played, inPieces) => {
    const play = new Play(era, inPieces, isRough);
    for (const step of played) play.step(step);
    play.end();
  });
}

describe('a connection that outlives its server', () => {
  it.each<Era>(['legacy', 'modern'])('keeps its promises to a %s client, whenever a process dies', (era) => {
    fc.assert(keeps(era, false), { numRuns: RUNS });
  });

  it.each<Era>(['legacy', 'modern'])('comes to a good end with a %s client, whoever leaves, rests or waits', (era) => {
    fc.assert(keeps(era, true), { numRuns: RUNS });
  });
});
