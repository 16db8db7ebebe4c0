import { ProxyError } from '@mcp-dbg/proxy';
import { describe, expect, it } from 'vitest';

import type { Clock } from '../src/clock.ts';
import { Comeback } from '../src/continuity/comeback.ts';

/** A clock that goes on by the waits alone, and keeps them. */
class WaitingClock implements Clock {
  readonly waits: number[] = [];
  at = 0;
  now(): number {
    return this.at;
  }
  wallTime(): string {
    return '2026-11-20T20:40:00.000Z';
  }
  after(ms: number, run: () => void): () => void {
    this.waits.push(ms);
    this.at += ms;
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  }
}

function broken(): {
  clock: WaitingClock;
  starts: number[];
  rests: number[];
  comeback: Comeback;
  settled(): Promise<void>;
} {
  const clock = new WaitingClock();
  const starts: number[] = [];
  const rests: number[] = [];
  const comeback = new Comeback({
    clock,
    start: async () => {
      starts.push(clock.at);
      throw new ProxyError('COMMAND_MISSING', 'no such file');
    },
    onRest: (ms) => rests.push(ms),
    tell: () => {},
  });
  const settled = async (): Promise<void> => {
    while (comeback.isUnderWay) await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, starts, rests, comeback, settled };
}

describe('the brake of restarts', () => {
  it('slows failed starts down, and stops after the fifth wait', async () => {
    const { clock, starts, rests, comeback, settled } = broken();
    comeback.ended({ proven: true, uptimeMs: 5 });
    comeback.begin('itself');
    await settled();
    expect(clock.waits, 'milliseconds between starts; the first two come at once').toEqual([500, 1000, 2000, 4000]);
    expect(starts).toHaveLength(6);
    expect(rests, 'milliseconds until a request is heard').toEqual([30_000]);
  });

  it('tries once for a request, at most once in 30 s, and always for a person', async () => {
    const { clock, starts, rests, comeback, settled } = broken();
    comeback.begin('itself');
    await settled();
    const before = starts.length;
    comeback.begin('demand');
    await settled();
    expect([starts.length, rests.length], 'too early: refused').toEqual([before, 2]);
    comeback.begin('demand');
    comeback.begin('demand');
    expect(rests, 'each demand is told at once, several in one turn as well').toHaveLength(4);
    rests.splice(2);
    clock.at += 30_000;
    comeback.begin('demand');
    await settled();
    expect([starts.length, rests.length], 'tried once, and at rest again').toEqual([before + 1, 3]);
    comeback.begin('user');
    await settled();
    expect(starts.length, 'a person begins the count anew').toBeGreaterThan(before + 2);
  });

  it('starts nothing once it is closed, not even after a wait that was under way', async () => {
    const { starts, comeback, settled } = broken();
    comeback.close();
    comeback.begin('itself');
    await settled();
    expect(starts).toEqual([]);
  });
});
