import { describe, expect, it } from 'vitest';

import { markdownText } from '../../src/render/markdown/markdown-text.ts';
import { coloured, rows } from './rendering.ts';

describe('blocks', () => {
  it('tells the levels of headings apart without colours', () => {
    expect(rows('# One\n## Two\n### Three\n###### Six\ntext')).toEqual([
      'One',
      '═══',
      '',
      'Two',
      '───',
      '',
      '### Three',
      '',
      '###### Six',
      'text',
    ]);
    expect(rows('One\n===\n\nTwo\n---\n\n#')).toEqual(['One', '═══', '', 'Two', '───', '', '#']);
    expect(rows('### A heading that has to go on in a second row')).toEqual([
      '### A heading that has to go on in a',
      '    second row',
    ]);
  });

  it('wraps paragraphs, joins their lines, and breaks where they ask for it', () => {
    const text =
      'A paragraph that is\nwritten in short lines\nand goes on and on.  \nA break\\\nand another.\n\n\n\nNext.';
    expect(rows(text, 40)).toEqual([
      'A paragraph that is written in short',
      'lines and goes on and on.',
      'A break',
      'and another.',
      '',
      'Next.',
    ]);
    expect(rows(text, 80)).toEqual([
      'A paragraph that is written in short lines and goes on and on.',
      'A break',
      'and another.',
      '',
      'Next.',
    ]);
  });

  it('hangs the items of lists, and keeps the blank lines between them', () => {
    const text = [
      '- one item with enough text for two rows of it',
      '- two',
      '  - nested',
      '    1. deep',
      '    2. deeper',
      '',
      '- [ ] to do',
      '- [x] done, with enough text for two rows',
      '',
      '  and a paragraph',
    ].join('\n');
    expect(rows(text)).toEqual([
      '• one item with enough text for two rows',
      '  of it',
      '• two',
      '  ◦ nested',
      '    1. deep',
      '    2. deeper',
      '',
      '[ ] to do',
      '[x] done, with enough text for two rows',
      '',
      '    and a paragraph',
    ]);
  });

  it('numbers a list, and keeps numbers that go up', () => {
    expect(rows('1. a\n1. b\n1. c')).toEqual(['1. a', '2. b', '3. c']);
    expect(rows('9) a\n10) b\n\n    c\n\ntext\n\n1. a\n5. b')).toEqual([
      '9) a',
      '10) b',
      '',
      '    c',
      '',
      'text',
      '',
      '1. a',
      '5. b',
    ]);
    expect(rows('- a\n  1. b\n  1. c\n  7. d\n1. [x] e')).toEqual(['• a', '  1. b', '  2. c', '  7. d', '1. [x] e']);
  });

  it('draws a bar along quotes, and along those within them', () => {
    expect(rows('> A quote that is long enough for two rows\n> of it\n>\n> - item\n> > inner\n\nafter')).toEqual([
      '┃ A quote that is long enough for two',
      '┃ rows of it',
      '┃',
      '┃ • item',
      '┃ ┃ inner',
      '',
      'after',
    ]);
  });

  it('frames code, with its language on the frame, and loses nothing of a long line', () => {
    const text = '```ts\nconst a = 1;\n\n\tconst long = "0123456789 0123456789 0123456789";\n```\nafter';
    expect(rows(text, 40)).toEqual([
      '╭─ ts ──────────────────────────────────',
      '│ const a = 1;',
      '│',
      '│     const long = "0123456789 012345678',
      '┊ 9 0123456789";',
      '╰───────────────────────────────────────',
      'after',
    ]);
    expect(rows(text, 80)).toEqual([
      `╭─ ts ${'─'.repeat(74)}`,
      '│ const a = 1;',
      '│',
      '│     const long = "0123456789 0123456789 0123456789";',
      `╰${'─'.repeat(79)}`,
      'after',
    ]);
  });

  it('frames code that is open, indented, fenced with tildes, or in an item', () => {
    const top = `╭${'─'.repeat(39)}`;
    const bottom = `╰${'─'.repeat(39)}`;
    expect(rows('```\n**a**\n``')).toEqual([top, '│ **a**', '│ ``', bottom]);
    expect(rows('text\n\n    a\n\n      b\n\ntext')).toEqual([
      'text',
      '',
      top,
      '│ a',
      '│',
      '│   b',
      bottom,
      '',
      'text',
    ]);
    expect(rows('~~~~\n~~~\n```\n~~~~')).toEqual([top, '│ ~~~', '│ ```', bottom]);
    expect(rows('1. run\n   ```sh\n   npm i\n   ```\n2. done')).toEqual([
      '1. run',
      '   ╭─ sh ───────────────────────────────',
      '   │ npm i',
      '   ╰────────────────────────────────────',
      '2. done',
    ]);
  });

  it('keeps a rule, a footnote, a definition and HTML as what they are', () => {
    expect(rows('a\n\n---\n\n[a][1] b[^2]\n\n[1]: http://x.y "T"\n[1]: http://z\n[^2]: note')).toEqual([
      'a',
      '',
      '─'.repeat(40),
      '',
      '[a][1] b[^2]',
      '',
      '[1]: http://x.y "T"',
      '[1]: http://z',
      '[^2]: note',
    ]);
    expect(rows('<div>\n  <b>x</b>\n</div>\n\n<!-- c -->')).toEqual([
      '<div>',
      '  <b>x</b>',
      '</div>',
      '',
      '<!-- c -->',
    ]);
  });

  it('colours with no more than sixteen colours and styles', () => {
    expect(markdownText('# A\n\n**b** *c* `d` ~~e~~ http://f\n\n- g\n\n> h', coloured, 40)).toBe(
      [
        '\u001b[1m\u001b[36mA\u001b[39m\u001b[22m',
        '\u001b[1m\u001b[36m═\u001b[39m\u001b[22m',
        '',
        '\u001b[1mb\u001b[22m \u001b[3mc\u001b[23m \u001b[33md\u001b[39m \u001b[2m~~e~~\u001b[22m \u001b[34m\u001b[4mhttp://f\u001b[24m\u001b[39m',
        '',
        '\u001b[36m•\u001b[39m g',
        '',
        '\u001b[2m┃\u001b[22m h',
      ].join('\n'),
    );
  });

  it('has nothing to say about nothing', () => {
    expect(markdownText('', coloured, 40)).toBe('');
    expect(markdownText('\n \n\n', coloured, 40)).toBe('');
  });
});
