/** Where things stand in the memory of a scan; its code has the same numbers. */
export const PLACES = {
  /** Where the record stands that was not read any more. */
  next: 0,
  /** How long the start of a data header is, and its bytes. */
  startLength: 4,
  start: 64,
  /** For each group and each length of keys below `maxKey`, the place of the first candidate, or 0. */
  keyIndex: 4096,
  maxKey: 64,
  /** The candidates: the place of the next one with that group and length or 0, the slot, the bytes. */
  keys: 128,
  keyBytes: 64,
  /** The rows of the records that were read, and the one of a single line. */
  rows: 8192,
  lineRow: 401_408,
  /** The first byte that can be of a capture. */
  first: 405_504,
} as const;

/** Rows that are made at most at a time. */
export const MAX_ROWS = 2048;

/** What a row holds, in numbers of 32 bits from its start; `us` is one of 64. */
export const ROW = {
  size: 48,
  us: 0,
  conn: 2,
  from: 3,
  start: 4,
  end: 5,
  /** Start and end of the value in each slot; a start of 0 says that there is none. */
  slots: 8,
} as const;

/**
 * Finds the members that matter of JSON objects, without making values of the rest.
 *
 * What it takes is an object in JSON from its first byte to its last, and then the row is right. At every depth it
 * checks brackets, commas and colons, numbers and words, control characters and escapes; only whether the bytes are UTF-8
 * it does not look at. It is not certain of a line, and does not take it, where one of these is wrong, and in a few more
 * cases that are rare: a tab or another control character as space, space at an end, more than 60 levels, or a
 * backslash in a key where keys matter.
 */
export interface LineScan {
  /** The bytes have to be here, from `PLACES.first` on; the last 64 are never part of a line. */
  readonly memory: Uint8Array;
  /** The memory as numbers. */
  readonly numbers: Int32Array;
  readonly doubles: Float64Array;
  /** Makes the row of a single line; 0 where it is not certain. */
  line(from: number, to: number): number;
  /**
   * Reads data records, the first of which starts at `from`, as long as each is a plain one with one line that it is
   * certain of, of a client or a server. Gives how many rows it made; `PLACES.next` tells where the next record starts.
   */
  records(from: number, to: number): number;
}

/** Makes a scan with room for so many bytes. */
export type MakeLineScan = (bytes: number) => LineScan;
