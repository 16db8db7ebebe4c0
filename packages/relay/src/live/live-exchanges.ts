import { type FilterSide, type FilterSubject, entrySubject } from '@mcp-dbg/capture';
import { type Exchange, Exchanges } from '@mcp-dbg/protocol';

import type { RelayFrame } from '../relay-frame.ts';

const LF = 0x0a;

/** A frame that comes by, with what it belongs to as far as that has come: a request without its answer, say. */
export interface Sight {
  readonly exchange: Exchange;
  /** Which side of the exchange the frame is; undefined where it stands alone, as a notification and noise do. */
  readonly side: FilterSide | undefined;
  /** What filters look at. */
  readonly subject: FilterSubject;
}

/** How filters see the connection that frames belong to. */
export interface LiveView {
  /** Microseconds since the start. */
  readonly clock: () => number;
  /** When that was, in ISO 8601. */
  readonly openedAt?: string | undefined;
  /** The name of the server. */
  readonly server?: string | undefined;
}

/** Finds what the frames of one connection belong to while they pass, for filters that are judged at once. */
export class LiveExchanges {
  readonly #view: LiveView;
  readonly #exchanges = new Exchanges();
  #frames = 0;

  constructor(view: LiveView) {
    this.#view = view;
  }

  /** The requests that wait for an answer now, in order. */
  get pending(): readonly Exchange[] {
    return this.#exchanges.pending;
  }

  /** Takes the next frame of either peer; not a piece of one. */
  see(frame: RelayFrame): Sight {
    const { clock, server, openedAt } = this.#view;
    const us = clock();
    const terminated = frame.bytes.at(-1) === LF;
    const { from, by } = frame;
    const bytes = terminated ? frame.bytes.subarray(0, -1) : frame.bytes;
    const seen = { n: ++this.#frames, from, us, endUs: us, bytes, terminated, by };
    const { began, answered } = this.#exchanges.see(seen, frame.reading);
    const [first] = answered;
    const exchange = began ?? first;
    // A frame that begins nothing answers something.
    if (exchange === undefined) throw new TypeError('a frame neither begins nor answers an exchange');
    const entry = {
      kind: 'exchange' as const,
      us: exchange.us,
      conn: 1,
      ...(server !== undefined && { server }),
      exchange,
    };
    return { exchange, side: sideOf(exchange, began === undefined), subject: entrySubject(entry, { openedAt }) };
  }
}

function sideOf({ status }: Exchange, isAnswer: boolean): FilterSide | undefined {
  if (isAnswer) return 'res';
  if (status === 'orphan') return 'res';
  return status === undefined ? undefined : 'req';
}
