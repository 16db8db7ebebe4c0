import { formatBytes, formatMs, formatTime } from './sizes.ts';

/** What the columns of a frame's row say; what is left out stays blank. */
export interface WirePlace {
  /** The frame's number. */
  readonly n: number;
  /** Microseconds since the session began. */
  readonly us: number;
  /** Who spoke; three characters. */
  readonly mark: string;
  /** The number of the request that this frame answers. */
  readonly of?: number | undefined;
  /** Milliseconds from the request to this answer. */
  readonly ms?: number | undefined;
  readonly bytes: number;
}

/** Columns of a terminal below which times and sizes are left out. */
const NARROW = 80;

/** The beginning of a row that is no frame: when it happened, and what kind of row it is. */
export function eventColumns(us: number | undefined, mark: string, columns: number | undefined): string {
  if (isNarrow(columns)) return `     ${mark} `;
  return `     ${(us === undefined ? '' : formatTime(us)).padStart(9)}  ${mark} `;
}

/**
 * A frame's row of the verbose view: columns of known width first, what a peer wrote last. `columns` is the terminal's width,
 * if there is one; where it is narrow, what a row can do without is left out.
 */
export function wireRow({ n, us, mark, of, ms, bytes }: WirePlace, what: string, columns: number | undefined): string {
  const number = String(n).padStart(4);
  const answers = of === undefined ? '' : `↳${of}`;
  const took = ms === undefined ? '' : formatMs(ms).padStart(6);
  if (isNarrow(columns)) return [number, mark, answers, took, what].filter((part) => part !== '').join(' ');
  const time = formatTime(us).padStart(9);
  const size = formatBytes(bytes).padStart(8);
  return `${number} ${time}  ${mark} ${answers.padEnd(5)} ${took.padStart(7)} ${size}  ${what}`;
}

/** The line above the others. */
export function wireHead(columns: number | undefined): string {
  return isNarrow(columns) ? '   # dir what' : '   #      time  dir of       took     size  what';
}

function isNarrow(columns: number | undefined): boolean {
  return columns !== undefined && columns < NARROW;
}
