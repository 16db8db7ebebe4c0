import { widthOf } from './cells.ts';
import { columnWidths } from './markdown/column-widths.ts';
import { padded, wrapped } from './markdown/wrap.ts';
import type { Theme } from './theme.ts';

/** Columns of what stands between two columns of a grid. */
const BETWEEN = 3;

/** Where the text of a column stands; null for the left. */
export type Align = 'center' | 'left' | 'right' | null;

/** A table whose cells may be coloured. */
export interface Grid {
  readonly header: readonly string[];
  readonly body: readonly (readonly string[])[];
  readonly align: readonly Align[];
}

/** A table, its cells wrapped until it fits into so many columns; undefined where it cannot. */
export function gridRows({ header, body, align }: Grid, theme: Theme, columns: number): readonly string[] | undefined {
  const needed = header.map((cell, index) =>
    widest([cell, ...body.map((row) => row[index] ?? '')].flatMap((text) => text.split('\n'))),
  );
  const widths = columnWidths(needed, columns - BETWEEN * (header.length - 1));
  if (widths === undefined) return undefined;
  const rows = [header, ...body].map((row) => widths.map((width, index) => wrapped(row[index] ?? '', width)));
  // Words seldom fill a row to its end.
  const taken = widths.map((_, index) => widest(rows.flatMap((row) => row[index] ?? [])));
  const [top = [], ...blocks] = rows.map((row) => rowLines(row, taken, align, theme));
  const rule = theme.frame(taken.map((width) => '─'.repeat(width)).join('─┼─'));
  // Where cells wrap, only a line tells where one row ends and the next begins.
  const isRuled = blocks.some((lines) => lines.length > 1);
  return [...top, rule, ...blocks.flatMap((lines, index) => (isRuled && index > 0 ? [rule, ...lines] : lines))];
}

function widest(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, widthOf(line)), 1);
}

function rowLines(
  cells: readonly (readonly string[])[],
  widths: readonly number[],
  align: readonly Align[],
  theme: Theme,
): readonly string[] {
  const height = cells.reduce((most, lines) => Math.max(most, lines.length), 1);
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, index) => padded(lines[line] ?? '', widths[index] ?? 0, align[index]))
      .join(` ${theme.frame('│')} `)
      .trimEnd(),
  );
}
