import type { RecordBytes } from './record-scan.ts';

const LF = 0x0a;
const EMPTY: Uint8Array = new Uint8Array(0);

/** From this size on, what is left over is not joined anew with every chunk, so that joining stays linear. */
const LAZY_BYTES = 1024 * 1024;

/**
 * Bytes that arrive in chunks and are looked at through one window. Chunks are joined only when what the reader
 * waits for can be there; bytes that lie in one chunk are never copied.
 */
export class ByteQueue implements RecordBytes {
  /** Where the next byte to be taken stands in the window. */
  at = 0;
  #window: Uint8Array = EMPTY;
  /** Where the window starts in the whole stream. */
  #base = 0;
  /** The chunk that ends the window. */
  #last: Uint8Array = EMPTY;
  #parts: Uint8Array[] = [];
  #size = 0;
  #least = 0;
  #sawNewline = false;
  #wanted: number | 'line' = 1;
  #limit = 0;

  get window(): Uint8Array {
    return this.#window;
  }

  /** Where `at` stands in the whole stream. */
  get offset(): number {
    return this.#base + this.at;
  }

  /** Sets what to wait for: so many bytes from `at` on. */
  wantBytes(wanted: number): void {
    this.#wanted = wanted;
  }

  /** Sets what to wait for: a newline, or more than `limit` bytes without one. */
  wantLine(limit: number): void {
    this.#wanted = 'line';
    this.#limit = limit;
  }

  /** Adds a chunk. False while what is waited for cannot be in the window. */
  push(chunk: Uint8Array): boolean {
    this.#park();
    this.#add(chunk);
    const isThere = this.#wanted === 'line' ? this.#sawNewline || this.#size > this.#limit : this.#size >= this.#wanted;
    if (!isThere || this.#size < this.#least) return false;
    this.open();
    return true;
  }

  /** Makes everything that was pushed and not taken the window. */
  open(): void {
    if (this.#parts.length === 0) return;
    this.#last = this.#parts.at(-1) ?? EMPTY;
    this.#window = join(this.#parts);
    this.#parts = [];
  }

  /** Sets aside what is left of the window, to be joined with what comes. */
  #park(): void {
    if (this.#parts.length > 0) return;
    const lastAt = this.#window.length - this.#last.length;
    const rest = this.at >= lastAt ? this.#last.subarray(this.at - lastAt) : this.#window.subarray(this.at);
    this.#base += this.at;
    this.at = 0;
    this.#window = EMPTY;
    this.#last = EMPTY;
    this.#size = 0;
    this.#sawNewline = false;
    this.#least = rest.length > LAZY_BYTES ? rest.length * 1.25 : 0;
    if (rest.length > 0) {
      this.#parts.push(rest);
      this.#size = rest.length;
    }
  }

  #add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#parts.push(chunk);
    this.#size += chunk.length;
    this.#sawNewline ||= this.#wanted === 'line' && chunk.includes(LF);
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
