import { type Change, type Exchange, Pairing, type Placed, outlineOf } from '@mcp-dbg/protocol';
import { type FrameCounter, type Sender, readFrame } from '@mcp-dbg/wire';

import type { DataPlace } from '../data-place.ts';
import type { Source } from '../record.ts';
import { LinePlace, type LineReader } from './line-reader.ts';
import { UnfinishedLine } from './unfinished-line.ts';

const LF = 0x0a;
const SOURCES: readonly Source[] = ['client', 'server', 'stderr'];

/** Who is told what the data of a connection are. */
export interface ConnectionListener<F extends Placed> {
  /** An exchange, new or changed, as it is now. */
  exchange(exchange: Exchange<F>, of: ConnectionReading<F>): void;
  /** An exchange that nobody waits for any more, although nothing became of it: there is no more, or too much waits. */
  pending?(exchange: Exchange<F>, of: ConnectionReading<F>): void;
  /** A finished line of stderr, with the time of its first byte; the bytes are kept for good. */
  stderr(us: number, bytes: Uint8Array, terminated: boolean, of: ConnectionReading<F>): void;
}

/** Reads one connection of a capture: its data as frames and exchanges, its stderr as lines. */
export class ConnectionReading<F extends Placed> {
  readonly number: number;
  server: string | undefined;
  /** True where each record, or run of records that say that there is more, is one message, newlines and all. */
  ofMessages = false;
  readonly #counter: FrameCounter;
  readonly #reader: LineReader<F>;
  readonly #listener: ConnectionListener<F>;
  readonly #pairing: Pairing<F>;
  readonly #unfinished: Readonly<Record<Source, UnfinishedLine>> = {
    client: new UnfinishedLine(),
    server: new UnfinishedLine(),
    stderr: new UnfinishedLine(),
  };
  readonly #line = new LinePlace();
  #exited = false;

  constructor(number: number, counter: FrameCounter, reader: LineReader<F>, listener: ConnectionListener<F>) {
    this.number = number;
    this.#counter = counter;
    this.#reader = reader;
    this.#listener = listener;
    this.#pairing = new Pairing(reader, (exchange) => listener.pending?.(exchange, this));
  }

  /** When the oldest line that is still unfinished began; Infinity when there is none. */
  get unfinishedSince(): number {
    const { client, server, stderr } = this.#unfinished;
    let since = Infinity;
    if (client.isOpen) since = client.us;
    if (server.isOpen && server.us < since) since = server.us;
    if (stderr.isOpen && stderr.us < since) since = stderr.us;
    return since;
  }

  /** Takes one read, with its lines. */
  read(place: DataPlace, window: Uint8Array): void {
    if (this.ofMessages && place.from !== 'stderr') this.#readMessage(place, place.from, window);
    else this.#readLines(place, window);
  }

  #readMessage({ us, by, more, start, end, offset }: DataPlace, from: Sender, window: Uint8Array): void {
    const message = this.#unfinished[from];
    const isWhole = !message.isOpen && !more;
    if (!message.isOpen) this.#begin(message, from, us);
    message.by ??= by;
    // A last newline is no part of a message, here as on stdio.
    const last = !more && window[end - 1] === LF ? end - 1 : end;
    if (isWhole) {
      this.#takeWhole(message, from, us, window, start, last, offset);
      return;
    }
    message.add(this.#reader.keep(window, start, last), offset);
    if (!more) this.#finish(message, from, us, true);
  }

  #readLines({ from, us, by, start, end, offset }: DataPlace, window: Uint8Array): void {
    const line = this.#unfinished[from];
    for (let at = start; at < end;) {
      if (!line.isOpen) this.#begin(line, from, us);
      line.by ??= by;
      const lineEnd = window.indexOf(LF, at);
      if (lineEnd === -1 || lineEnd >= end) {
        line.add(this.#reader.keep(window, at, end), offset + (at - start));
        return;
      }
      if (line.isOpen) {
        line.add(this.#reader.keep(window, at, lineEnd), offset + (at - start));
        this.#finish(line, from, us, true);
      } else if (from === 'stderr') {
        this.#listener.stderr(us, this.#reader.keep(window, at, lineEnd), true, this);
      } else {
        this.#takeWhole(line, from, us, window, at, lineEnd, offset + (at - start));
      }
      at = lineEnd + 1;
    }
  }

  /** Takes a read that is one line and nothing else; false where it ends a line that began before. */
  readLine(line: LinePlace): boolean {
    const unfinished = this.#unfinished[line.from];
    if (unfinished.isOpen) return false;
    line.n = this.#counter.next();
    this.#see(line);
    return true;
  }

  /** A frame came that was not passed on as it was. */
  withheld(from: Sender, us: number, original: Uint8Array): void {
    const answered = this.#pairing.withheld({ from, us }, outlineOf(readFrame(original)));
    if (answered !== undefined) this.#listener.exchange(answered, this);
  }

  /** Ends one stream, for good or because bytes of it are missing. */
  end(from: Source, us: number): void {
    const line = this.#unfinished[from];
    if (line.isOpen) this.#finish(line, from, us, false);
  }

  /** The server's process ended: what it had not answered is lost. */
  exit(us: number): void {
    this.#exited = true;
    this.finish(us);
  }

  /** Nothing more comes. Requests that wait are lost if the process is known to have ended, else they stay pending. */
  finish(us: number): void {
    for (const from of SOURCES) this.end(from, us);
    if (this.#exited) for (const lost of this.#pairing.end()) this.#listener.exchange(lost, this);
    else for (const exchange of this.#pairing.pending) this.#listener.pending?.(exchange, this);
  }

  #begin(line: UnfinishedLine, from: Source, us: number): void {
    line.us = us;
    line.by = undefined;
    if (from !== 'stderr') line.n = this.#counter.next();
  }

  #takeWhole(
    { n, by }: UnfinishedLine,
    from: Sender,
    us: number,
    window: Uint8Array,
    start: number,
    end: number,
    offset: number,
  ): void {
    const line = this.#line;
    line.n = n;
    line.from = from;
    line.us = us;
    line.endUs = us;
    line.window = window;
    line.start = start;
    line.end = end;
    line.isOwn = false;
    line.terminated = true;
    line.by = by;
    line.offset = offset;
    line.spans = undefined;
    line.row = 0;
    this.#see(line);
  }

  #finish(unfinished: UnfinishedLine, from: Source, endUs: number, terminated: boolean): void {
    const { us, n, by } = unfinished;
    const { bytes, spans } = unfinished.take();
    if (from === 'stderr') {
      this.#listener.stderr(us, bytes, terminated, this);
      return;
    }
    const own = { window: bytes, start: 0, end: bytes.length, isOwn: true };
    this.#see(Object.assign(this.#line, { n, from, us, endUs, ...own, terminated, by, offset: -1, spans, row: 0 }));
  }

  #see(line: LinePlace): void {
    const frame = this.#reader.take(line);
    this.#tell(this.#pairing.see(frame, this.#reader.outline));
  }

  #tell({ began, answered, cancelled }: Change<F>): void {
    if (began !== undefined) this.#listener.exchange(began, this);
    for (const exchange of answered) this.#listener.exchange(exchange, this);
    if (cancelled !== undefined) this.#listener.exchange(cancelled, this);
  }
}
