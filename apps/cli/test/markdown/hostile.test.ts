import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';

import { markdownText } from '../../src/render/markdown/markdown-text.ts';
import { visible } from '../../src/render/visible.ts';
import { coloured, markdown, plain, rows, uncoloured } from './rendering.ts';

const SGR = /\u001b\[(?:[1234]|2[234]|3[0-79]|39|9[0-7])m/g;

describe('hostile text', () => {
  it('gets out nothing hidden and no row that is too wide', () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 10, max: 80 }), (text, width) => {
        for (const theme of [plain, coloured]) {
          const lines = markdownText(text, theme, width).split('\n');
          for (const line of lines) {
            const bare = line.replaceAll(SGR, '');
            expect(visible(bare)).toBe(bare);
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says the same with colours as without, but for the marks', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const letters = (theme: typeof plain): string =>
          uncoloured(markdownText(text, theme, 80)).replaceAll(/[^\p{L}]/gu, '');
        expect(letters(coloured)).toBe(letters(plain));
      }),
    );
  });

  it('loses no word', () => {
    const words = fc.constantFrom(
      'alpha',
      '*beta*',
      '**gamma',
      '`delta`',
      '[eta](theta)',
      '<iota>',
      '[kappa]: x',
      '> lambda',
    );
    const ends = fc.constantFrom(
      ' ',
      ' ',
      '\n',
      '\n\n',
      '\n- ',
      '\n  1. ',
      '\n> ',
      '\n# ',
      '\n```\n',
      '\n    ',
      '\n|',
      '|',
      '\n|-|-|\n',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(words, ends)), (parts) => {
        const text = parts.flat().join('');
        const letters = (from: string): string => from.replaceAll(/[^a-z]/g, '');
        expect(letters(markdownText(text, plain, 1000))).toBe(letters(text));
      }),
      { numRuns: 500 },
    );
  });

  it('shows escape sequences, bidi and tag characters, and control characters, wherever they are', () => {
    expect(rows('\u001b[31m `\u001b]0;t\u0007` [a\u202e](b\u200b)\n\n```\u009b\n\u{e0041}\u0000\n```', 60)).toEqual([
      '\\e[31m `\\e]0;t\\u{7}` a\\u{202e} (b\\u{200b})',
      '',
      `╭─ \\u{9b} ${'─'.repeat(50)}`,
      '│ \\u{e0041}\\u{0}',
      `╰${'─'.repeat(59)}`,
    ]);
  });

  it('takes a width that is none', () => {
    for (const width of [-1, 0, 3, 9.9]) expect(markdownText('one two three', plain, width)).toBe('one two\nthree');
    for (const width of [Number.NaN, Number.POSITIVE_INFINITY]) expect(markdownText('one', plain, width)).toBe('one');
  });

  it('shows what is nested too deep as it was written', () => {
    expect(rows(`${'>'.repeat(40)} a`, 80)).toEqual([`${'>'.repeat(40)} a`]);
    const list = Array.from({ length: 60 }, (_, depth) => `${'  '.repeat(depth)}- ${'x'.repeat(30)}`).join('\n');
    for (const line of rows(list, 12)) expect(line.length).toBeLessThanOrEqual(12);
    expect(rows(list, 12).join('').replaceAll(/[^x]/g, '')).toHaveLength(60 * 30);
  });
});

const MEGABYTE = 1_000_000;

/** One megabyte of each; work that grew with the square of it would not end within the limit of a test. */
const HUGE: Readonly<Record<string, string>> = {
  'one paragraph': 'word '.repeat(MEGABYTE / 5),
  'one word': 'a'.repeat(MEGABYTE),
  'one line of code': `\`\`\`\n${'x'.repeat(MEGABYTE)}`,
  'lines of code': `\`\`\`\n${'let a = 1;\n'.repeat(MEGABYTE / 11)}`,
  'quotes within quotes': '>'.repeat(MEGABYTE),
  'ten thousand quotes on a line': `${'>'.repeat(10_000)} a\n`.repeat(MEGABYTE / 10_003),
  'lists within lists': '- '.repeat(MEGABYTE / 2),
  'ever deeper lists': Array.from({ length: 1000 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join(''),
  'lines of one item': `- a\n${'  b\n'.repeat(MEGABYTE / 4)}`,
  'a table': `|a|b|\n|-|-|\n${'|1|2|\n'.repeat(MEGABYTE / 6)}`,
  'open emphasis': '_a_b '.repeat(MEGABYTE / 5),
  'emphasis in emphasis': `${'*a '.repeat(2700)}${'b* '.repeat(2700)}\n\n`.repeat(MEGABYTE / 16_202),
  'open brackets': '['.repeat(MEGABYTE),
  'open tags': '<a '.repeat(MEGABYTE / 3),
  'blank lines': `- a${'\n'.repeat(MEGABYTE)}`,
  'hidden characters': '\u001b[31m'.repeat(MEGABYTE / 5),
};

describe('a megabyte', () => {
  for (const [name, text] of Object.entries(HUGE)) {
    it(`of ${name}`, () => {
      const shown = markdownText(text, coloured, 40);
      expect(shown.length).toBeGreaterThan(0);
    });
  }
});
