import { type Exchange, Exchanges, type Sighting } from '@mcp-dbg/protocol';
import { FrameStream, type Sender } from '@mcp-dbg/wire';

/** Plays frames one after the other, a millisecond apart. */
export class Wire {
  readonly exchanges: Exchanges = new Exchanges();
  readonly #frames = new FrameStream();
  readonly #latest = new Map<number, Exchange>();
  #us = 0;

  send(from: Sender, ...texts: readonly string[]): readonly Sighting[] {
    return texts.flatMap((text) => {
      this.#us += 1000;
      const frames = this.#frames.read(from, new TextEncoder().encode(`${text}\n`), this.#us);
      return frames.map((frame) => this.#keep(this.exchanges.see(frame)));
    });
  }

  client(message: object): Sighting {
    return this.#one('client', message);
  }

  server(message: object): Sighting {
    return this.#one('server', message);
  }

  /** What a reader of the whole stream holds: the newest value of each exchange. */
  get all(): readonly Exchange[] {
    return [...this.#latest.values()].toSorted((a, b) => a.n - b.n);
  }

  #one(from: Sender, message: object): Sighting {
    const body = Array.isArray(message) ? message : { jsonrpc: '2.0', ...message };
    const [sighting] = this.send(from, JSON.stringify(body));
    if (sighting === undefined) throw new Error('no frame came out');
    return sighting;
  }

  #keep(sighting: Sighting): Sighting {
    const { began, answered, cancelled } = sighting;
    for (const exchange of [began, ...answered, cancelled]) {
      if (exchange !== undefined) this.#latest.set(exchange.n, exchange);
    }
    return sighting;
  }
}
