import { describe, expect, it } from 'vitest';

import { StderrFlood, floodPieces } from '../../src/faults/stderr-flood.ts';

describe('a flood of stderr', () => {
  it('is of the size that was asked for, in whole lines', () => {
    for (const bytes of [1, 2, 100, 64 * 1024, 200_001]) {
      const pieces = [...floodPieces(bytes)];
      expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(bytes);
      for (const piece of pieces) expect(piece.at(-1)).toBe(0x0a);
    }
  });

  it('is written no faster than it is read, however often it begins', async () => {
    let written = 0;
    let takes = false;
    const flood = new StderrFlood((piece) => {
      written += piece.length;
      return takes;
    });
    for (let count = 0; count < 100; count++) flood.add(1024 * 1024);
    expect(written).toBe(64 * 1024);
    flood.drained();
    expect(written).toBe(2 * 64 * 1024);
    takes = true;
    const over = flood.over();
    flood.drained();
    await over;
    expect(written).toBe(100 * 1024 * 1024);
  });

  it('is written in the pieces in which it is on record, one after another', () => {
    const written: Uint8Array[] = [];
    const flood = new StderrFlood((piece) => {
      written.push(piece);
      return false;
    });
    const floods = [100, 200_001, 0, 64 * 1024, 1];
    for (const bytes of floods) flood.add(bytes);
    const recorded = floods.flatMap((bytes) => [...floodPieces(bytes)]);
    for (const _ of recorded) flood.drained();
    expect(written).toEqual(recorded);
  });

  it('is over where nobody reads it any more, and begins no more', async () => {
    let written = 0;
    const flood = new StderrFlood(() => {
      written++;
      return false;
    });
    flood.add(1024 * 1024);
    flood.add(1024 * 1024);
    const over = flood.over();
    flood.giveUp();
    await expect(over).resolves.toBeUndefined();
    flood.drained();
    flood.add(1024 * 1024);
    await expect(flood.over()).resolves.toBeUndefined();
    expect(written).toBe(1);
  });
});
