import type { Source } from '../record.ts';

const ZERO = 0x30;
const NEWLINE = 0x0a;
const CLOSE_BRACE = 0x7d;
const US: Uint8Array = Buffer.from(',"us":');

/** The most bytes that a data header takes, its numbers being as long as they can be. */
export const MAX_DATA_HEADER_BYTES = 256;

/** The part of a stream's data headers that stands between time and size; the first connection is not named. */
export function whenceOf(conn: number, from: Source): Uint8Array {
  return Buffer.from(`${conn === 1 ? '' : `,"conn":${conn}`},"from":"${from}","n":`);
}

/** The part of every data header that stands before its number. */
export function dataHeaderStart(c: string): string {
  return `{"t":"data","c":"${c}","seq":`;
}

/**
 * Completes a data header in a buffer that holds its start up to `at`, and gives where it ends. Digit by digit: this
 * is done for every read that a server or a client waits for, and a string costs three times as much.
 */
export function completeDataHeader(
  into: Uint8Array,
  at: number,
  {
    seq,
    us,
    whence,
    n,
    tail,
  }: {
    readonly seq: number;
    readonly us: number;
    readonly whence: Uint8Array;
    readonly n: number;
    readonly tail: Uint8Array;
  },
): number {
  let end = writeNumber(into, at, seq);
  end = writeBytes(into, end, US);
  end = writeNumber(into, end, us);
  end = writeBytes(into, end, whence);
  end = writeNumber(into, end, n);
  end = writeBytes(into, end, tail);
  into[end++] = CLOSE_BRACE;
  into[end++] = NEWLINE;
  return end;
}

function writeNumber(into: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
  let left = value;
  for (let digit = end - 1; digit >= at; digit--) {
    const tenth = Math.floor(left / 10);
    into[digit] = ZERO + left - tenth * 10;
    left = tenth;
  }
  return end;
}

/** For a few bytes a loop is faster than a call of `set`. */
function writeBytes(into: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length; index++) into[at + index] = bytes[index] ?? 0;
  return at + bytes.length;
}
