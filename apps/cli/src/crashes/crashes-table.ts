import { widthOf } from '../render/cells.ts';
import { fitted } from '../render/columns.ts';
import { localTime } from '../render/local-time.ts';
import { visible } from '../render/visible.ts';
import { shortText } from '../export/short-text.ts';
import type { CrashReport } from './crash-report.ts';
import { endedHow, inFlightShortly, span } from './ended-how.ts';

/** Characters of a cell at most. */
const MAX_CELL = 40;
const MAX_STDERR = 80;

const HEAD = ['', 'when', 'server', 'ended', 'after', 'in flight', 'stderr'];

/** A crash as a row of a list, with the number by which it can be asked for. */
export interface CrashRow {
  readonly n: number;
  readonly report: CrashReport;
}

/** A line each, in columns, with a head; cut where a row would be wider than `width`. */
export function crashesTable(crashes: readonly CrashRow[], width: number): string {
  const rows = [HEAD, ...crashes.map((row) => cellsOf(row))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => widthOf(cells[column] ?? ''))));
  const lines = rows.map((cells) => cells.map((cell, column) => padded(cell, column, widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${fitted(line.trimEnd(), width)}\n`).join('');
}

function cellsOf({ n, report }: CrashRow): readonly string[] {
  const { at, label, uptimeMs, stderr } = report;
  return [
    String(n),
    at === null ? '?' : visible(localTime(at)),
    shortText(label, MAX_CELL),
    shortText(endedHow(report), MAX_CELL),
    span(uptimeMs),
    shortText(inFlightShortly(report), MAX_CELL) || '-',
    stderr.last === null ? '-' : shortText(stderr.last, MAX_STDERR),
  ];
}

/** Numbers stand at the right of their column; the last column ends where its text does. */
function padded(cell: string, column: number, width: number): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return column === 0 || column === 4 ? room + cell : cell + room;
}
