const SLOTS = 1024;
const MAX_LENGTH = 128;
const BACKSLASH = 0x5c;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Gives the text of JSON strings that occur again and again, such as methods and names of tools, without making it anew. */
export class TextTable {
  readonly #slots: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[] = Array.from({
    length: SLOTS,
  });

  /** The text of the string between two quotes; throws SyntaxError or TypeError where it is none. */
  text(window: Uint8Array, start: number, end: number): string {
    if (end - start > MAX_LENGTH) return decode(window, start, end);
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (window[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && isSame(known.bytes, window, start, end)) return known.text;
    const text = decode(window, start, end);
    this.#slots[slot] = { bytes: window.slice(start, end), text };
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
