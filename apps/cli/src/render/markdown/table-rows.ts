import type { Tokens } from 'marked';

import { widthOf } from '../cells.ts';
import type { Theme } from '../theme.ts';
import { columnWidths } from './column-widths.ts';
import { inlineText } from './inline-text.ts';
import { ownTokens, tokensOf } from './lex.ts';
import { padded, wrapped } from './wrap.ts';

/** Columns of what stands between two columns of a table. */
const BETWEEN = 3;

/** A table, its cells wrapped until it fits; where it cannot, each of its rows as lines of `header: value`. */
export function tableRows(source: Tokens.Table, theme: Theme, columns: number): readonly string[] {
  const table = withAllCells(source);
  const header = table.header.map((cell) => theme.strong(cellText(cell, theme)));
  const body = table.rows.map((row) => row.map((cell) => cellText(cell, theme)));
  const needed = header.map((cell, index) =>
    widest([cell, ...body.map((row) => row[index] ?? '')].flatMap((text) => text.split('\n'))),
  );
  const widths = columnWidths(needed, columns - BETWEEN * (header.length - 1));
  if (widths === undefined) return recordRows(header, body, columns);

  const rows = [header, ...body].map((row) => widths.map((width, index) => wrapped(row[index] ?? '', width)));
  // Words seldom fill a row to its end.
  const taken = widths.map((_, index) => widest(rows.flatMap((row) => row[index] ?? [])));
  const [top = [], ...blocks] = rows.map((row) => rowLines(row, taken, table.align, theme));
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
  align: Tokens.Table['align'],
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

function recordRows(
  header: readonly string[],
  body: readonly (readonly string[])[],
  columns: number,
): readonly string[] {
  if (body.length === 0) return header.flatMap((name) => wrapped(name, columns));
  return body.flatMap((row, index) => {
    const lines = header.flatMap((name, column) => wrapped(`${name}: ${row[column] ?? ''}`.trimEnd(), columns));
    return index === 0 ? lines : ['', ...lines];
  });
}

function cellText(cell: Tokens.TableCell, theme: Theme): string {
  return inlineText(ownTokens(cell.tokens), theme);
}

/**
 * The lexer drops the cells of a row that the header has no column for, as HTML would. More often than not they come
 * from a bar in code, such as `a || b`, so they are made part of the row's last cell.
 */
function withAllCells(table: Tokens.Table): Tokens.Table {
  const lines = table.raw.trimEnd().split('\n');
  const whole = lines.map((line, index) => (index < 2 ? line : withBars(line, table.header.length - 1)));
  if (whole.every((line, index) => line === lines[index])) return table;
  const [token] = tokensOf(whole.join('\n')) ?? [];
  return token?.type === 'table' ? token : table;
}

/** Escapes the bars between cells that are more than `most`. */
function withBars(line: string, most: number): string {
  const text = line.trim();
  const bars = [...text.matchAll(/(\\*)\|/g)]
    .filter(([, escapes = '']) => escapes.length % 2 === 0)
    .map((bar) => bar.index + bar[0].length - 1);
  const between = bars.filter((at) => at > 0 && at < text.length - 1);
  const [first] = between.slice(most);
  if (first === undefined) return line;
  const extra = new Set(between.slice(most));
  return Array.from({ length: text.length }, (_, at) => (extra.has(at) ? '\\|' : text.charAt(at))).join('');
}
