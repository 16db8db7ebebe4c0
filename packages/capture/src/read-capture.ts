import { FrameCounter } from '@mcp-dbg/wire';

import { ConnectionReading, type Found } from './connection-reading.ts';
import type { Entry, EventEntry } from './entry.ts';
import { EntryQueue } from './entry-queue.ts';
import type { CaptureRecord, Source, TornStretch } from './record.ts';

/**
 * Reads the records of a capture as what happened: exchanges, lone frames and noise, lines of stderr, events of the
 * processes, in order of their first byte. Frames are numbered from 1 across all connections. An entry comes out when
 * nothing can change it or one before it any more; what still waits at the end is `pending`.
 */
export async function* readCapture(
  records: Iterable<CaptureRecord | TornStretch> | AsyncIterable<CaptureRecord | TornStretch>,
): AsyncGenerator<Entry, void, undefined> {
  const reading = new CaptureReading();
  for await (const record of records) yield* reading.push(record);
  yield* reading.end();
}

class CaptureReading {
  readonly #queue = new EntryQueue();
  readonly #counter = new FrameCounter();
  #connections = new Map<number, ConnectionReading>();
  #us = 0;

  push(record: CaptureRecord | TornStretch): readonly Entry[] {
    if (record.t === 'open') {
      // Another capture follows in the same file, with a clock and connections of its own.
      const before = this.end();
      this.#us = record.us;
      this.#queue.add({ kind: 'event', us: record.us, conn: undefined, event: record });
      return before;
    }
    if (record.t !== 'torn') this.#us = record.us;
    this.#take(record);
    return this.#queue.take(this.#settledUntil());
  }

  /** Before this time nothing more can begin: no line that is older is unfinished. */
  #settledUntil(): number {
    let until = this.#us;
    for (const { unfinishedSince } of this.#connections.values()) until = Math.min(until, unfinishedSince ?? until);
    return until;
  }

  end(): readonly Entry[] {
    for (const connection of this.#connections.values()) this.#note(connection, connection.finish(this.#us));
    this.#connections = new Map();
    return this.#queue.takeAll();
  }

  #take(record: Exclude<CaptureRecord, { readonly t: 'open' }> | TornStretch): void {
    const us = this.#us;
    switch (record.t) {
      case 'data': {
        const connection = this.#connection(record.conn);
        this.#note(connection, connection.read(record.from, record.bytes, us));
        return;
      }
      case 'gap':
        for (const { conn, from } of record.missed) this.#breakOff(conn, [from]);
        this.#queue.add({ kind: 'event', us, conn: undefined, event: record });
        return;
      case 'torn':
        // What was lost may have been of any stream.
        this.#breakOff(0, ['client', 'server', 'stderr']);
        this.#queue.add({ kind: 'event', us, conn: undefined, event: record });
        return;
      case 'close':
        this.#queue.add({ kind: 'event', us, conn: undefined, event: record });
        return;
      case 'spawn':
      case 'eof':
      case 'exit':
      case 'signal':
      case 'note':
      case 'other':
        this.#happen(record);
    }
  }

  #happen(record: Extract<CaptureRecord, { readonly conn: number }>): void {
    const connection = this.#connection(record.conn);
    if (record.t === 'spawn') connection.server = record.server;
    if (record.t === 'eof') this.#note(connection, connection.end(record.from, record.us));
    if (record.t === 'exit') this.#note(connection, connection.exit(record.us));
    if (record.t === 'data') return;
    this.#queue.add({ kind: 'event', us: record.us, ...named(connection), event: record } satisfies EventEntry);
  }

  /** Bytes are missing of a connection, or of any if it is 0: no line goes on behind them. */
  #breakOff(conn: number, sources: readonly Source[]): void {
    for (const connection of conn === 0 ? this.#connections.values() : [this.#connection(conn)]) {
      for (const from of sources) this.#note(connection, connection.end(from, this.#us));
    }
  }

  #note(connection: ConnectionReading, { exchanges, stderr }: Found): void {
    for (const exchange of exchanges) {
      this.#queue.put({ kind: 'exchange', us: exchange.us, ...named(connection), exchange });
    }
    for (const { us, line } of stderr) this.#queue.add({ kind: 'stderr', us, ...named(connection), ...line });
  }

  #connection(number: number): ConnectionReading {
    const known = this.#connections.get(number);
    if (known !== undefined) return known;
    const connection = new ConnectionReading(number, this.#counter);
    this.#connections.set(number, connection);
    return connection;
  }
}

function named({ number, server }: ConnectionReading): { readonly conn: number; readonly server?: string } {
  return { conn: number, ...(server !== undefined && { server }) };
}
