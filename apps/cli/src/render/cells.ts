import { stripVTControlCharacters } from 'node:util';

import stringWidth from 'string-width';

import { segmenter } from './segmenter.ts';

/** ASCII, and the signs that we draw with: each stands alone and takes one column, so that they need no closer look. */
const NARROW = /^[ -~─-▟⠀-⣿…•◦]*$/;

/** Code units that one column may take at most before text is looked at character by character. */
const UNITS_PER_COLUMN = 16;

const ESCAPE = '\u001b';
const COLOUR = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

/** Columns that a text takes in a terminal; colours take none, wide characters and emoji two. */
export function widthOf(text: string): number {
  const plain = text.includes(ESCAPE) ? stripVTControlCharacters(text) : text;
  return NARROW.test(plain) ? plain.length : stringWidth(text);
}

/** The beginning of a plain text that fits into so many columns, whole characters only. */
export function cutAt(text: string, columns: number): string {
  if (columns <= 0) return '';
  // However long the text is, no more of it is looked at than can count.
  const candidate = text.slice(0, columns * UNITS_PER_COLUMN);
  let width = 0;
  let end = 0;
  for (const cell of cells(candidate, columns)) {
    width += cell.columns;
    if (width > columns) break;
    end += cell.text.length;
  }
  return candidate.slice(0, end);
}

/** The same of a text with colours. What colours the rest stays too, so that whatever is opened is closed. */
export function cutColoured(text: string, columns: number): string {
  let left = columns;
  return text
    .split(COLOUR)
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = cutAt(part, left);
      left = kept.length === part.length ? left - widthOf(kept) : 0;
      return kept;
    })
    .join('');
}

/** One line without colours, cut into rows of at most `columns`; together they are the line, character by character. */
export function cut(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  const add = (text: string, taken: number): void => {
    if (width + taken > columns) {
      rows.push(row);
      row = '';
      width = 0;
    }
    row += text;
    width += taken;
  };
  for (const cell of cells(line, columns)) {
    if (cell.columns <= columns) add(cell.text, cell.columns);
    // Nothing in writing is that wide: hundreds of marks on one letter. They get a row each.
    else for (const text of cell.text) add(text, columns);
  }
  return [...rows, row];
}

interface Cell {
  readonly text: string;
  readonly columns: number;
}

/** What must not be torn apart: a character with all that is combined with it; or up to `most` that stand alone. */
function* cells(line: string, most: number): Generator<Cell, void> {
  if (NARROW.test(line)) {
    for (let start = 0; start < line.length; start += most) {
      const text = line.slice(start, start + most);
      yield { text, columns: text.length };
    }
    return;
  }
  for (const { segment } of segmenter.segment(line)) yield { text: segment, columns: widthOf(segment) };
}
