import type { Exchange, Placed } from '@mcp-dbg/protocol';
import { type Sender, readFrame } from '@mcp-dbg/wire';

import type { FaultRecord, NoteRecord } from '../record.ts';

/** Kinds of originals that are remembered; the oldest is forgotten first. */
const MAX_ORIGINALS = 10_000;
/** Characters of a method that tell it from others: a peer can make it as long as it likes. */
const MAX_NAME = 200;

/**
 * Tells requests and notifications that a proxy made itself from those of a peer that it changed: what was changed stands
 * behind its original. Of a connection, sender and method as many are a peer's as there are originals.
 */
export class OwnFrames {
  readonly #originals = new Map<string, number>();
  /** The numbers of requests that wait for their answer. */
  readonly #waiting = new Set<number>();

  /** Takes what was done to a frame. */
  done({ conn, from, original }: FaultRecord | NoteRecord): void {
    if (from === undefined || original === undefined) return;
    const reading = readFrame(original);
    const key = keyOf(conn, from, 'method' in reading ? reading.method : undefined);
    this.#originals.set(key, (this.#originals.get(key) ?? 0) + 1);
    const [oldest] = this.#originals.size > MAX_ORIGINALS ? this.#originals.keys() : [];
    if (oldest !== undefined) this.#originals.delete(oldest);
  }

  /** Takes what begins now; true where nobody but the proxy said it. */
  begins({ n, from, method, status, frame: { by } }: Exchange<Placed>, conn: number): boolean {
    if (by === undefined || this.#takeOriginal(keyOf(conn, from, method))) return false;
    if (status !== undefined) this.#waiting.add(n);
    return true;
  }

  /** Takes the number of a request that does not wait any more; true where nobody but the proxy asked. */
  ends(n: number): boolean {
    return this.#waiting.delete(n);
  }

  /** Another capture begins, with connections and frames of its own. */
  clear(): void {
    this.#originals.clear();
    this.#waiting.clear();
  }

  #takeOriginal(key: string): boolean {
    const left = this.#originals.get(key) ?? 0;
    if (left > 1) this.#originals.set(key, left - 1);
    else this.#originals.delete(key);
    return left > 0;
  }
}

function keyOf(conn: number, from: Sender, method: string | undefined): string {
  return `${conn} ${from} ${method?.slice(0, MAX_NAME) ?? ''}`;
}
