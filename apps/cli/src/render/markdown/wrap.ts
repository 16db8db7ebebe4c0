import { stripVTControlCharacters } from 'node:util';

import wrapAnsi from 'wrap-ansi';

import { cut, widthOf } from '../cells.ts';

/** Columns that a block gets at least; with fewer beside its prefix, it stands below the prefix instead. */
const LEAST_COLUMNS = 6;

/** Text, coloured or not, as rows of at most `columns`: broken at spaces, within a word only where it is too long. */
export function wrapped(text: string, columns: number): readonly string[] {
  return wrapAnsi(text, columns, { hard: true })
    .split('\n')
    .flatMap((row) => (widthOf(row) <= columns ? [row] : cut(stripVTControlCharacters(row), columns)));
}

/** Lines of plain text, which keep their indentation as long as they fit. */
export function plainRows(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => (widthOf(line) <= columns ? [line] : wrapped(line, columns)));
}

/** Fills a row up to `columns` with spaces, where the alignment wants them. */
export function padded(row: string, columns: number, align: 'center' | 'left' | 'right' | null = null): string {
  const space = Math.max(0, columns - widthOf(row));
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
  const left = columns - widthOf(first);
  if (left < LEAST_COLUMNS) return [...wrapped(first, columns), ...block(columns)];
  return block(left).map((row, index) => {
    const prefix = index === 0 ? first : rest;
    return row === '' ? prefix.trimEnd() : prefix + row;
  });
}
