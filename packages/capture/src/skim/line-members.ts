import { type IdText, idText } from '@mcp-dbg/wire';

import { type LineScan, ROW } from './line-scan.ts';
import { TextTable } from './text-table.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;

/** Integers of so many digits are exact, and their text is what JSON has. */
const MAX_DIGITS = 15;

const NO_BYTES: Uint8Array = new Uint8Array(0);
const NO_NUMBERS = new Int32Array(0);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The members of one line that an outline is made of: a view of a row. One is used again and again: it costs nothing. */
export class LineMembers {
  readonly #texts = new TextTable();
  #bytes = NO_BYTES;
  #numbers: Int32Array = NO_NUMBERS;
  #at = 0;

  /** Looks at the row that stands there in the memory of a scan. */
  use({ memory, numbers }: LineScan, row: number): void {
    this.#bytes = memory;
    this.#numbers = numbers;
    this.#at = row / 4 + ROW.slots;
  }

  has(slot: number): boolean {
    return this.#start(slot) !== 0;
  }

  isText(slot: number): boolean {
    return this.#first(slot) === QUOTE;
  }

  isObject(slot: number): boolean {
    return this.#first(slot) === OPEN_BRACE;
  }

  /** True where the value is this literal: `true`, `false` or `null` are told by their first letter. */
  isLiteral(slot: number, literal: 'true' | 'null'): boolean {
    return this.#first(slot) === literal.charCodeAt(0);
  }

  /** The value where it is a string. */
  text(slot: number): string | undefined {
    return this.isText(slot) ? this.#texts.text(this.#bytes, this.#start(slot) + 1, this.#end(slot) - 1) : undefined;
  }

  /** The value as the text of an id, whatever it is. */
  id(slot: number): IdText | undefined {
    if (!this.has(slot)) return undefined;
    const start = this.#start(slot);
    const end = this.#end(slot);
    const integer = this.#integer(start, end);
    if (integer >= 0) return String(integer);
    const token = this.#bytes.subarray(start, end);
    const text = utf8.decode(token);
    return token[0] === QUOTE && !token.includes(BACKSLASH) ? text : idText(text);
  }

  /** The value as the text of an id where it is a string or a number. */
  token(slot: number): IdText | undefined {
    const first = this.#first(slot);
    return first === QUOTE || first === MINUS || (first >= ZERO && first <= NINE) ? this.id(slot) : undefined;
  }

  #start(slot: number): number {
    return this.#numbers[this.#at + 2 * slot] ?? 0;
  }

  #end(slot: number): number {
    return this.#numbers[this.#at + 2 * slot + 1] ?? 0;
  }

  /** The first byte of a value; 0 where there is none. */
  #first(slot: number): number {
    const start = this.#start(slot);
    return start === 0 ? 0 : (this.#bytes[start] ?? 0);
  }

  /** A small integer that is written as one; -1 for anything else. */
  #integer(start: number, end: number): number {
    if (end - start > MAX_DIGITS) return -1;
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = (this.#bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }
}
