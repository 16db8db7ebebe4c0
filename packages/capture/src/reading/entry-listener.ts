import type { Exchange, Placed } from '@mcp-dbg/protocol';

import type { Entry, ExchangeEntry, StderrEntry } from '../entry.ts';
import type { EventRecord, Named, ReadingListener } from './capture-reading.ts';
import { EntryQueue } from './entry-queue.ts';

/** Makes entries of what a reading tells, in order of their first byte. */
export class EntryListener<F extends Placed> implements ReadingListener<F> {
  readonly #queue: EntryQueue<F>;
  #ready: Entry<F>[] = [];

  /** Makes a listener that leaves out what is not wanted. */
  constructor(sizeOf: (frame: F) => number, wants?: (entry: Entry<F>) => boolean) {
    this.#queue = new EntryQueue(sizeOf, wants);
  }

  exchange(exchange: Exchange<F>, of: Named): void {
    this.#queue.put(exchangeEntry(exchange, of));
  }

  stderr(us: number, bytes: Uint8Array, terminated: boolean, of: Named): void {
    this.#queue.add(stderrEntry(us, bytes, terminated, of));
  }

  event(us: number, event: EventRecord, of: Named | undefined): void {
    this.#queue.add({ kind: 'event', us, ...(of === undefined ? { conn: undefined } : named(of)), event });
  }

  settled(reading: { readonly settledUntil: number }): void {
    if (this.#queue.canGive) this.#queue.take(reading.settledUntil, this.#ready);
  }

  finished(): void {
    this.soFar();
  }

  /** What is held back comes out as it is now. */
  soFar(): void {
    this.#queue.takeAll(this.#ready);
  }

  /** Gives the entries that nothing changes any more, once. */
  take(): readonly Entry<F>[] {
    if (this.#ready.length === 0) return this.#ready;
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

export function exchangeEntry<F extends Placed>(
  exchange: Exchange<F>,
  { number: conn, server }: Named,
): ExchangeEntry<F> {
  const { us } = exchange;
  return server === undefined
    ? { kind: 'exchange', us, conn, exchange }
    : { kind: 'exchange', us, conn, server, exchange };
}

export function stderrEntry(us: number, bytes: Uint8Array, terminated: boolean, of: Named): StderrEntry {
  return { kind: 'stderr', us, ...named(of), bytes, terminated };
}

function named({ number, server }: Named): { readonly conn: number; readonly server?: string } {
  return { conn: number, ...(server !== undefined && { server }) };
}
