import wrapAnsi from 'wrap-ansi';

import { cutAt } from './cells.ts';
import { formatBytes } from './sizes.ts';

/** Columns that a tab stands for. */
const TAB = '  ';

export interface FoldOptions {
  /** Columns and rows that the text may take. */
  readonly columns: number;
  readonly rows: number;
  /** How the whole can be seen, where it can. */
  readonly hint: string | undefined;
}

/** The beginning of a plain text in a limited space, a row each, and, where it is longer, what is missing and how to see it. */
export function folded(text: string, { columns, rows, hint }: FoldOptions): readonly string[] {
  const lines = text.replaceAll('\t', TAB).split('\n');
  const shown: string[] = [];
  let isWhole = true;
  for (const line of lines) {
    if (shown.length > rows) break;
    // One row more than there is room for shows that something is left.
    const part = cutAt(line, columns * (rows + 1));
    isWhole &&= part.length === line.length;
    shown.push(...wrapAnsi(part, columns, { hard: true, trim: false }).split('\n'));
  }
  if (shown.length <= rows && isWhole) return shown;
  const kept = shown.slice(0, Math.max(1, rows - 1));
  return [
    ...kept,
    cutAt(`… ${formatBytes(Buffer.byteLength(text))} in all${hint === undefined ? '' : `: ${hint}`}`, columns),
  ];
}
