import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DARK, LIGHT, ansiSvg } from '../../scripts/docs/ansi-svg.ts';
import { readAnsi } from '../../scripts/docs/ansi.ts';

const rowsOf = (text: string, columns = 100): readonly string[] =>
  readAnsi(text, columns).map((row) => row.map((cell) => cell.text).join(''));
const draw = (text: string): string => ansiSvg(text, { theme: DARK, title: 'a <demo> & more' });

/** The texts of a drawing, as [x, length, class, content]. */
const textsOf = (svg: string): readonly (readonly string[])[] =>
  [...svg.matchAll(/<text x="([^"]+)" y="[^"]+" textLength="([^"]+)"(?: class="([^"]*)")?>([^<]*)<\/text>/g)].map(
    ([, x = '', length = '', classes = '', content = '']) => [x, length, classes, content],
  );

describe('what is read', () => {
  test('colours and styles stand from their sequence to the one that ends them', () => {
    const [row = []] = readAnsi('\x1b[1;31mA\x1b[22mB\x1b[39;3mC\x1b[0mD\x1b[2;4mE\x1b[mF', 100);
    expect(row.map(({ look }) => look)).toEqual([
      { bold: true, colour: 1 },
      { bold: false, dim: false, colour: 1 },
      { bold: false, dim: false, colour: undefined, italic: true },
      {},
      { dim: true, underline: true },
      {},
    ]);
  });

  test('of 256 colours the first 16 are known, and others change nothing', () => {
    const [row = []] = readAnsi('\x1b[38;5;9mA\x1b[38;5;200mB\x1b[38;2;1;2;3mC\x1b[48;5;4mD\x1b[95;103mE', 100);
    expect(row.map(({ look }) => [look.colour, look.background])).toEqual([
      [9, undefined],
      [9, undefined],
      [9, undefined],
      [9, 4],
      [13, 11],
    ]);
  });

  test('a long row goes on in the next, at a blank or behind a comma near its end, or where it must', () => {
    expect(rowsOf('one two three', 9)).toEqual(['one two', 'three']);
    expect(rowsOf('{"abc":1,"b":2}', 10)).toEqual(['{"abc":1,', '"b":2}']);
    expect(rowsOf('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(rowsOf('日本語日本', 5)).toEqual(['日本', '語日', '本']);
  });

  test('a wide character takes two columns, a cluster of marks or joined pictures one place', () => {
    const [row = []] = readAnsi('日e\u0301👩‍👩‍👧x', 100);
    expect(row.map(({ text, columns }) => [text, columns])).toEqual([
      ['日', 2],
      ['e\u0301', 1],
      ['👩‍👩‍👧', 2],
      ['x', 1],
    ]);
  });

  test('a tab leads to the next stop', () => {
    expect(rowsOf('ab\tc')).toEqual(['ab      c']);
  });

  test('other sequences, control characters and what turns text around leave no trace', () => {
    expect(
      rowsOf('a\x1b[2J\x1b]0;title\x07b\x1b]8;;http://x/\x1b\\c\x00\x07\u202e\u200b\u{e0041}d\x1b(B\x1b7e\x1b['),
    ).toEqual(['abcde']);
  });
});

describe('what is drawn', () => {
  test('each run has its column and its length', () => {
    expect(textsOf(draw('\x1b[32mok\x1b[39m  \x1b[1m日本\x1b[22m end'))).toEqual([
      ['20', '15.6', 'c2', 'ok'],
      ['51.2', '15.6', 'b', '日'],
      ['66.8', '15.6', 'b', '本'],
      ['90.2', '23.4', '', 'end'],
    ]);
  });

  test('the height grows with the rows and the width with the columns', () => {
    const sizeOf = (svg: string): readonly number[] =>
      (/width="(\d+)" height="(\d+)"/.exec(svg) ?? []).slice(1).map(Number);
    const [width = 0, height = 0] = sizeOf(draw('a'));
    expect(sizeOf(draw('a\nb\nc'))).toEqual([width, height + 2 * 19]);
    expect(sizeOf(ansiSvg('a', { theme: LIGHT, title: 'x', columns: 50 }))).toEqual([width - 390, height]);
  });

  test('a background is a box of its own below the text', () => {
    expect(draw('\x1b[41mx y\x1b[49m')).toMatch(
      /<rect x="20" y="\d+" width="23.4" height="19" fill="#ff7b72"\/>\s*<text/,
    );
  });

  test('markup in the text and the title stays text', () => {
    const svg = draw('<script>alert("1")</script>&amp;]]>\x1b[31m<\x1b[39m');
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;]]&gt;');
    expect(svg).toContain('<title>a &lt;demo&gt; &amp; more</title>');
  });

  test('whatever the text is, the drawing is well-formed and no row is wider than the window', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          '\x1b[31m',
          '\x1b[',
          '\x1b]8;;',
          '\ud800',
          '\uffff',
          '<',
          '&',
          '"',
          '\t',
          '\n',
          '日',
          '\u202e',
          '👩‍👧',
        ),
      ),
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const svg = draw(parts.join(''));
        // What is left without tags, attributes and entities holds nothing that XML would trip over.
        const text = svg.replaceAll(/<\/?\w+( [\w:-]+="[^"<]*")*\/?>/g, '').replaceAll(/&(amp|lt|gt|quot);/g, '');
        expect(text).not.toMatch(/[<&]|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u);
        for (const [x, length] of textsOf(svg)) expect(Number(x) + Number(length)).toBeLessThanOrEqual(800.01);
      }),
    );
  });
});
