import { FrameCounter } from '@mcp-dbg/wire';

import { ConnectionReading, type Found } from './connection-reading.ts';
import type { Entry } from './entry.ts';
import { EntryQueue } from './entry-queue.ts';
import type { CaptureRecord, CaughtUp, DataRecord, Source, TornStretch } from './record.ts';

/**
 * Reads the records of a capture as what happened: exchanges, lone frames and noise, lines of stderr, events of the
 * processes, in order of their first byte. Frames are numbered from 1 across all connections. An entry comes out when
 * no answer that is waited for can change it or one before it; what still waits at the end is `pending`.
 *
 * Nobody waits for the answer to a cancelled request or to `subscriptions/listen`, and no more than 10,000 entries or
 * 32 MiB are held back: past that the oldest comes out as it is, and a line that takes longer to end comes out behind
 * others that began later. An answer to what came out before is an entry of kind `response` of its own, with the
 * request's id, method, tool and status. At a `caught-up`, everything that is held back comes out as it is.
 */
export async function* readCapture(
  records: Iterable<CaptureRecord | TornStretch> | AsyncIterable<CaptureRecord | TornStretch | CaughtUp>,
): AsyncGenerator<Entry, void, undefined> {
  const reading = new CaptureReading();
  for await (const record of records) yield* record.t === 'caught-up' ? reading.soFar() : reading.push(record);
  yield* reading.end();
}

/** What happened to one connection, other than its data. */
type Happening = Exclude<Extract<CaptureRecord, { readonly conn: number }>, DataRecord>;

type Named = Pick<ConnectionReading, 'number' | 'server'>;

class CaptureReading {
  readonly #queue = new EntryQueue();
  readonly #counter = new FrameCounter();
  #connections = new Map<number, ConnectionReading>();
  /** Those whose server's process ended. */
  #ended = new Map<number, Named>();
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

  /** What is held back, as it is now. */
  soFar(): readonly Entry[] {
    return this.#queue.takeAll();
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
    this.#ended = new Map();
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

  #happen(record: Happening): void {
    const known = this.#connections.get(record.conn);
    const ended = known === undefined ? this.#ended.get(record.conn) : undefined;
    // What happens to an ended connection, such as the end of a stream, finds nothing unfinished.
    if (ended !== undefined && record.t !== 'spawn') this.#addEvent(ended, record);
    else this.#happenTo(known ?? this.#connection(record.conn), record);
  }

  #happenTo(connection: ConnectionReading, record: Happening): void {
    if (record.t === 'spawn') connection.server = record.server;
    if (record.t === 'eof') this.#note(connection, connection.end(record.from, record.us));
    if (record.t === 'exit') {
      this.#note(connection, connection.exit(record.us));
      this.#connections.delete(connection.number);
      this.#ended.set(connection.number, { number: connection.number, server: connection.server });
    }
    this.#addEvent(connection, record);
  }

  #addEvent(of: Named, event: Happening): void {
    this.#queue.add({ kind: 'event', us: event.us, ...named(of), event });
  }

  /** Bytes are missing of a connection, or of any if it is 0: no line goes on behind them. */
  #breakOff(conn: number, sources: readonly Source[]): void {
    for (const connection of this.#connections.values()) {
      if (conn !== 0 && conn !== connection.number) continue;
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
    const ended = this.#ended.get(number);
    if (ended !== undefined) {
      // What is still read of it belongs to a process that is gone.
      connection.server = ended.server;
      connection.exit(this.#us);
    }
    this.#connections.set(number, connection);
    return connection;
  }
}

function named({ number, server }: Named): { readonly conn: number; readonly server?: string } {
  return { conn: number, ...(server !== undefined && { server }) };
}
