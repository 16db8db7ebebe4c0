import { type DataRecord, MAX_DATA_BYTES, type Source } from './record.ts';

const ZERO = 0x30;
const COMMA = 0x2c;
const FIRST_OF_CONN = 0x63;

const US = ascii(',"us":');
const CONN = ascii('"conn":');
const FROM = ascii('"from":"');
const SIZE = ascii('","n":');
const END = ascii('}\n');

/** The most bytes that such a header has: three numbers, and what stands between them. */
const MAX_BYTES = 256;

/** The longest run of digits that is certain to be exact as a number. */
const MAX_DIGITS = 15;

/** A data record as its header tells it, and where its bytes stand. One is used again and again: it costs nothing. */
export class DataPlace {
  seq = 0;
  us = 0;
  conn = 1;
  from: Source = 'client';
  by: string | undefined;
  more = false;
  n = 0;
  /** Where the bytes start and end in the window that was given. */
  start = 0;
  end = 0;
  /** Where the bytes start in the file. */
  offset = 0;
  #at = 0;

  /**
   * Reads a header that stands at `at`, if it is exactly what our own writer writes and whole; its start is that of
   * every data header of the capture. Gives where the bytes start, or -1: then it may still be a header.
   */
  readHeader(window: Uint8Array, at: number, start: Uint8Array): number {
    // No byte beyond the end is looked at: code that does so once is slower for ever.
    if (at + MAX_BYTES > window.length || !stands(window, at, start)) return -1;
    this.#at = at + start.length;
    const seq = this.#number(window);
    const us = this.#skip(window, US) ? this.#number(window) : -1;
    if (seq < 0 || us < 0 || window[this.#at++] !== COMMA) return -1;
    const conn = window[this.#at + 1] === FIRST_OF_CONN ? this.#connection(window) : 1;
    const from = conn < 0 ? undefined : this.#source(window);
    const n = from !== undefined && this.#skip(window, SIZE) ? this.#number(window) : -1;
    if (from === undefined || n < 1 || n > MAX_DATA_BYTES || !this.#skip(window, END)) return -1;
    this.seq = seq;
    this.us = us;
    this.conn = conn;
    this.from = from;
    this.by = undefined;
    this.more = false;
    this.n = n;
    return this.#at;
  }

  #connection(window: Uint8Array): number {
    const conn = this.#skip(window, CONN) ? this.#number(window) : -1;
    return window[this.#at++] === COMMA ? conn : -1;
  }

  #source(window: Uint8Array): Source | undefined {
    if (!this.#skip(window, FROM)) return undefined;
    for (const { name, bytes } of SOURCES)
      if (window[this.#at + 2] === bytes[2] && this.#skip(window, bytes)) return name;
    return undefined;
  }

  #skip(window: Uint8Array, text: Uint8Array): boolean {
    if (!stands(window, this.#at, text)) return false;
    this.#at += text.length;
    return true;
  }

  /** The number that stands here; -1 where there is none, or one with a zero before it, which JSON does not have. */
  #number(window: Uint8Array): number {
    const from = this.#at;
    const most = from + MAX_DIGITS;
    let value = 0;
    let at = from;
    for (; at < most; at++) {
      const digit = (window[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.#at = at;
    return at === from || at === most || (at - from > 1 && window[from] === ZERO) ? -1 : value;
  }
}

const SOURCES: readonly { readonly name: Source; readonly bytes: Uint8Array }[] = (
  ['client', 'server', 'stderr'] as const
).map((name) => ({ name, bytes: ascii(name) }));

/** The place of a record whose bytes are a window of their own; where they stand in the file is not known. */
export function placeOf({ seq, us, conn, from, by, more = false, bytes: { length } }: DataRecord): DataPlace {
  const header = { seq, us, conn, from, by, more, n: length };
  return Object.assign(new DataPlace(), { ...header, start: 0, end: length, offset: 0 });
}

/** How every data header of a capture starts, as bytes. */
export function dataStartOf(c: string): Uint8Array {
  return ascii(`{"t":"data","c":"${c}","seq":`);
}

/** True where a text stands in the window. */
function stands(window: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) if (window[at + index] !== text[index]) return false;
  return true;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
