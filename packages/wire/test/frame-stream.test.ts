import { type Frame, FrameCounter, FrameStream, type Sender } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cut, places, utf8, wireBytes } from './pieces.ts';

function text({ bytes }: Frame): string {
  return new TextDecoder().decode(bytes);
}

describe('FrameStream', () => {
  it('gives the same frames of one sender however its bytes are chunked', () => {
    fc.assert(
      fc.property(wireBytes, places, (bytes, at) => {
        const frames = (chunks: readonly Uint8Array[]): readonly Frame[] => {
          const stream = new FrameStream();
          const found = chunks.flatMap((chunk) => stream.read('server', chunk, 5));
          return [...found, ...[stream.end('server', 5)].filter((frame) => frame !== undefined)];
        };
        expect(frames(cut(bytes, at))).toEqual(frames([bytes]));
        expect(frames(cut(bytes, at)).map(({ n }) => n)).toEqual(frames([bytes]).map((_, index) => index + 1));
      }),
    );
  });

  it('numbers the frames of both senders in order of their first byte', () => {
    const stream = new FrameStream();
    const read = (from: Sender, bytes: string, us: number): readonly Frame[] => stream.read(from, utf8(bytes), us);
    expect(read('server', 'slow', 10)).toEqual([]);
    const [quick] = read('client', 'quick\n', 20);
    const [slow, next] = read('server', ' one\nnext\nlater', 30);
    const [later] = read('server', '\n', 40);
    expect([quick, slow, next, later].map((frame) => frame && [text(frame), frame.n, frame.us, frame.endUs])).toEqual([
      ['quick', 2, 20, 20],
      ['slow one', 1, 10, 30],
      ['next', 3, 30, 30],
      ['later', 4, 30, 40],
    ]);
  });

  it('gives no frame its number twice, whatever the two senders do', () => {
    const reads = fc.array(
      fc.record({
        from: fc.constantFrom<Sender>('client', 'server'),
        text: fc.constantFrom('a', 'b\n', '\n', 'c\nd', ''),
      }),
    );
    fc.assert(
      fc.property(reads, (all) => {
        const stream = new FrameStream();
        const frames = all.flatMap(({ from, text: each }, index) => stream.read(from, utf8(each), index));
        const ends = (['client', 'server'] as const).map((from) => stream.end(from, all.length));
        const seen = [...frames, ...ends.filter((frame) => frame !== undefined)].toSorted((a, b) => a.n - b.n);
        expect(seen.map(({ n }) => n)).toEqual(seen.map((_, index) => index + 1));
        expect(seen.map(({ us }) => us)).toEqual(seen.map(({ us }) => us).toSorted((a, b) => a - b));
      }),
    );
  });

  it('shares its numbers with the streams that have the same counter', () => {
    const counter = new FrameCounter();
    const [one, other] = [new FrameStream(counter), new FrameStream(counter)];
    const frames = [
      ...one.read('client', utf8('a\n'), 1),
      ...other.read('client', utf8('b\n'), 2),
      ...one.read('server', utf8('c\n'), 3),
    ];
    expect(frames.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(counter.last).toBe(3);
  });

  it('tells when the oldest unfinished frame began', () => {
    const stream = new FrameStream();
    expect(stream.unfinishedSince).toBeUndefined();
    stream.read('server', utf8('ha'), 7);
    stream.read('client', utf8('al'), 9);
    expect(stream.unfinishedSince).toBe(7);
    stream.read('server', utf8('lf\n'), 11);
    expect(stream.unfinishedSince).toBe(9);
    stream.end('client', 12);
    expect(stream.unfinishedSince).toBeUndefined();
  });
});
