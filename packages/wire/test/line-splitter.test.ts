import { type Line, LineSplitter } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cut, places, utf8, wireBytes } from './pieces.ts';

function split(chunks: readonly Uint8Array[]): readonly Line[] {
  const splitter = new LineSplitter();
  const lines = chunks.flatMap((chunk) => splitter.push(chunk));
  const last = splitter.end();
  return last === undefined ? lines : [...lines, last];
}

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are chunked', () => {
    fc.assert(
      fc.property(wireBytes, places, (bytes, at) => {
        expect(split(cut(bytes, at))).toEqual(split([bytes]));
      }),
    );
  });

  it('gives every byte back: lines and newlines make up what came in', () => {
    fc.assert(
      fc.property(wireBytes, places, (bytes, at) => {
        const lines = split(cut(bytes, at));
        const again = lines.flatMap((line) => [...line.bytes, ...(line.terminated ? [0x0a] : [])]);
        expect(again).toEqual(Array.from(bytes));
        expect(lines.slice(0, -1).every(({ terminated }) => terminated)).toBe(true);
      }),
    );
  });

  it('cuts at 0x0A and nowhere else', () => {
    const lines = split([utf8('a\u{2028}b\u{2029}c\rd\u0085e\r\nf')]);
    expect(lines).toEqual([
      { bytes: utf8('a\u{2028}b\u{2029}c\rd\u0085e\r'), terminated: true },
      { bytes: utf8('f'), terminated: false },
    ]);
  });

  it('tells whether it holds an unfinished line, and starts anew after the end', () => {
    const splitter = new LineSplitter();
    expect(splitter.midLine).toBe(false);
    splitter.push(utf8('half'));
    expect(splitter.midLine).toBe(true);
    expect(splitter.end()).toEqual({ bytes: utf8('half'), terminated: false });
    expect(splitter.midLine).toBe(false);
    expect(splitter.end()).toBeUndefined();
    expect(splitter.push(utf8('\n'))).toEqual([{ bytes: utf8(''), terminated: true }]);
  });

  it('does not copy a line that lies in one chunk', () => {
    const chunk = utf8('one\ntwo\n');
    for (const line of split([chunk])) expect(line.bytes.buffer).toBe(chunk.buffer);
  });

  it('takes time in proportion to the bytes, however small the chunks are', () => {
    // A splitter that joined what it holds at every chunk would copy 2 TB here.
    const splitter = new LineSplitter();
    const chunk = utf8('0123456789');
    for (let count = 0; count < 600_000; count++) splitter.push(chunk);
    expect(splitter.push(utf8('\n'))[0]?.bytes.length).toBe(6_000_000);
  });
});
