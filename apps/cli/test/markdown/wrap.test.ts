import { describe, expect, it } from 'vitest';

import { beside, padded, plainRows, wrapped } from '../../src/render/markdown/wrap.ts';

describe('wrap', () => {
  it('wraps at spaces, and leaves colours out of the count', () => {
    expect(wrapped('one two', 5)).toEqual(['one', 'two']);
    expect(wrapped('\u001b[1mone two\u001b[22m', 7)).toEqual(['\u001b[1mone two\u001b[22m']);
    // A heart, and the mark that makes it two columns wide, with a colour between them.
    expect(wrapped('aa\u2764\u001b[1m\ufe0f\u001b[22m', 3)).toEqual(['aa', '\u2764\ufe0f']);
  });

  it('keeps the indentation of a line that fits', () => {
    expect(plainRows('  a\n\n    b', 10)).toEqual(['  a', '', '    b']);
  });

  it('fills a row on the side that the alignment says', () => {
    expect([padded('東', 5), padded('東', 5, 'right'), padded('東', 5, 'center'), padded('long', 2)]).toEqual([
      '東   ',
      '   東',
      ' 東  ',
      'long',
    ]);
  });

  it('puts a block below its prefix where there is no room beside it', () => {
    const block = (columns: number): readonly string[] => [`${columns}`, '', 'x'];
    expect(beside('> ', '  ', 10, block)).toEqual(['> 8', '', '  x']);
    expect(beside('1000000. ', '', 10, block)).toEqual(['1000000.', '10', '', 'x']);
  });
});
