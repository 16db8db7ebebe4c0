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

/** A sentence broken at its spaces, its further rows set in, for a terminal of so many columns; whole without one. */
export function hanging(sentence: string, columns: number | undefined): string {
  if (columns === undefined || widthOf(sentence) < columns) return sentence;
  return wrapAnsi(sentence, Math.max(8, columns - 3), { hard: true, trim: false }).replaceAll(/\n ?/g, '\n  ');
}
