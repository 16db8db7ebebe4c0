import { describe, expect, it } from 'vitest';

import { columnWidths } from '../../src/render/markdown/column-widths.ts';
import { rows } from './rendering.ts';

const HEAD = '| Name | Count | Place |\n|:--|--:|:-:|\n';

describe('tables', () => {
  it('aligns columns, and counts wide characters, emoji and combining marks right', () => {
    expect(rows(`${HEAD}| a | 1 | 東京 |\n| e\u0301 | 12345 | 🙂 |\n| **b** | | Zürich |`)).toEqual([
      'Name  │ Count │ Place',
      '──────┼───────┼───────',
      'a     │     1 │  東京',
      'é     │ 12345 │   🙂',
      '**b** │       │ Zürich',
    ]);
  });

  it('wraps cells until the table fits, and then parts its rows by lines', () => {
    const text = `${HEAD}| a cell with quite some text in it | 1 | here |\n| b | 2 | there |`;
    expect(rows(text, 40)).toEqual([
      'Name                   │ Count │ Place',
      '───────────────────────┼───────┼──────',
      'a cell with quite some │     1 │ here',
      'text in it             │       │',
      '───────────────────────┼───────┼──────',
      'b                      │     2 │ there',
    ]);
    expect(rows(text, 80)).toEqual([
      'Name                              │ Count │ Place',
      '──────────────────────────────────┼───────┼──────',
      'a cell with quite some text in it │     1 │ here',
      'b                                 │     2 │ there',
    ]);
  });

  it('becomes a list of values where there is no room for columns', () => {
    expect(rows('|first|second|third|\n|-|-|-|\n|one two three|four five|six seven|\n|a|b|c|', 20)).toEqual([
      'first: one two three',
      'second: four five',
      'third: six seven',
      '',
      'first: a',
      'second: b',
      'third: c',
    ]);
    expect(rows('|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n|1|2|3|4|5|6|', 20)).toEqual([
      'a: 1',
      'b: 2',
      'c: 3',
      'd: 4',
      'e: 5',
      'f: 6',
    ]);
  });

  it('loses no cell, even where the header has no column for it', () => {
    expect(rows('| a | b |\n|---|---|\n| 1 | x || y |\n| 2 | 3 | 4 |\n| 5 |', 40)).toEqual([
      'a │ b',
      '──┼───────',
      '1 │ x || y',
      '2 │ 3 | 4',
      '5 │',
    ]);
    expect(rows('| a | b |\n|---|---|\n| `1\\|2` | one<br>two |', 40)).toEqual([
      'a     │ b',
      '──────┼────',
      '`1|2` │ one',
      '      │ two',
    ]);
  });

  it('shows a header that has no rows yet', () => {
    expect(rows('| a | b |\n|---|---|')).toEqual(['a │ b', '──┼──']);
  });
});

describe('columnWidths', () => {
  it('leaves narrow columns what they need and shares the rest', () => {
    expect(columnWidths([3, 100, 5, 50], 48)).toEqual([3, 20, 5, 20]);
    expect(columnWidths([3, 10], 100)).toEqual([3, 10]);
    expect(columnWidths([100, 12], 30)).toEqual([18, 12]);
  });

  it('says when columns would be too narrow', () => {
    expect(columnWidths([9, 9, 9], 14)).toBeUndefined();
    expect(columnWidths([1, 1], -4)).toBeUndefined();
  });
});
