import { ExchangeTracker, type Sender, peerOf } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('ExchangeTracker', () => {
  it('pairs an answer with the request of the other side that has its id', () => {
    const tracker = new ExchangeTracker<string>();
    tracker.ask('client', '1', 'of the client');
    tracker.ask('server', '1', 'of the server');
    expect(tracker.answer('client', '1')).toBe('of the server');
    expect(tracker.answer('server', '1')).toBe('of the client');
    expect(tracker.answer('server', '1')).toBeUndefined();
  });

  it('keeps 1, "1" and 9007199254740993 apart', () => {
    const tracker = new ExchangeTracker<string>();
    tracker.ask('client', '"1"', 'text');
    expect(tracker.answer('server', '1')).toBeUndefined();
    tracker.ask('client', '9007199254740992', 'even');
    expect(tracker.answer('server', '9007199254740993')).toBeUndefined();
    expect(tracker.open).toEqual(['text', 'even']);
  });

  it('answers requests of one id in the order in which they were asked', () => {
    const tracker = new ExchangeTracker<number>();
    for (const asked of [1, 2, 3]) tracker.ask('client', '7', asked);
    expect(tracker.find('client', '7')).toBe(1);
    expect([1, 2, 3, 4].map(() => tracker.answer('server', '7'))).toEqual([1, 2, 3, undefined]);
    expect(tracker.find('client', '7')).toBeUndefined();
  });

  it('gives up what is open once', () => {
    const tracker = new ExchangeTracker<string>();
    tracker.ask('client', '1', 'a');
    tracker.ask('client', '2', 'b');
    tracker.answer('server', '1');
    expect(tracker.clear()).toEqual(['b']);
    expect(tracker.clear()).toEqual([]);
    expect(tracker.answer('server', '2')).toBeUndefined();
  });

  it('gives up the older half of what one side has open, with all that repeats its ids', () => {
    const tracker = new ExchangeTracker<string>();
    tracker.ask('server', '1', 'of the server');
    for (const [id, asked] of ['a', 'b', 'c'].entries()) tracker.ask('client', String(id), asked);
    tracker.ask('client', '0', 'a again');
    expect(tracker.forgetHalf('client')).toEqual(['a', 'a again', 'b']);
    expect(tracker.open).toEqual(['c', 'of the server']);
  });

  it('loses and invents nothing', () => {
    const step = fc.record({
      who: fc.constantFrom<Sender>('client', 'server'),
      id: fc.constantFrom('1', '"1"', '2', 'null'),
      asks: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const tracker = new ExchangeTracker<number>();
        const asked: number[] = [];
        const answered: number[] = [];
        steps.forEach(({ who, id, asks }, index) => {
          if (asks) {
            tracker.ask(who, id, index);
            asked.push(index);
            return;
          }
          const found = tracker.answer(who, id);
          if (found === undefined) return;
          expect(steps[found]).toMatchObject({ who: peerOf(who), id });
          answered.push(found);
        });
        expect([...answered, ...tracker.open].toSorted((a, b) => a - b)).toEqual(asked);
        expect(new Set(answered).size).toBe(answered.length);
      }),
    );
  });
});
