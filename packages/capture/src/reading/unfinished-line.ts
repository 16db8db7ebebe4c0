import type { Span } from './line-reader.ts';

const EMPTY: Uint8Array = new Uint8Array(0);

/** What there is of a line that is not finished. */
export class UnfinishedLine {
  /** When its first byte was seen. */
  us = 0;
  /** The number of its frame. */
  n = 0;
  by: string | undefined;
  #parts: Uint8Array[] = [];
  #spans: Span[] = [];

  get isOpen(): boolean {
    return this.#parts.length > 0;
  }

  add(part: Uint8Array, offset: number): void {
    this.#parts.push(part);
    this.#spans.push({ offset, size: part.length });
  }

  /** Gives all parts, as one, and forgets them. */
  take(): { readonly bytes: Uint8Array; readonly spans: readonly Span[] } {
    const taken = { bytes: join(this.#parts), spans: this.#spans };
    this.#parts = [];
    this.#spans = [];
    return taken;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [first = EMPTY] = parts;
  if (parts.length <= 1) return first;
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
