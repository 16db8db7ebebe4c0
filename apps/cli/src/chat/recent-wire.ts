import type { Entry, EventEntry, ExchangeEntry } from '@mcp-dbg/capture';
import type { ServerEvent } from '@mcp-dbg/core';
import { type Exchange, Exchanges, type Sighting } from '@mcp-dbg/protocol';

/** Bytes of frames and stderr that are kept at most; the capture has all. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What every line of stderr and every event is counted as, so that many small ones are bounded too (bytes). */
const OVERHEAD = 600;

/** What happened on the wire lately, as `log` lists it; the newest, up to a number of bytes. */
export class RecentWire {
  readonly #exchanges = new Map<string, Exchanges>();
  /** By the number of the request's frame, or by a name of its own for what has none; in order of first sight. */
  readonly #entries = new Map<number | string, Entry>();
  /** The exchanges that frames belong to which did not begin them. */
  readonly #answers = new Map<number, number>();
  #bytes = 0;
  #others = 0;

  /** Takes every event, since an answer must find its request. Gives what a frame is. */
  see(event: ServerEvent): Sighting | undefined {
    const { server } = event;
    switch (event.type) {
      case 'frame': {
        const sighting = this.#of(server).see(event.frame, event.reading);
        const { began, answered, cancelled } = sighting;
        for (const exchange of [began, ...answered, cancelled])
          if (exchange !== undefined) this.#keep(exchange, server);
        return sighting;
      }
      case 'stderr': {
        const bytes = Buffer.from(event.text);
        this.#add({ kind: 'stderr', us: event.us, conn: 0, server, bytes, terminated: true });
        return undefined;
      }
      case 'server-started': {
        const { us } = event;
        const at = { seq: 0, us, conn: 0 };
        const began: EventEntry['event'] =
          event.pid === null
            ? { t: 'connect', ...at, url: event.url }
            : { t: 'spawn', ...at, pid: event.pid, argv: event.command };
        this.#add(happened(us, server, began));
        return undefined;
      }
      case 'server-ended': {
        const { us, pid, code, signal } = event;
        const at = { seq: 0, us, conn: 0 };
        for (const lost of this.#of(server).end()) this.#keep(lost, server);
        this.#add(happened(us, server, pid === null ? { t: 'disconnect', ...at } : { t: 'exit', ...at, code, signal }));
        return undefined;
      }
      case 'finding':
      case 'list-changed':
      case 'log':
      case 'notice':
      case 'resource-updated':
      case 'server-ready':
      case 'server-restarted':
      case 'server-start-failed':
      case 'server-waiting':
      case 'tools-changed':
        return undefined;
    }
  }

  /** What is kept, in order of first sight. */
  get entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** The exchange of which a frame is a part; undefined when there is no such frame, or no longer. */
  exchangeOf(n: number): Exchange | undefined {
    const entry = this.#entries.get(this.#answers.get(n) ?? n);
    return entry?.kind === 'exchange' ? entry.exchange : undefined;
  }

  #of(server: string): Exchanges {
    const known = this.#exchanges.get(server) ?? new Exchanges();
    this.#exchanges.set(server, known);
    return known;
  }

  #keep(exchange: Exchange, server: string): void {
    const before = this.#entries.get(exchange.n);
    const entry: ExchangeEntry = { kind: 'exchange', us: exchange.us, conn: 0, server, exchange };
    this.#bytes += sizeOf(entry) - (before === undefined ? 0 : sizeOf(before));
    this.#entries.set(exchange.n, entry);
    if (exchange.answer !== undefined) this.#answers.set(exchange.answer.n, exchange.n);
    this.#forget();
  }

  #add(entry: Entry): void {
    this.#entries.set(`other ${++this.#others}`, entry);
    this.#bytes += sizeOf(entry);
    this.#forget();
  }

  /** Forgets half of all at once: a map that loses its first entry again and again takes ever longer to find the next. */
  #forget(): void {
    if (this.#bytes <= MAX_BYTES) return;
    for (const [key, entry] of this.#entries) {
      const isLast = this.#entries.size === 1;
      if (this.#bytes <= (isLast ? MAX_BYTES : MAX_BYTES / 2)) return;
      this.#entries.delete(key);
      this.#bytes -= sizeOf(entry);
      if (entry.kind === 'exchange' && entry.exchange.answer !== undefined)
        this.#answers.delete(entry.exchange.answer.n);
    }
  }
}

function happened(us: number, server: string, event: EventEntry['event']): EventEntry {
  return { kind: 'event', us, conn: undefined, server, event };
}

function sizeOf(entry: Entry): number {
  switch (entry.kind) {
    case 'exchange':
      return OVERHEAD + entry.exchange.frame.bytes.length + (entry.exchange.answer?.bytes.length ?? 0);
    case 'stderr':
      return OVERHEAD + entry.bytes.length;
    case 'event':
      return OVERHEAD;
  }
}
