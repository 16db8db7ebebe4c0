import { stripVTControlCharacters } from 'node:util';

import fc from 'fast-check';

import { MarkdownStream } from '../../src/render/markdown/markdown-stream.ts';
import { markdownText } from '../../src/render/markdown/markdown-text.ts';
import { type Theme, themeFor } from '../../src/render/theme.ts';

export const plain: Theme = themeFor(false, {});
export const coloured: Theme = themeFor(false, { FORCE_COLOR: '1' });

/** The rows of a Markdown text without colours. */
export function rows(text: string, width = 40): readonly string[] {
  return markdownText(text, plain, width).split('\n');
}

/** The same, given to a stream in pieces. */
export function streamed(pieces: readonly string[], theme: Theme, width: number): string {
  const stream = new MarkdownStream(theme, () => width);
  return pieces.map((piece) => stream.push(piece)).join('') + stream.end();
}

export function uncoloured(text: string): string {
  return stripVTControlCharacters(text);
}

/** Whole lines and marks that mean something to Markdown, in any order: most of it is what nobody would write. */
const FRAGMENTS: readonly string[] = [
  [
    '# ',
    '### ',
    '- ',
    '* ',
    '1. ',
    '7) ',
    '> ',
    '>',
    '- [ ] ',
    '    ',
    '  ',
    '\t',
    '\n',
    '\n\n',
    '  \n',
    '\\\n',
    '\r\n',
  ],
  [
    '```',
    '```ts\n',
    '~~~\n',
    '`',
    '``',
    '*',
    '**',
    '_',
    '~~',
    '[',
    '](',
    ')',
    '![',
    '<',
    '>',
    '<b>',
    '<br>',
    '&lt;',
    '&#27;',
    '&#x202e;',
    '&#9;',
    '&#10;',
    '&#xd800;',
  ],
  ['| a | b |\n|---|:-:|\n', '| 1 | 2 |\n', '|', '\\|', '---\n', '===\n', '[a]: http://x.y\n', 'http://a.b/c ', '\\'],
  [
    'word ',
    'a long word and a few more of them ',
    '東京',
    '🙂',
    '👨‍👩‍👧',
    'e\u0301',
    '🇨🇭',
    'ᄒ',
    'ｶﾞ',
    '\u001b[31m',
    '\u202e',
    '\u{e0041}',
  ],
].flat();

export const markdown: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...FRAGMENTS) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** A text, and where it is cut into pieces. */
export const chunked: fc.Arbitrary<readonly string[]> = fc
  .tuple(markdown, fc.array(fc.nat({ max: 300 }), { maxLength: 30 }))
  .map(([text, cuts]) => {
    const places = [0, ...cuts.map((at) => Math.min(at, text.length)).toSorted((a, b) => a - b), text.length];
    return places.slice(1).map((end, index) => text.slice(places[index], end));
  });
