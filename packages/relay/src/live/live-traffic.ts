import { type Entry, type FilterSubject, entrySubject } from '@mcp-dbg/capture';
import { type Exchange, Exchanges } from '@mcp-dbg/protocol';
import { type Frame, FrameCounter } from '@mcp-dbg/wire';

import type { Clock } from '../clock.ts';
import type { RelayFrame } from '../relay-frame.ts';

const LF = 0x0a;

/** An exchange that a frame opens or answers, as it stands with that frame, and as a filter sees it. */
export interface LiveExchange {
  readonly exchange: Exchange;
  readonly subject: FilterSubject;
}

/**
 * What passes through a relay as filters of captures see it, frame by frame: the words of a log that ends here. A
 * request is seen when it passes, and once more, answered, when its answer does. Whatever stage judges frames while they
 * pass has one of its own.
 */
export class LiveTraffic {
  readonly #exchanges = new Exchanges();
  readonly #numbers = new FrameCounter();
  readonly #clock: Clock;
  readonly #openedMs: number;
  readonly #openedAt: string;
  readonly #server: string | undefined;

  /** `server` is the name that filters know it by. */
  constructor(clock: Clock, server?: string) {
    this.#server = server;
    this.#clock = clock;
    this.#openedMs = clock.now();
    this.#openedAt = clock.wallTime();
  }

  /** The requests that wait for an answer now, in their order. */
  get pending(): readonly Exchange[] {
    return this.#exchanges.pending;
  }

  /** Takes the next frame. Gives the exchange it begins, where it does, then those that it answers; none of a piece. */
  see(frame: RelayFrame): readonly LiveExchange[] {
    if (frame.isPiece) return [];
    const us = Math.round((this.#clock.now() - this.#openedMs) * 1000);
    const { began, answered } = this.#exchanges.see(placed(frame, this.#numbers.next(), us), frame.reading);
    const exchanges = began === undefined ? answered : [began, ...answered];
    return exchanges.map((exchange) => {
      const named = this.#server !== undefined && { server: this.#server };
      const entry: Entry = { kind: 'exchange', us: exchange.us, conn: 1, ...named, exchange };
      return { exchange, subject: entrySubject(entry, { openedAt: this.#openedAt }) };
    });
  }
}

function placed({ from, bytes, by }: RelayFrame, n: number, us: number): Frame & { readonly by?: string } {
  const terminated = bytes.at(-1) === LF;
  const line = terminated ? bytes.subarray(0, -1) : bytes;
  return { n, from, us, endUs: us, bytes: line, terminated, ...(by !== undefined && { by }) };
}
