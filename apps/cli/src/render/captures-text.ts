import { type StoredCapture, type WriterState, probedBy } from '@mcp-dbg/capture/node';

import { widthOf } from './cells.ts';
import { fitted } from './columns.ts';
import { localTime } from './local-time.ts';
import { formatBytes, formatMs, formatSeconds } from './sizes.ts';
import { safeJson, visible } from './visible.ts';

/** Characters of a server's command that a line shows at most. */
const MAX_COMMAND = 60;

/** A capture as a row of a list. */
export interface CaptureRow {
  readonly capture: StoredCapture;
  /** The path of the capture whose connection this one, a probe, was made for. */
  readonly probeFor: string | undefined;
}

/**
 * Captures, which come the oldest first, as a list has them: the newest first, and each probe right behind the
 * connection that it was made for.
 */
export function folded(captures: readonly StoredCapture[]): readonly CaptureRow[] {
  const mains: CaptureRow[] = [];
  const probes = new Map<string, CaptureRow[]>();
  for (const capture of captures.toReversed()) {
    const probeFor = probedBy(capture, captures)?.path;
    if (probeFor === undefined) mains.push({ capture, probeFor });
    else probes.set(probeFor, [...(probes.get(probeFor) ?? []), { capture, probeFor }]);
  }
  return mains.flatMap((main) => [main, ...(probes.get(main.capture.path) ?? [])]);
}

/**
 * A line each, in columns, with a head; cut where a row would be wider than `width`. A probe stands below its connection
 * and is set in.
 */
export function capturesTable(rows: readonly CaptureRow[], width: number): string {
  const lines = [['label', 'started', 'took', 'size', 'state', 'command'], ...rows.map(cellsOf)];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((cells) => widthOf(cells[column] ?? ''))));
  const texts = lines.map((cells) => cells.map((cell, column) => padded(cell, column, widths[column] ?? 0)).join('  '));
  return texts.map((line) => `${fitted(line, width)}\n`).join('');
}

/** One capture as a line of JSON. */
export function captureJson({ capture, probeFor }: CaptureRow): string {
  const { path, label, at, us, size, state, pid, ppid, argv } = capture;
  const ms = us === undefined ? null : us / 1000;
  return safeJson(
    JSON.stringify({
      path,
      label,
      at,
      ms,
      size,
      state,
      pid,
      ppid: ppid ?? null,
      argv: argv ?? null,
      probeFor: probeFor ?? null,
    }),
  );
}

const STATES: Readonly<Record<WriterState, string>> = {
  open: 'being written',
  closed: 'closed',
  died: 'writer died',
};

function cellsOf({ capture, probeFor }: CaptureRow): readonly string[] {
  const { label, at, size, state, argv } = capture;
  return [
    probeFor === undefined ? visible(label) : '  probe',
    visible(localTime(at)),
    took(capture),
    formatBytes(size),
    STATES[state],
    probeFor === undefined ? commandOf(argv) : 'on a process that was thrown away',
  ];
}

function took({ state, us }: StoredCapture): string {
  if (state === 'open') return 'running';
  if (us === undefined) return '?';
  const ms = us / 1000;
  return ms < 60_000 ? formatMs(ms) : formatSeconds(ms);
}

function commandOf(argv: readonly string[] | undefined): string {
  if (argv === undefined) return '(a session)';
  const command = visible(argv.join(' ').slice(0, MAX_COMMAND * 2));
  const characters = Array.from(command);
  return characters.length > MAX_COMMAND ? `${characters.slice(0, MAX_COMMAND - 1).join('')}…` : command;
}

/** Numbers stand at the right of their column; the last column ends where its text does. */
function padded(cell: string, column: number, width: number): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return column === 2 || column === 3 ? room + cell : cell + room;
}
