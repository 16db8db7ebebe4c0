import { type IdText, idText } from '@mcp-dbg/wire';

import { OF_MESSAGE, OF_META, OF_OTHERS, OF_PARAMS, OF_RESULT, SLOT, SLOTS, slotOf } from './key-slots.ts';
import { ENTRY_SIZE, type MemberScan } from './member-scan.ts';
import { TextTable } from './text-table.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;

/** Integers of so many digits are exact, and their text is what JSON has. */
const MAX_DIGITS = 15;

const NO_BYTES: Uint8Array = new Uint8Array(0);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The members of one line that an outline is made of. One is used again and again: it costs nothing. */
export class LineMembers {
  readonly #starts = new Int32Array(SLOTS);
  readonly #ends = new Int32Array(SLOTS);
  readonly #texts = new TextTable();
  #bytes = NO_BYTES;

  /** Finds them in the object that stands there. False where the line has to be read whole. */
  find(scan: MemberScan, from: number, to: number): boolean {
    this.#bytes = scan.memory;
    this.#starts.fill(0);
    const count = scan.scan(from, to);
    if (count < 0) return false;
    this.#sort(scan, count);
    if (!this.has(SLOT.meta) || !this.isObject(SLOT.meta)) return true;
    const metaCount = scan.scan(this.#start(SLOT.meta), this.#end(SLOT.meta));
    if (metaCount < 0) return false;
    this.#take(scan, metaCount, OF_META);
    return true;
  }

  has(slot: number): boolean {
    return this.#starts[slot] !== 0;
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

  /** Sorts the members of the message, its params and its result into their slots. */
  #sort({ table, memory }: MemberScan, count: number): void {
    let keys = OF_OTHERS;
    for (let at = 0; at < count * ENTRY_SIZE; at += ENTRY_SIZE) {
      const isOuter = table[at] === 1;
      const slot = slotOf(isOuter ? OF_MESSAGE : keys, memory, table[at + 1] ?? 0, table[at + 2] ?? 0);
      if (isOuter) {
        keys = slot === SLOT.params ? OF_PARAMS : slot === SLOT.result ? OF_RESULT : OF_OTHERS;
        // Of two members of one name the last counts, and nothing of the first.
        if (slot === SLOT.params) this.#starts.fill(0, SLOT.name, SLOT.negotiated);
        if (slot === SLOT.result) this.#starts.fill(0, SLOT.negotiated, SLOT.metaToken);
      }
      if (slot >= 0) this.#set(slot, table[at + 3] ?? 0, table[at + 4] ?? 0);
    }
  }

  #take({ table, memory }: MemberScan, count: number, keys: typeof OF_META): void {
    for (let at = 0; at < count * ENTRY_SIZE; at += ENTRY_SIZE) {
      const slot = table[at] === 1 ? slotOf(keys, memory, table[at + 1] ?? 0, table[at + 2] ?? 0) : -1;
      if (slot >= 0) this.#set(slot, table[at + 3] ?? 0, table[at + 4] ?? 0);
    }
  }

  #set(slot: number, from: number, to: number): void {
    const bytes = this.#bytes;
    let start = from;
    let end = to;
    while (bytes[start] === SPACE) start++;
    while (bytes[end - 1] === SPACE) end--;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
  }

  #start(slot: number): number {
    return this.#starts[slot] ?? 0;
  }

  #end(slot: number): number {
    return this.#ends[slot] ?? 0;
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
