import fc from 'fast-check';
import { assert, describe, expect, it } from 'vitest';

import type { Pace, Passage, RelayFrame } from '../src/relay-frame.ts';
import { PacedPeer, type Written, frameOf } from './paced-peer.ts';

const drip = (bytes: number, everyMs: number): { readonly pace: Pace } => ({ pace: { bytes, everyMs, isRate: false } });

describe('whatever is written, however fast', () => {
  type Step =
    | { readonly kind: 'line'; readonly length: number; readonly pace: Pace | undefined }
    | { readonly kind: 'piece'; readonly length: number; readonly isLast: boolean }
    | { readonly kind: 'wait'; readonly ms: number }
    | { readonly kind: 'full' | 'drained' | 'finish' };
  const pace = fc.record({
    bytes: fc.integer({ min: 1, max: 9 }),
    everyMs: fc.integer({ min: 1, max: 5 }),
    isRate: fc.boolean(),
  });
  const length = fc.nat(30);
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('line'), length, pace: fc.option(pace, { nil: undefined }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('piece'), length, isLast: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('full', 'drained', 'finish') }) },
  );

  it('comes out byte for byte, line by line and in order, each piece in its time, with one timer for all', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const peer = new PacedPeer();
        const lines: string[] = [];
        const longLines: string[] = [];
        let long: string | undefined;
        let bytesIn = 0;
        let isAtOnce = false;
        const paces = new Map<string, Pace>();
        const check = (): void => {
          const waiting = bytesIn - peer.all.length;
          if (long === undefined) assert.strictEqual(peer.held, waiting, 'all that waits is told');
          else assert.isTrue(peer.held >= 0 && peer.held <= waiting, 'what waits for the end of a line is not');
          assert.isAtMost(peer.clock.timers, 1);
        };
        // All of a line is one character, which tells of a piece which line it is of.
        let count = 0;
        const letter = (): string => String.fromCharCode(0x30 + count++);
        for (const each of steps) {
          switch (each.kind) {
            case 'line': {
              const own = letter();
              const text = `${own.repeat(each.length)}\n`;
              if (each.pace !== undefined) paces.set(own, each.pace);
              lines.push(text);
              bytesIn += text.length;
              peer.write(text, { pace: each.pace });
              break;
            }
            case 'piece': {
              const own = long?.at(0) ?? letter();
              const text = own.repeat(each.length + 1) + (each.isLast ? '\n' : '');
              bytesIn += text.length;
              peer.piece(text);
              long = (long ?? '') + text;
              if (!each.isLast) break;
              longLines.push(long);
              long = undefined;
              break;
            }
            case 'wait':
              peer.clock.pass(each.ms);
              break;
            case 'full':
              peer.isFull = true;
              break;
            case 'drained':
              peer.isFull = false;
              peer.writer.drained();
              break;
            case 'finish':
              // With a line open, it is ended: that is another test.
              if (long !== undefined) break;
              peer.writer.finish();
              isAtOnce = true;
              assert.strictEqual(peer.held, 0);
          }
          check();
        }
        if (long !== undefined) {
          peer.piece('\n');
          longLines.push(`${long}\n`);
        }
        peer.isFull = false;
        peer.writer.drained();
        peer.clock.pass(1e6);
        assert.strictEqual(peer.held, 0);
        assert.strictEqual(peer.clock.timers, 0);
        const out = peer.all.split(/(?<=\n)/).filter((text) => text !== '');
        const whole = out.filter((text) => !longLines.includes(text));
        assert.deepEqual(whole, lines);
        assert.deepEqual(
          out.filter((text) => longLines.includes(text)),
          longLines,
        );
        if (!isAtOnce) for (const [own, each] of paces) inTime(peer.written, own, each);
      }),
      { numRuns: 500 },
    );
  });

  function inTime(written: readonly Written[], own: string, { bytes, everyMs, isRate }: Pace): void {
    const pieces = written.filter(({ text }) => text.startsWith(own));
    for (const [index, piece] of pieces.entries()) {
      assert.isAtMost(piece.text.length, bytes);
      const before = pieces[index - 1];
      if (before === undefined) continue;
      const least = isRate ? (everyMs * before.text.length) / bytes : everyMs;
      assert.isAtLeast(piece.at - before.at + 1e-9, least);
    }
  }
});

describe('what is written slowly', () => {
  it('goes piece by piece, and what comes meanwhile waits for its end and the wait behind it', () => {
    const peer = new PacedPeer();
    peer.write('abcdefgh\n', drip(4, 10));
    peer.write('next\n');
    expect(peer.texts).toEqual(['abcd']);
    expect(peer.held).toBe('efgh\nnext\n'.length);
    peer.clock.pass(29);
    expect(peer.texts).toEqual(['abcd', 'efgh', '\n']);
    peer.clock.pass(1);
    expect(peer.texts.slice(3)).toEqual(['next\n']);
    expect([peer.held, peer.clock.timers]).toEqual([0, 0]);
  });

  it('is finished whole, and so is what those write who are told of it', () => {
    const peer = new PacedPeer();
    for (const name of ['first', 'second', 'third'])
      peer.write(`${name}\n`, { ...drip(3, 10), onEnd: () => peer.write(`end of ${name}\n`, drip(3, 10)) });
    peer.writer.finish();
    expect(peer.all).toBe('first\nsecond\nthird\nend of first\nend of second\nend of third\n');
    expect([peer.held, peer.clock.timers]).toEqual([0, 0]);
  });

  it('is finished once, however many want that when they are told', () => {
    const peer = new PacedPeer();
    for (let n = 0; n < 20_000; n++) peer.write(`${n}\n`, { ...drip(3, 10), onEnd: () => peer.writer.finish() });
    peer.clock.pass(10);
    expect(peer.all.split('\n')).toHaveLength(20_001);
    expect([peer.held, peer.clock.timers]).toEqual([0, 0]);
  });

  it('is not written any more once the way is closed', () => {
    const peer = new PacedPeer();
    peer.write('abcdefgh\n', drip(4, 10));
    expect(peer.writer.close()).toEqual([]);
    peer.write('later\n');
    peer.writer.endLine();
    peer.clock.pass(100);
    peer.writer.finish();
    expect(peer.all).toBe('abcd');
    expect([peer.held, peer.clock.timers]).toEqual([0, 0]);
  });

  it('tells right before its first byte and right after its last, also where it is finished at once', () => {
    const told: string[] = [];
    const peer = new PacedPeer();
    const tells = (name: string): Passage => ({
      ...drip(2, 10),
      onBegin: () => told.push(`${name} begins at ${peer.all.length}`),
      onEnd: () => told.push(`${name} ends at ${peer.all.length}`),
    });
    peer.write('abc\n', tells('first'));
    peer.write('def\n', tells('second'));
    peer.clock.pass(19);
    expect(told).toEqual(['first begins at 0', 'first ends at 4']);
    peer.clock.pass(1);
    peer.writer.finish();
    expect(told.slice(2)).toEqual(['second begins at 4', 'second ends at 8']);
    expect(peer.texts).toEqual(['ab', 'c\n', 'de', 'f\n']);
    peer.writer.finish();
    expect(told).toHaveLength(4);
  });

  it('may be finished, or followed by more, by whoever is told of its end', () => {
    const peer = new PacedPeer();
    const onEnd = (): void => {
      peer.write('told\n');
      peer.writer.finish();
    };
    peer.write('abc\n', { ...drip(2, 10), onEnd });
    peer.write('next\n', drip(1, 10));
    peer.clock.pass(10);
    expect(peer.all).toBe('abc\nnext\ntold\n');
    expect([peer.held, peer.clock.timers]).toEqual([0, 0]);
  });

  it('waits where the peer takes no more', () => {
    const peer = new PacedPeer();
    peer.isFull = true;
    peer.write('abc\n', drip(1, 10));
    peer.clock.pass(1000);
    expect(peer.all).toBe('a');
    peer.isFull = false;
    peer.writer.drained();
    expect(peer.all).toBe('ab');
    peer.clock.pass(20);
    expect(peer.all).toBe('abc\n');
  });

  it('ends with its process: the rest is written to nobody, and what waited for its turn to be judged is given back', () => {
    const peer = new PacedPeer();
    peer.write('abc\n', drip(1, 10));
    peer.write('ours\n');
    const judged = frameOf('judged\n');
    peer.writer.write(judged, () => {
      throw new Error('its turn never comes');
    });
    expect(peer.writer.close()).toEqual([judged]);
    expect([peer.all, peer.held, peer.clock.timers]).toEqual(['a', 0, 0]);
  });
});

describe('what waits for its turn', () => {
  it('is judged then, and may be another or nothing by that time', () => {
    const peer = new PacedPeer();
    const turns: string[] = [];
    const judge = (to: string | undefined) => (): RelayFrame | undefined => {
      turns.push(`${to} at ${peer.all.length}`);
      return to === undefined ? undefined : frameOf(to);
    };
    peer.write('ab\n', drip(2, 10));
    peer.writer.write(frameOf('x\n'), judge('other\n'));
    peer.writer.write(frameOf('y\n'), judge(undefined));
    expect(turns).toEqual([]);
    peer.clock.pass(20);
    expect(turns).toEqual(['other\n at 3', 'undefined at 9']);
    expect([peer.all, peer.held]).toEqual(['ab\nother\n', 0]);
  });
});

describe('a line without an end', () => {
  const ours = { isOnOwnLine: true };

  it('goes on with the next frame, where that is not to stand on a line of its own', () => {
    const peer = new PacedPeer();
    peer.write('{"cut":');
    peer.write('{"glued":1}\n');
    peer.write('{"own":1}\n', ours);
    expect(peer.all).toBe('{"cut":{"glued":1}\n{"own":1}\n');
    peer.write('{"cut":', drip(3, 10));
    peer.write('{"own":2}\n', ours);
    peer.clock.pass(100);
    expect(peer.all.split('\n').slice(2)).toEqual(['{"cut":', '{"own":2}', '']);
    expect(peer.written.filter(({ by }) => by === 'mcp-dbg').map(({ text }) => text)).toEqual(['\n']);
  });

  it('is ended when nothing more comes of it, once', () => {
    const peer = new PacedPeer();
    peer.writer.endLine();
    peer.write('{"cut":');
    peer.writer.endLine();
    peer.writer.endLine();
    peer.write('{"next":1}\n');
    expect(peer.all).toBe('{"cut":\n{"next":1}\n');
  });

  it('that came in pieces is ended where whole frames wait for its end, and is left alone else', () => {
    const peer = new PacedPeer();
    peer.piece('{"long":');
    peer.write('{"lost":1}\n', ours);
    expect([peer.all, peer.held]).toEqual(['{"long":', 0]);
    expect(peer.writer.isInPieces).toBe(true);
    peer.writer.finish();
    expect(peer.all).toBe('{"long":\n{"lost":1}\n');
    const last = new PacedPeer();
    last.piece('{"long":');
    last.writer.finish();
    expect(last.all).toBe('{"long":');
    last.piece('"torn');
    last.writer.finish();
    expect([last.all, last.writer.isInPieces]).toEqual(['{"long":"torn', false]);
  });
});
