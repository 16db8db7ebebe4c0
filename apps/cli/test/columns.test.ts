import { stripVTControlCharacters } from 'node:util';

import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';

import { cut, cutAt, cutColoured, widthOf } from '../src/render/cells.ts';
import { firstRow, fitted, hanging } from '../src/render/columns.ts';
import { folded } from '../src/render/folded.ts';
import { themeFor } from '../src/render/theme.ts';

const { bad, dim, link } = themeFor(true, {});

/** Texts with colours: each word in one, some within each other. */
const coloured = fc
  .array(fc.tuple(fc.constantFrom(bad, link, dim, String), fc.stringMatching(/^[a-z東🙂é ]{0,12}$/u)))
  .map((words) => bad(words.map(([colour, word]) => colour(word)).join(' ')));

/** What is still switched on at the end of a row, and what is left of a sequence that was torn apart. */
function leftOpen(row: string): readonly string[] {
  const open = new Set<string>();
  for (const [, code = ''] of row.matchAll(/\u001b\[(\d+)m/g)) {
    const end = { 31: '39', 34: '39', 2: '22', 4: '24' }[code];
    if (end === undefined) open.delete(code);
    else open.add(end);
  }
  // The words have nothing of the kind.
  return [...open, ...(stripVTControlCharacters(row).match(/[\u001b[\d]+/g) ?? [])];
}

describe('measuring and cutting', () => {
  it('cuts a line at the columns, and keeps every character of it', () => {
    expect(cut('  ab  cd', 3)).toEqual(['  a', 'b  ', 'cd']);
    expect(cut('a東京b', 3)).toEqual(['a東', '京b']);
    expect(cut('🙂🇨🇭e\u0301x', 4)).toEqual(['🙂🇨🇭', 'e\u0301x']);
    expect(cut('', 3)).toEqual(['']);
  });

  it('cuts even a character that is wider than the row', () => {
    expect(cut(`a${'\u0903'.repeat(4)}`, 3).join('')).toBe(`a${'\u0903'.repeat(4)}`);
  });

  it('knows the signs that take one column without a closer look', () => {
    const signs = [
      [0x20, 0x7e],
      [0x2500, 0x259f],
      [0x2800, 0x28ff],
    ].flatMap(([first = 0, last = 0]) =>
      Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
    );
    const all = [...signs, '…', '•', '◦'].join('');
    expect([...new Intl.Segmenter().segment(all)]).toHaveLength(all.length);
    for (const sign of all) expect(stringWidth(sign), sign).toBe(1);
    expect(widthOf(all)).toBe(all.length);
  });

  it('measures as the terminal does, colours or not', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), coloured), (text) => widthOf(text) === stringWidth(text)),
    );
  });

  it('keeps a beginning that fits and cannot be longer, whole characters only', () => {
    expect([cutAt('a東b', 2), cutAt('a東b', 3), cutAt('👨‍👩‍👧x', 1), cutAt('ab', 0), cutAt('ab', 9)]).toEqual([
      'a',
      'a東',
      '',
      '',
      'ab',
    ]);
    expect([fitted('abc', 3), fitted('abcd', 3), fitted('a東b', 3)]).toEqual(['abc', 'ab…', 'a…']);
  });

  it('cuts between the colours, and closes them', () => {
    expect(cutColoured(bad('one two'), 3)).toBe(bad('one'));
    expect(firstRow(`${bad('one')} two`, 5)).toBe(`${bad('one')} …`);
    fc.assert(
      fc.property(coloured, fc.nat({ max: 60 }), (text, columns) => {
        const kept = cutColoured(text, columns);
        expect(widthOf(kept)).toBeLessThanOrEqual(columns);
        expect(stripVTControlCharacters(text).startsWith(stripVTControlCharacters(kept))).toBe(true);
        expect(leftOpen(kept)).toEqual([]);
      }),
    );
  });
});

describe('a sentence', () => {
  it('is broken at spaces, its further rows below its beginning', () => {
    expect(hanging('one two three four', 12, '*  ')).toBe('*  one two \n   three \n   four');
    expect(hanging('one two three four', undefined, '*  ')).toBe('*  one two three four');
    expect(stripVTControlCharacters(hanging('\u001b[31mone two three four\u001b[39m', 12))).toBe(
      hanging('one two three four', 12),
    );
  });

  it('of any length takes a few rows, each with its colours closed', () => {
    fc.assert(
      fc.property(
        coloured,
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 40 }),
        (text, columns, times) => {
          const rows = hanging(text.repeat(times), columns, dim('* ')).split('\n');
          expect(rows.length).toBeLessThanOrEqual(12);
          expect(rows.flatMap(leftOpen)).toEqual([]);
        },
      ),
    );
  });

  it('tells that it is cut, even where what is left takes no columns', () => {
    expect(hanging(`a${'\u0301'.repeat(9000)} end`, 20)).toMatch(/\n {2}…$/);
    expect(folded(`a${'\u0301'.repeat(9000)} end`, { columns: 20, rows: 4, hint: '/show 1' }).at(-1)).toMatch(
      /^… .* in all/,
    );
  });
});
