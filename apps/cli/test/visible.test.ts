import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { safeJson, visible } from '../src/render/visible.ts';

/** C0, DEL, C1, bidi and zero-width marks, tag characters, halves of surrogate pairs. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/u;

/** The joiner that makes one emoji of several. */
const IN_EMOJI = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/gu;

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]0;title\u0007',
        '\u202e',
        '\u2066',
        '\u061c',
        '\u200b',
        '\ufeff',
        '\u{e0041}',
        '\u009b',
        '\ud800',
        '\n',
        '\t',
        '\r',
      ),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((parts) => parts.join(''));

describe('visible', () => {
  it('leaves emoji whole, and shows a joiner anywhere else', () => {
    const emoji = '👩‍💻 🏳️‍🌈 👨‍👩‍👧‍👦 🧑🏽‍🚀';
    expect(visible(emoji)).toBe(emoji);
    expect(visible('a\u200db \u200d👩 👩\u200d')).toBe('a\\u{200d}b \\u{200d}👩 👩\\u{200d}');
  });

  it('leaves nothing that a terminal or a reader could be fooled by', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text).replaceAll(IN_EMOJI, '')).not.toMatch(HIDDEN);
        expect(
          visible(text, 'kept')
            .replaceAll(IN_EMOJI, '')
            .replaceAll(/[\n\t]/g, ''),
        ).not.toMatch(HIDDEN);
      }),
    );
  });

  it('shows what was hidden and leaves the rest as it is', () => {
    expect(visible('\u001b[31mred\u001b[0m')).toBe('\\e[31mred\\e[0m');
    expect(visible('abc\u202edef\u{e0041}')).toBe('abc\\u{202e}def\\u{e0041}');
    expect(visible('a\nb\tc\rd\u0000')).toBe('a\\nb\\tc\\rd\\u{0}');
    expect(visible('a\nb\tc\rd', 'kept')).toBe('a\nb\tc\\rd');
    expect(visible('Zürich 東京 🙂 é')).toBe('Zürich 東京 🙂 é');
  });
});

describe('safeJson', () => {
  it('gives JSON of the same value with nothing raw in it', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.jsonValue(), fc.dictionary(hostile, hostile)), (value) => {
        const safe = safeJson(JSON.stringify(value));
        expect(safe).not.toMatch(HIDDEN);
        expect(JSON.parse(safe)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('reads nothing and so keeps digits, the order of keys, and duplicates', () => {
    const raw = '{"b":12345678901234567890,"a":1.0,"b":1e400,\n\t"c":"x\u202ey\u007f\u{e0041}"}';
    expect(safeJson(raw)).toBe(
      String.raw`{"b":12345678901234567890,"a":1.0,"b":1e400,  "c":"x\u202ey\u007f\udb40\udc41"}`,
    );
  });
});
