import type { Tokens } from 'marked';

import { gridRows } from '../grid-rows.ts';
import type { Theme } from '../theme.ts';
import { inlineText } from './inline-text.ts';
import { ownTokens, tokensOf } from './lex.ts';
import { wrapped } from './wrap.ts';

/** A table, its cells wrapped until it fits; where it cannot, each of its rows as lines of `header: value`. */
export function tableRows(source: Tokens.Table, theme: Theme, columns: number): readonly string[] {
  const table = withAllCells(source);
  const header = table.header.map((cell) => theme.strong(cellText(cell, theme)));
  const body = table.rows.map((row) => row.map((cell) => cellText(cell, theme)));
  return gridRows({ header, body, align: table.align }, theme, columns) ?? recordRows(header, body, columns);
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
