import type { Entry } from '@mcp-dbg/capture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Entries, inTimeOrder } from '../../src/export/in-time-order.ts';
import { OPEN, entriesOf, result, rpc, said } from './made-capture.ts';

/** An exchange whose request and answer hold `size` bytes each. */
function exchange(n: number, us: number, answer: { readonly n: number; readonly us: number }, size = 1): Entry {
  const frame = (place: { readonly n: number; readonly us: number }): object => ({
    ...place,
    endUs: place.us,
    bytes: { length: size },
  });
  return {
    kind: 'exchange',
    us,
    conn: 1,
    exchange: { n, us, kind: 'request', frame: frame({ n, us }), answer: frame(answer) },
  } as unknown as Entry;
}

async function numbers(entries: Entries): Promise<readonly number[]> {
  const all: number[] = [];
  for await (const moment of inTimeOrder(entries)) if (moment.kind === 'frame') all.push(moment.frame.n);
  return all;
}

describe('inTimeOrder', () => {
  it('gives an answer where it began, also one that began before its request', async () => {
    const entries = [
      exchange(1, 10, { n: 5, us: 50 }),
      exchange(3, 20, { n: 2, us: 15 }),
      exchange(4, 50, { n: 6, us: 60 }),
    ];
    expect(await numbers(entries)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives every frame once, in order of time and number, whenever answers come', async () => {
    const waits = fc.array(fc.nat(50), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(waits, async (all) => {
        // Numbers follow the order of first bytes, of requests and answers together.
        const places = all
          .flatMap((wait, at) => [
            { at, us: at * 10, isAnswer: false },
            { at, us: at * 10 + wait * 7, isAnswer: true },
          ])
          .toSorted((one, other) => one.us - other.us)
          .map((place, index) => ({ ...place, n: index + 1 }));
        const entries = places.flatMap(({ at, n, us, isAnswer }) => {
          const answer = places.find((place) => place.isAnswer && place.at === at);
          return isAnswer || answer === undefined ? [] : [exchange(n, us, answer)];
        });
        expect(await numbers(entries)).toEqual(places.map(({ n }) => n));
      }),
    );
  });

  it('does not mix captures that follow one another', async () => {
    const one = [OPEN, said('client', rpc(1, 'a')), said('server', result(1), { after: 1_000_000 })];
    expect(await numbers(await entriesOf([...one, ...one]))).toEqual([1, 2, 3, 4]);
  });

  it.each([
    { what: '32 MiB of answers', size: 1024 * 1024, total: 100, held: 32 },
    { what: '10,000 answers', size: 1, total: 10_100, held: 10_000 },
  ])('holds $what at most: then the oldest comes out early, and none is lost', async ({ size, total, held }) => {
    let asked = 0;
    const entries = function* (): Generator<Entry> {
      while (asked < total) yield exchange(++asked, asked, { n: asked + total, us: asked + total * 10 }, size);
    };
    const all: number[] = [];
    let askedAtFirst = 0;
    for await (const moment of inTimeOrder(entries())) {
      if (moment.kind !== 'frame') continue;
      if (moment.isAnswer && askedAtFirst === 0) askedAtFirst = asked;
      all.push(moment.frame.n);
    }
    expect(Math.abs(askedAtFirst - held)).toBeLessThanOrEqual(2);
    expect(new Set(all).size).toBe(total * 2);
    expect(all).toHaveLength(total * 2);
  });
});
