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

  it('forgets the older half of what one side has open when that is too much, with all that repeats its ids', () => {
    const forgotten: unknown[] = [];
    const tracker = new ExchangeTracker<string>({ most: 4, onForgotten: (...told) => forgotten.push(told) });
    tracker.ask('server', '1', 'of the server');
    for (const [id, asked] of ['a', 'b', 'c'].entries()) tracker.ask('client', String(id), asked);
    tracker.ask('client', '0', 'a again');
    expect(forgotten).toEqual([]);
    expect(tracker.openOf('client')).toBe(4);
    tracker.ask('client', '3', 'd');
    expect(forgotten).toEqual([[['a', 'a again', 'b'], 'client']]);
    expect(tracker.open).toEqual(['c', 'd', 'of the server']);
    expect(tracker.answer('server', '0')).toBeUndefined();
  });

  it('forgets by size, too, but never the only one', () => {
    const forgotten: string[] = [];
    const tracker = new ExchangeTracker<string>({
      most: 10,
      mostSize: 5,
      sizeOf: ({ length }) => length,
      onForgotten: (each) => forgotten.push(...each),
    });
    tracker.ask('client', '1', 'too long');
    tracker.ask('client', '2', 'four');
    expect(forgotten).toEqual(['too long']);
    tracker.answer('server', '2');
    for (const id of ['3', '4', '5', '6', '7']) tracker.ask('client', id, id);
    expect(forgotten).toEqual(['too long']);
    tracker.clear();
    for (const id of ['3', '4', '5', '6', '7']) tracker.ask('client', id, id);
    expect(forgotten).toEqual(['too long']);
    tracker.ask('client', '8', '8');
    expect(forgotten).toEqual(['too long', '3', '4', '5']);
  });

  it('keeps within its bound whatever is asked and answered, and tells of each that it forgets once', () => {
    const step = fc.record({
      who: fc.constantFrom<Sender>('client', 'server'),
      id: fc.constantFrom('1', '2', '3', '4', '5'),
      asks: fc.nat({ max: 3 }).map((n) => n > 0),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (steps, most) => {
        const gone: number[] = [];
        const tracker = new ExchangeTracker<number>({ most, onForgotten: (each) => gone.push(...each) });
        const asked: number[] = [];
        steps.forEach(({ who, id, asks }, index) => {
          if (asks) {
            asked.push(index);
            tracker.ask(who, id, index);
          } else gone.push(...[tracker.answer(who, id)].filter((each) => each !== undefined));
          for (const each of ['client', 'server'] as const) expect(tracker.openOf(each)).toBeLessThanOrEqual(most);
          expect(tracker.openOf('client') + tracker.openOf('server')).toBe(tracker.open.length);
          expect([...gone, ...tracker.open].toSorted((a, b) => a - b)).toEqual(asked);
        });
      }),
    );
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
