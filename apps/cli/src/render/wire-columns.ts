import { formatBytes, formatMs, formatTime } from './sizes.ts';

/** What the columns of one row of the verbose view say; what is left out stays blank. */
export interface WirePlace {
  /** The frame's number. */
  readonly n?: number;
  /** Microseconds since the session began. */
  readonly us?: number;
  /** Who spoke, or what kind of row it is; three characters. */
  readonly mark: string;
  /** The number of the request that this frame answers. */
  readonly of?: number | undefined;
  /** Milliseconds from the request to this answer. */
  readonly ms?: number | undefined;
  readonly bytes?: number;
}

/** Columns of a terminal below which times and sizes are left out. */
const NARROW = 80;

/**
 * One row of the verbose view: columns of known width first, what a peer wrote last. `columns` is the terminal's width,
 * if there is one; where it is narrow, what a row can do without is left out, and the rest is told behind `what`.
 */
export function wireRow({ n, us, mark, of, ms, bytes }: WirePlace, what: string, columns: number | undefined): string {
  const number = (n === undefined ? '' : String(n)).padStart(4);
  const answers = of === undefined ? '' : `↳${of}`;
  const took = ms === undefined ? '' : formatMs(ms);
  if (isNarrow(columns)) return [`${number} ${mark} ${what}`, answers, took].filter((part) => part !== '').join('  ');
  const time = (us === undefined ? '' : formatTime(us)).padStart(9);
  const size = (bytes === undefined ? '' : formatBytes(bytes)).padStart(8);
  return `${number} ${time}  ${mark} ${answers.padEnd(5)} ${took.padStart(7)} ${size}  ${what}`;
}

/** The line above the others. */
export function wireHead(columns: number | undefined): string {
  return isNarrow(columns) ? '   # dir what' : '   #      time  dir of       took     size  what';
}

function isNarrow(columns: number | undefined): boolean {
  return columns !== undefined && columns < NARROW;
}
