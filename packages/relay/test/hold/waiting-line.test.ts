import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type InLine, WaitingLine } from '../../src/hold/waiting-line.ts';

/** Something that waits, and counts how often it is looked at. */
class Item implements InLine {
  static looks = 0;
  readonly exchanges: readonly number[];
  readonly isBarrier: boolean;
  readonly waitsForAll: boolean;
  isOver = false;

  constructor(exchanges: readonly number[], { isBarrier = false, waitsForAll = false } = {}) {
    this.exchanges = exchanges;
    this.isBarrier = isBarrier;
    this.waitsForAll = waitsForAll;
  }

  get isSettled(): boolean {
    Item.looks++;
    return this.isOver;
  }
}

/** What may leave, found by going through all that wait. */
function leaving(items: readonly Item[]): readonly Item[] {
  const held = new Set<number>();
  const going: Item[] = [];
  for (const [index, item] of items.entries()) {
    const stays =
      !item.isOver ||
      (item.waitsForAll && going.length < index) ||
      item.exchanges.some((exchange) => held.has(exchange));
    if (!stays) going.push(item);
    else if (item.isBarrier) break;
    else for (const exchange of item.exchanges) held.add(exchange);
  }
  return going;
}

describe('what waits behind what is held', () => {
  test('leaves as soon as nothing of its exchanges, no barrier and nothing that it waits for is before it', () => {
    const item = fc.record({
      exchanges: fc.uniqueArray(fc.nat({ max: 4 }), { maxLength: 2 }),
      isBarrier: fc.nat({ max: 9 }).map((n) => n === 0),
      waitsForAll: fc.nat({ max: 5 }).map((n) => n === 0),
      isOver: fc.boolean(),
    });
    const step = fc.oneof(
      item.map((added) => ({ added })),
      fc.array(fc.nat({ max: 7 }), { maxLength: 3 }).map((settled) => ({ settled })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const line = new WaitingLine<Item>();
        let model: readonly Item[] = [];
        for (const each of steps) {
          if ('added' in each) {
            const added = new Item(each.added.exchanges, each.added);
            // What need not wait is not put in line.
            added.isOver = each.added.isOver && line.blocks(added);
            line.add(added);
            model = [...model, added];
            continue;
          }
          const settled = each.settled.flatMap((index) => model.at(index) ?? []);
          for (const one of settled) one.isOver = true;
          const going = leaving(model);
          model = model.filter((one) => !going.includes(one));
          expect(line.take(settled)).toEqual(going);
          expect(line.items).toEqual(model);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('leaves one by one at the same cost each, from either end', () => {
    const count = 1000;
    const line = new WaitingLine<Item>();
    const items = Array.from({ length: count }, (_, index) => new Item([index]));
    for (const item of items) line.add(item);
    Item.looks = 0;
    for (const item of [...items.slice(0, count / 2), ...items.slice(count / 2).toReversed()]) {
      item.isOver = true;
      expect(line.take([item])).toEqual([item]);
    }
    expect(Item.looks).toBe(count);
    expect(line.items).toEqual([]);
  });

  test.each([
    ['in one exchange', [1], {}],
    ['behind a barrier', [], { isBarrier: true }],
    ['each before the next', [], { waitsForAll: true }],
  ])('leaves together in great number, %s', (_, exchanges, kind) => {
    const line = new WaitingLine<Item>();
    const first = new Item([1], kind);
    line.add(first);
    const items = Array.from({ length: 300_000 }, () => new Item(exchanges, { waitsForAll: 'waitsForAll' in kind }));
    for (const item of items) {
      item.isOver = true;
      line.add(item);
    }
    first.isOver = true;
    const gone = line.take([first]);
    expect(gone).toHaveLength(items.length + 1);
    expect(gone.every((item, index) => index === 0 || item === items[index - 1])).toBe(true);
    expect(line.items).toEqual([]);
  });
});
