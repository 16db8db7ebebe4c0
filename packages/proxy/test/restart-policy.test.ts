import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  NEVER_STARTED,
  type RestartCause,
  type RestartRecord,
  ended,
  nextStart,
  refused,
  started,
} from '../src/restart-policy.ts';

const FAILED = { proven: false, uptimeMs: 20 };

/** A server that was started and died so often, each time at once. */
function failedTimes(times: number, now = 0): RestartRecord {
  return Array.from({ length: times }).reduce<RestartRecord>(
    (record) => ended(started(record, now), FAILED),
    NEVER_STARTED,
  );
}

describe('the restart policy', () => {
  test('starts a server that was never started at once', () => {
    expect(nextStart(NEVER_STARTED, 'demand', 0)).toEqual({ kind: 'start', afterMs: 0 });
  });

  test('waits 0, 0.5, 1, 2 and 4 s after failed starts, then rests', () => {
    const decisions = [1, 2, 3, 4, 5, 6].map((times) => nextStart(failedTimes(times), 'itself', 0));
    expect(decisions.map((each) => (each.kind === 'start' ? each.afterMs : each.kind))).toEqual([
      0,
      500,
      1000,
      2000,
      4000,
      'rest',
    ]);
  });

  test('leaves a server alone that refused us, until somebody wants it', () => {
    const record = refused(started(NEVER_STARTED, 0));
    const decisions = (['itself', 'demand', 'user'] as const).map((cause) => nextStart(record, cause, 0).kind);
    expect(decisions).toEqual(['rest', 'rest', 'start']);
    expect(nextStart(record, 'demand', 30_000)).toEqual({ kind: 'start', afterMs: 0 });
  });

  test('hears a demand for a resting server once in 30 s', () => {
    const resting = failedTimes(6, 1000);
    expect(nextStart(resting, 'demand', 30_999)).toEqual({ kind: 'rest', untilMs: 31_000 });
    expect(nextStart(resting, 'demand', 31_000)).toEqual({ kind: 'start', afterMs: 0 });
    expect(nextStart(ended(started(resting, 31_000), FAILED), 'demand', 60_999)).toEqual({
      kind: 'rest',
      untilMs: 61_000,
    });
  });

  test('never starts a resting server by itself', () => {
    expect(nextStart(failedTimes(6), 'itself', Number.MAX_SAFE_INTEGER).kind).toBe('rest');
  });

  test('always starts for the user', () => {
    expect(nextStart(failedTimes(20), 'user', 1)).toEqual({ kind: 'start', afterMs: 0 });
  });

  test.each([
    ['answered something', { proven: true, uptimeMs: 5 }],
    ['lived 10 s', { proven: false, uptimeMs: 10_000 }],
  ])('forgets failed starts when the server %s', (_, life) => {
    expect(nextStart(ended(failedTimes(20), life), 'itself', 0)).toEqual({ kind: 'start', afterMs: 0 });
  });

  test('does not forget them for a life of 9.999 s without an answer', () => {
    expect(ended(failedTimes(3), { proven: false, uptimeMs: 9999 }).failures).toBe(4);
  });

  test('allows at most 8 starts in any 60 s of a server that never proves itself, whatever the demands', () => {
    const step = fc.record({ life: fc.integer({ min: 0, max: 9999 }), idle: fc.integer({ min: 0, max: 40_000 }) });
    const causes = fc.constantFrom<RestartCause>('demand', 'itself');
    fc.assert(
      fc.property(fc.array(fc.tuple(step, causes), { minLength: 1, maxLength: 200 }), (demands) => {
        const starts: number[] = [];
        let now = 0;
        let record = NEVER_STARTED;
        for (const [{ life, idle }, cause] of demands) {
          const decision = nextStart(record, cause, now);
          if (decision.kind === 'rest') {
            now += idle;
            continue;
          }
          now += decision.afterMs;
          starts.push(now);
          record = ended(started(record, now), { proven: false, uptimeMs: life });
          now += life;
        }
        const most = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length));
        expect(most).toBeLessThanOrEqual(8);
      }),
    );
  });
});
