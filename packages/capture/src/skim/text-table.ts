import { copyOf } from '../copy-of.ts';
const SLOT_BITS = 10;
const MAX_LENGTH = 128;
const BACKSLASH = 0x5c;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Gives the text of JSON strings that occur again and again, such as methods and names of tools, without making it anew. */
export class TextTable {
  readonly #slots: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[] = Array.from({
    length: 2 ** SLOT_BITS,
  });

  /** The text of the string between two quotes; throws SyntaxError or TypeError where it is none. */
  text(window: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > MAX_LENGTH) return decode(window, start, end);
    const first = window[start] ?? 0;
    const middle = window[start + (length >> 1)] ?? 0;
    const last = window[end - 1] ?? 0;
    const slot = Math.imul((((first << 8) | middle) << 8) | (last ^ length), 0x9e3779b1) >>> (32 - SLOT_BITS);
    const known = this.#slots[slot];
    if (known !== undefined && isSame(known.bytes, window, start, end)) return known.text;
    const text = decode(window, start, end);
    this.#slots[slot] = { bytes: copyOf(window, start, end), text };
    return text;
  }
}

function isSame(bytes: Uint8Array, window: Uint8Array, start: number, end: number): boolean {
  if (bytes.length !== end - start) return false;
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== window[start + index]) return false;
  return true;
}

function decode(window: Uint8Array, start: number, end: number): string {
  const inside = window.subarray(start, end);
  const text = utf8.decode(inside);
  return inside.includes(BACKSLASH) ? (JSON.parse(`"${text}"`) as string) : text;
}
