import { stripVTControlCharacters } from 'node:util';

import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Columns that a block gets at least; with fewer beside its prefix, it stands below the prefix instead. */
const LEAST_COLUMNS = 6;

const ASCII = /^[ -~]*$/;
const segmenter = new Intl.Segmenter();

/** Text, coloured or not, as rows of at most `columns`: broken at spaces, within a word only where it is too long. */
export function wrapped(text: string, columns: number): readonly string[] {
  return wrapAnsi(text, columns, { hard: true })
    .split('\n')
    .flatMap((row) => (stringWidth(row) <= columns ? [row] : cut(stripVTControlCharacters(row), columns)));
}

/** Lines of plain text, which keep their indentation as long as they fit. */
export function plainRows(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => (stringWidth(line) <= columns ? [line] : wrapped(line, columns)));
}

/** One line without colours, cut into rows of at most `columns`; together they are the line, character by character. */
export function cut(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const { text, columns: taken } of cells(line, columns)) {
    if (width + taken > columns) {
      rows.push(row);
      row = '';
      width = 0;
    }
    row += text;
    width += taken;
  }
  return [...rows, row];
}

/** Fills a row up to `columns` with spaces, where the alignment wants them. */
export function padded(row: string, columns: number, align: 'center' | 'left' | 'right' | null = null): string {
  const space = Math.max(0, columns - stringWidth(row));
  const left = align === 'right' ? space : align === 'center' ? Math.floor(space / 2) : 0;
  return ' '.repeat(left) + row + ' '.repeat(space - left);
}

/** A block to the right of `first`, and of `rest` from its second row on. */
export function beside(
  first: string,
  rest: string,
  columns: number,
  block: (columns: number) => readonly string[],
): readonly string[] {
  const left = columns - stringWidth(first);
  if (left < LEAST_COLUMNS) return [...wrapped(first, columns), ...block(columns)];
  return block(left).map((row, index) => {
    const prefix = index === 0 ? first : rest;
    return row === '' ? prefix.trimEnd() : prefix + row;
  });
}

interface Cell {
  readonly text: string;
  readonly columns: number;
}

/** What must not be torn apart: a character with all that is combined with it. */
function* cells(line: string, columns: number): Generator<Cell, void> {
  // Letters, digits and signs of ASCII stand alone, so that a row of them needs no closer look.
  if (ASCII.test(line)) {
    for (let start = 0; start < line.length; start += columns) {
      const text = line.slice(start, start + columns);
      yield { text, columns: text.length };
    }
    return;
  }
  for (const { segment } of segmenter.segment(line)) {
    const taken = stringWidth(segment);
    if (taken <= columns) yield { text: segment, columns: taken };
    // Nothing in writing is that wide: hundreds of marks on one letter. They get a row each.
    else for (const text of segment) yield { text, columns };
  }
}
