import { describe, expect, it } from 'vitest';

import { markdownText } from '../../src/render/markdown/markdown-text.ts';
import { coloured, rows } from './rendering.ts';

describe('text within blocks', () => {
  it('keeps the marks where there are no colours to say it', () => {
    expect(rows('**a** __b__ *c* _d_ ~~e~~ `f` ***g***', 80)).toEqual(['**a** **b** *c* *d* ~~e~~ `f` ***g***']);
  });

  it('shows where a link leads, once', () => {
    expect(rows('[text](http://x.y "title") [http://x.y](http://x.y) <http://x.y> <a@b.c> www.x.y', 80)).toEqual([
      'text (http://x.y "title") http://x.y http://x.y a@b.c www.x.y',
    ]);
    expect(rows('[](http://x.y) [a]() [**b**](c)', 80)).toEqual(['(http://x.y) a **b** (c)']);
  });

  it('shows what an image would show, and where it is', () => {
    expect(rows('![a *b*](http://x.y/z.png "t") ![](u) [![i](j)](k)', 80)).toEqual([
      '[image: a *b*] (http://x.y/z.png "t") [image: ] (u) [image: i] (j) (k)',
    ]);
  });

  it('reads escapes and the usual references, and leaves HTML as text', () => {
    expect(rows('\\*a\\* &lt;b&gt; &amp;amp; &#27; &copy; <b>c</b> `&lt;`<br>d', 80)).toEqual([
      '*a* <b> &amp; \\e &copy; <b>c</b> `&lt;`',
      'd',
    ]);
    expect(rows('R&D &#38;lt; &#8212; &#x202e;a&#10;b&#9;c [d](http://x.y?a=1&b=2)', 80)).toEqual([
      'R&D &lt; — \\u{202e}a b    c d (http://x.y?a=1&b=2)',
    ]);
  });

  it('closes and opens styles at the ends of rows', () => {
    expect(markdownText('**one two**', coloured, 10)).toBe('\u001b[1mone two\u001b[22m');
    expect(markdownText('**one two three**', coloured, 10)).toBe(
      '\u001b[1mone two\u001b[22m\n\u001b[1mthree\u001b[22m',
    );
  });

  it('breaks words that are longer than a row', () => {
    expect(rows('see http://example.com/a/long/path', 20)).toEqual(['see http://example.c', 'om/a/long/path']);
    expect(rows('東京東京東京', 10)).toEqual(['東京東京東', '京']);
  });
});
