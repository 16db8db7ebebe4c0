import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';

import { MarkdownStream } from '../../src/render/markdown/markdown-stream.ts';
import { markdownText } from '../../src/render/markdown/markdown-text.ts';
import { chunked, coloured, plain, streamed } from './rendering.ts';

function opened(width = 40): MarkdownStream {
  return new MarkdownStream(plain, () => width);
}

describe('MarkdownStream', () => {
  it('gives the same lines however the text is cut', () => {
    fc.assert(
      fc.property(
        chunked,
        fc.constantFrom(plain, coloured),
        fc.integer({ min: 0, max: 90 }),
        (pieces, theme, width) => {
          const whole = streamed([pieces.join('')], theme, width);
          expect(streamed(pieces, theme, width)).toBe(whole);
          expect(markdownText(pieces.join(''), theme, width)).toBe(whole.replace(/\n$/, ''));
          expect(whole).toMatch(/^$|\n$/);
        },
      ),
    );
  });

  it.each(
    [
      ['👨', '‍👩‍👧'],
      ['👨‍', '👩‍👧 x'],
      ['👩', '‍', '💻', '.'],
      ['🧑', '🏽', '‍🚀'],
      ['a', '‍', '👩'],
    ].map((pieces) => [pieces]),
  )('keeps what one emoji is joined of together: %j', (pieces) => {
    expect(streamed(pieces, plain, 40)).toBe(streamed([pieces.join('')], plain, 40));
  });

  it('gives the same lines where blocks are cut at the limit', () => {
    const text = `${'word '.repeat(5000)}\n- ${'東'.repeat(17_000)}\n\`\`\`\n${'x'.repeat(40_000)}\n\`\`\`\n${'> a\n'.repeat(9000)}`;
    const whole = streamed([text], plain, 40);
    for (const size of [1, 16_383, 16_384, 16_385]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
        text.slice(n * size, (n + 1) * size),
      );
      expect(streamed(pieces, plain, 40)).toBe(whole);
    }
  });

  it('shows a tail that is what the end would give', () => {
    fc.assert(
      fc.property(chunked, fc.integer({ min: 10, max: 60 }), (pieces, width) => {
        const stream = new MarkdownStream(coloured, () => width);
        for (const piece of pieces) {
          stream.push(piece);
          for (const row of stream.tail()) expect(stringWidth(row)).toBeLessThanOrEqual(width);
        }
        stream.push('.');
        const tail = stream.tail();
        expect(tail.map((row) => `${row}\n`).join('')).toBe(stream.end());
      }),
    );
  });

  it.each([
    [['Done 🎉'], ['Done 🎉']],
    [
      ['text\n', '- 🎉'],
      ['text', '• 🎉'],
    ],
    [['two 👩\u200d'], ['two 👩']],
    [['half \ud83c'], ['half']],
    [['end\r'], ['end']],
  ])('shows an emoji in the tail before anything comes after it: %j', (pieces, rows) => {
    const stream = new MarkdownStream(plain, () => 40);
    for (const piece of pieces) stream.push(piece);
    expect(stream.tail().map((row) => row.trimEnd())).toEqual(rows);
  });

  it('renders a tail once, until more comes or the width changes', () => {
    let width = 40;
    const stream = new MarkdownStream(plain, () => width);
    stream.push('some words that');
    const first = stream.tail();
    expect(stream.tail()).toBe(first);
    width = 12;
    expect(stream.tail()).toEqual(['some words', 'that']);
    stream.push(' go on');
    expect(stream.tail()).toEqual(['some words', 'that go on']);
    stream.end();
    expect(stream.tail()).toEqual([]);
  });

  it('keeps a block back until it is finished', () => {
    const stream = opened();
    expect(stream.push('A **bo')).toBe('');
    expect(stream.tail()).toEqual(['A **bo']);
    expect(stream.push('ld** word\n')).toBe('');
    expect(stream.push('\n')).toBe('A **bold** word\n');
    expect(stream.tail()).toEqual([]);
    expect(stream.push('\nnext')).toBe('');
    expect(stream.tail()).toEqual(['', 'next']);
    expect(stream.end()).toBe('\nnext\n');
  });

  it('gives out each item of a list once the next one begins', () => {
    const stream = opened();
    expect(stream.push('1. a\n1. b')).toBe('');
    expect(stream.tail()).toEqual(['1. a', '2. b']);
    expect(stream.push('\n')).toBe('1. a\n');
    expect(stream.tail()).toEqual(['2. b']);
    expect(stream.push('\n   more\n\n1. c\n')).toBe('2. b\n\n   more\n');
    expect(stream.tail()).toEqual(['', '3. c']);
  });

  it('gives out lines of code as they come, within a frame that grows', () => {
    const stream = opened(20);
    expect(stream.push('```ts\n')).toBe('╭─ ts ──────────────\n');
    expect(stream.tail()).toEqual(['╰───────────────────']);
    expect(stream.push('let a;\nlet b')).toBe('│ let a;\n');
    expect(stream.tail()).toEqual(['│ let b', '╰───────────────────']);
    expect(stream.push(';\n```\n')).toBe('│ let b;\n╰───────────────────\n');
    expect(stream.tail()).toEqual([]);
  });

  it('waits with a dash that may begin a list', () => {
    const stream = opened();
    stream.push('To do:\n-');
    expect(stream.tail()).toEqual(['To do:']);
    expect(stream.push(' one')).toBe('');
    expect(stream.push('\n')).toBe('To do:\n');
    expect(stream.tail()).toEqual(['• one']);
  });

  it('lets a table grow in the tail', () => {
    const stream = opened();
    expect(stream.push('|a|b|\n|-|-|\n|1|')).toBe('');
    expect(stream.tail()).toEqual(['a │ b', '──┼──', '1 │']);
    expect(stream.push('two|\n\n')).toBe('a │ b\n──┼────\n1 │ two\n');
  });

  it('joins characters and line ends that were cut', () => {
    expect(streamed(['\ud83d', '\ude42\r', '\n\r', 'x\ud83d'], plain, 40)).toBe(
      '🙂\n\\rx\\u{d83d}\n'.replace('\n\\r', ' \\r'),
    );
  });

  it('follows the width of the terminal, and is as new after its end', () => {
    let width = 40;
    const stream = new MarkdownStream(plain, () => width);
    expect(stream.push('one two three\n\n')).toBe('one two three\n');
    width = 10;
    expect(stream.push('one two three\n\n')).toBe('\none two\nthree\n');
    expect(stream.push('1. a')).toBe('');
    expect(stream.end()).toBe('\n1. a\n');
    expect(stream.end()).toBe('');
    expect(stream.push('\n1. b\n\nx\n')).toBe('1. b\n');
  });
});
