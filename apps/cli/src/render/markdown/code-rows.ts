import { cut, widthOf } from '../cells.ts';
import type { Theme } from '../theme.ts';

/** Lines that reach across get no longer than this, however wide the terminal is (columns). */
const MAX_RULE = 80;

/** The frame of a block of code, open to the right so that it can grow while it streams and be copied. */
export function codeRows(lines: readonly string[], label: string, theme: Theme, columns: number): readonly string[] {
  return [
    ...frameTop(label, theme, columns),
    ...lines.flatMap((line) => codeLine(line, theme, columns)),
    frameBottom(theme, columns),
  ];
}

/** The upper side of the frame, with the language on it. */
export function frameTop(label: string, theme: Theme, columns: number): readonly string[] {
  const rule = ruleOf(columns);
  if (label === '') return [theme.frame(`╭${rule.slice(1)}`)];
  const [first = '', ...others] = cut(label, columns - 3);
  const rest = rule.slice(widthOf(first) + 4);
  return [
    theme.frame('╭─ ') + first + (rest === '' ? '' : theme.frame(` ${rest}`)),
    ...others.map((row) => theme.frame('│  ') + row),
  ];
}

/** One line in the frame. Rows that a line too long goes on in are told by another bar: nothing of it is lost. */
export function codeLine(line: string, theme: Theme, columns: number, continued = false): readonly string[] {
  return cut(line, columns - 2).map((row, index) => {
    const bar = theme.frame(index === 0 && !continued ? '│' : '┊');
    return row === '' ? bar : `${bar} ${row}`;
  });
}

export function frameBottom(theme: Theme, columns: number): string {
  return theme.frame(`╰${ruleOf(columns).slice(1)}`);
}

/** A line across. */
export function ruleOf(columns: number): string {
  return '─'.repeat(Math.min(columns, MAX_RULE));
}
