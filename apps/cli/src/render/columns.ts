import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Code units that one column may take at most before text is looked at character by character. */
const UNITS_PER_COLUMN = 16;

const characters = new Intl.Segmenter();

/** Columns that a text takes in a terminal; colours take none, wide characters and emoji two. */
export function widthOf(text: string): number {
  return /^[\u0020-\u007e]*$/.test(text) ? text.length : stringWidth(text);
}

/** The beginning of a plain text that fits into so many columns, whole characters only. */
export function cutAt(text: string, columns: number): string {
  // However long the text is, no more of it is looked at than can count.
  const candidate = text.slice(0, Math.max(0, columns) * UNITS_PER_COLUMN);
  if (widthOf(candidate) <= columns) return candidate;
  let width = 0;
  let kept = '';
  for (const { segment } of characters.segment(candidate)) {
    width += widthOf(segment);
    if (width > columns) break;
    kept += segment;
  }
  return kept;
}

/** A plain text in so many columns at most; what is cut off is told by a mark. */
export function fitted(text: string, columns: number): string {
  const kept = cutAt(text, columns);
  return kept.length === text.length ? text : `${cutAt(text, columns - 1)}…`;
}

/** Rows that a sentence takes at most: what a server says of itself can be of any length. */
const MAX_ROWS = 12;

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
  const rows = wrapAnsi(sentence.slice(0, width * MAX_ROWS * 2), width - left, WRAP).split('\n');
  const shown = rows.length > MAX_ROWS ? [...rows.slice(0, MAX_ROWS - 1), '…'] : rows;
  return shown.map((row, index) => (index === 0 ? start + row : ' '.repeat(left) + row.trimStart())).join('\n');
}

/** The first row of a line, which may be coloured, where it does not fit into so many columns. */
export function firstRow(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  const [row = ''] = wrapAnsi(line, columns - 1, { ...WRAP, wordWrap: false }).split('\n');
  return `${row}…`;
}

const WRAP = { hard: true, trim: false } as const;
