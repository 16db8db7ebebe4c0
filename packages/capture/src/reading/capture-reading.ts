import type { Placed } from '@mcp-dbg/protocol';
import { FrameCounter } from '@mcp-dbg/wire';

import type { DataPlace } from '../data-place.ts';
import { WholeOriginals } from '../original/whole-originals.ts';
import type { CaptureRecord, DataRecord, Source, TornStretch } from '../record.ts';
import type { RecordSink } from '../record-scan.ts';
import { type ConnectionListener, ConnectionReading } from './connection-reading.ts';
import type { LinePlace, LineReader } from './line-reader.ts';

/** A record that is told of as it is. */
export type EventRecord = Exclude<CaptureRecord, DataRecord> | TornStretch;

/** A connection as entries name it. */
export type Named = Pick<ConnectionReading<Placed>, 'number' | 'server'>;

/** Who is told what the records of a capture mean. */
export interface ReadingListener<F extends Placed> extends ConnectionListener<F> {
  /** What happened to a process, or where `of` is undefined, to the capture itself. */
  event(us: number, event: EventRecord, of: Named | undefined): void;
  /** A record was read: nothing can come any more that begins before `settledUntil`. */
  settled(reading: { readonly settledUntil: number }): void;
  /** The capture ends here, at this time; another may follow in the same file, with a clock and connections of its own. */
  finished(us: number): void;
}

/** What happened to one connection, other than its data. */
type Happening = Exclude<Extract<CaptureRecord, { readonly conn: number }>, DataRecord>;

/** Reads the records of a capture as what happened on its connections. Frames are numbered from 1 across all. */
export class CaptureReading<F extends Placed> implements RecordSink {
  readonly #reader: LineReader<F>;
  readonly #listener: ReadingListener<F>;
  readonly #counter = new FrameCounter();
  #connections = new Map<number, ConnectionReading<F>>();
  /** Those whose server's process ended. */
  #ended = new Map<number, Named>();
  readonly #originals = new WholeOriginals();
  #us = 0;

  constructor(reader: LineReader<F>, listener: ReadingListener<F>) {
    this.#reader = reader;
    this.#listener = listener;
  }

  /** How many frames began so far. */
  get frames(): number {
    return this.#counter.last;
  }

  /** Before this time nothing more can begin: no line that is older is unfinished. */
  get settledUntil(): number {
    let until = this.#us;
    for (const { unfinishedSince } of this.#connections.values()) until = Math.min(until, unfinishedSince);
    return until;
  }

  data(place: DataPlace, window: Uint8Array): void {
    this.#us = place.us;
    const connection = this.#connections.get(place.conn) ?? this.#connection(place.conn);
    connection.read(place, window);
    this.#listener.settled(this);
  }

  /** Takes a read that is one line and nothing else, of this connection; false where it has to come as data. */
  line(conn: number, line: LinePlace): boolean {
    const connection = this.#connections.get(conn) ?? this.#connection(conn);
    this.#us = line.us;
    if (!connection.readLine(line)) return false;
    this.#listener.settled(this);
    return true;
  }

  /** Takes a record that is no data; what holds a part of a long original is told of as a whole. */
  record(record: EventRecord): void {
    for (const whole of this.#originals.push(record)) this.#tell(whole);
  }

  #tell(record: EventRecord): void {
    if (record.t === 'open') {
      this.#endAll();
      this.#us = record.us;
      this.#listener.event(record.us, record, undefined);
      return;
    }
    if (record.t !== 'torn') this.#us = record.us;
    this.#take(record);
    this.#listener.settled(this);
  }

  /** The records end here. */
  end(): void {
    for (const cut of this.#originals.end()) this.#tell(cut);
    this.#endAll();
  }

  #endAll(): void {
    for (const connection of this.#connections.values()) connection.finish(this.#us);
    this.#connections = new Map();
    this.#ended = new Map();
    this.#listener.finished(this.#us);
  }

  #take(record: Exclude<EventRecord, { readonly t: 'open' }>): void {
    switch (record.t) {
      case 'gap':
        for (const { conn, from } of record.missed) this.#breakOff(conn, [from]);
        this.#listener.event(this.#us, record, undefined);
        return;
      case 'torn':
        // What was lost may have been of any stream.
        this.#breakOff(0, ['client', 'server', 'stderr']);
        this.#listener.event(this.#us, record, undefined);
        return;
      case 'close':
        this.#listener.event(this.#us, record, undefined);
        return;
      case 'spawn':
      case 'connect':
      case 'http':
      case 'disconnect':
      case 'eof':
      case 'exit':
      case 'signal':
      case 'fault':
      case 'note':
      case 'other':
        this.#happen(record);
    }
  }

  #happen(record: Happening): void {
    const known = this.#connections.get(record.conn);
    const ended = known === undefined ? this.#ended.get(record.conn) : undefined;
    // What happens to an ended connection, such as the end of a stream, finds nothing unfinished.
    if (ended !== undefined && record.t !== 'spawn' && record.t !== 'connect')
      this.#listener.event(record.us, record, ended);
    else this.#happenTo(known ?? this.#connection(record.conn), record);
  }

  #happenTo(connection: ConnectionReading<F>, record: Happening): void {
    if (record.t === 'spawn' || record.t === 'connect') connection.server = record.server;
    if (record.t === 'connect') connection.ofMessages = true;
    if (record.t === 'eof') connection.end(record.from, record.us);
    if (record.t === 'exit' || record.t === 'disconnect') {
      connection.exit(record.us);
      this.#connections.delete(connection.number);
      this.#ended.set(connection.number, { number: connection.number, server: connection.server });
    }
    if ((record.t === 'fault' || record.t === 'note') && record.from !== undefined && record.original !== undefined)
      connection.withheld(record.from, record.us, record.original);
    this.#listener.event(record.us, record, connection);
  }

  /** Bytes are missing of a connection, or of any if it is 0: no line goes on behind them. */
  #breakOff(conn: number, sources: readonly Source[]): void {
    for (const connection of this.#connections.values()) {
      if (conn !== 0 && conn !== connection.number) continue;
      for (const from of sources) connection.end(from, this.#us);
    }
  }

  #connection(number: number): ConnectionReading<F> {
    const known = this.#connections.get(number);
    if (known !== undefined) return known;
    const connection = new ConnectionReading(number, this.#counter, this.#reader, this.#listener);
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
