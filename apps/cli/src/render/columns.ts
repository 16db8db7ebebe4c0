import wrapAnsi from 'wrap-ansi';

import { cutAt, cutColoured, widthOf } from './cells.ts';

/** Rows that a sentence takes at most: what a server says of itself can be of any length. */
const MAX_ROWS = 12;

/** A plain text in so many columns at most; what is cut off is told by a mark. */
export function fitted(text: string, columns: number): string {
  const kept = cutAt(text, columns);
  return kept.length === text.length ? text : `${cutAt(text, columns - 1)}…`;
}

/** The same of a line that may be coloured. */
export function firstRow(line: string, columns: number): string {
  const kept = cutColoured(line, columns);
  return kept.length === line.length ? line : `${cutColoured(line, columns - 1)}…`;
}

/** The space at which a row was broken, behind the colour that begins it. */
// oxlint-disable-next-line no-control-regex -- it begins with a control character
const BREAK = /(?<=^(?:\u001b\[[\d;]*m)*) +/;

/**
 * A sentence, which may be coloured, behind `start`; broken at its spaces for a terminal of so many columns, its further
 * rows set in, and cut where it would take more than a few rows. Whole where there is no terminal.
 */
export function hanging(sentence: string, columns: number | undefined, start: string = ''): string {
  const whole = start + sentence;
  if (columns === undefined || (whole.length < columns && widthOf(whole) < columns)) return whole;
  const width = Math.max(8, columns - 1);
  const indent = Math.max(2, widthOf(start));
  const left = indent > width / 2 ? 2 : indent;
  // What fills one row too many shows that something is left.
  const part = cutColoured(sentence, (width - left) * (MAX_ROWS + 1));
  const rows = wrapAnsi(part, width - left, { hard: true, trim: false }).split('\n');
  const isWhole = part.length === sentence.length && rows.length <= MAX_ROWS;
  const shown = isWhole ? rows : [...rows.slice(0, MAX_ROWS - 1), '…'];
  return shown.map((row, index) => (index === 0 ? start + row : ' '.repeat(left) + row.replace(BREAK, ''))).join('\n');
}
