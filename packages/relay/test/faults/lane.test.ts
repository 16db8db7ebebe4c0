import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Lane, type Parcel } from '../../src/faults/lane.ts';
import { RelayFrame } from '../../src/relay-frame.ts';

/** A lane whose clock is moved by hand, and what passed on it: the names of the frames. */
function laneWithClock(): { lane: Lane; passed: string[]; at: (ms: number) => void } {
  let now = 0;
  let alarm: { readonly ms: number; readonly run: () => void } | undefined;
  const passed: string[] = [];
  const lane = new Lane({
    pass: ({ bytes }) => void passed.push(Buffer.from(bytes).toString().trim()),
    holds: () => {},
    clock: {
      wallTime: () => '2026-11-20T20:40:00.000Z',
      now: () => now,
      after: (ms, run) => {
        const own = { ms: now + ms, run };
        alarm = own;
        return () => {
          if (alarm === own) alarm = undefined;
        };
      },
    },
  });
  const at = (ms: number): void => {
    while (alarm !== undefined && alarm.ms <= ms) {
      const { run } = alarm;
      now = alarm.ms;
      alarm = undefined;
      run();
    }
    now = ms;
  };
  return { lane, passed, at };
}

function parcel(name: string, delayMs: number, key: number | undefined): Parcel {
  return { frames: [RelayFrame.ours('server', name)], key, delayMs };
}

test('each frame waits for its own time, and for what it belongs to; of those due at once the first that came is first', () => {
  const sent = fc.record({
    after: fc.nat({ max: 4 }),
    delay: fc.nat({ max: 12 }),
    key: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 60 }), (all) => {
      const { lane, passed, at } = laneWithClock();
      const due: { readonly name: string; readonly ms: number }[] = [];
      const lastOf = new Map<number, number>();
      let now = 0;
      for (const [n, { after, delay, key }] of all.entries()) {
        now += after;
        at(now);
        lane.send(parcel(`${n}`, delay, key));
        const ms = Math.max(now + delay, key === undefined ? 0 : (lastOf.get(key) ?? 0));
        if (key !== undefined) lastOf.set(key, ms);
        due.push({ name: `${n}`, ms });
        const expected = due.filter((each) => each.ms <= now).toSorted((a, b) => a.ms - b.ms);
        expect(passed).toEqual(expected.map(({ name }) => name));
      }
      at(now + 100);
      expect(passed).toEqual(due.toSorted((a, b) => a.ms - b.ms).map(({ name }) => name));
    }),
  );
});

test('to let frames wait costs the same for each, however many wait', () => {
  const { lane, passed, at } = laneWithClock();
  const count = 2000;
  let looks = 0;
  for (let n = 0; n < count; n++) {
    const made = parcel(`${n}`, 50 + (n % 10), n);
    lane.send(
      Object.defineProperty({ ...made }, 'key', {
        get: () => {
          looks++;
          return n;
        },
      }),
    );
  }
  at(100);
  expect(passed).toHaveLength(count);
  expect(looks / count, 'looks at each').toBeLessThan(10);
});
