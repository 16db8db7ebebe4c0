import { expect, test } from 'vitest';

import { RecentWire } from '../src/chat/recent-wire.ts';

const MIB = 1024 * 1024;

function said(wire: RecentWire, us: number, text: string): void {
  wire.see({ type: 'stderr', server: 'one', us, text });
}

function kept(wire: RecentWire): readonly number[] {
  return Array.from(wire.entries, ({ us }) => us);
}

test('keeps the newest, up to 32 MiB and never less than half of it', () => {
  const wire = new RecentWire();
  const text = 'x'.repeat(MIB);
  for (let us = 1; us <= 200; us++) {
    said(wire, us, text);
    const all = kept(wire);
    expect(all.at(-1)).toBe(us);
    expect(all.length).toBeLessThan(32);
    expect(all.length).toBeGreaterThanOrEqual(Math.min(us, 15));
  }
});

test('keeps the newest even where it takes more than half', () => {
  const wire = new RecentWire();
  for (let us = 1; us <= 20; us++) said(wire, us, 'x'.repeat(MIB));
  said(wire, 21, 'x'.repeat(20 * MIB));
  expect(kept(wire)).toEqual([21]);
});
