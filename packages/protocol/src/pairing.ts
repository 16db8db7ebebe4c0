import { ExchangeTracker, type IdText, type Sender, flippedId, peerOf } from '@mcp-dbg/wire';

import { AnsweredIds } from './answered.ts';
import type { Exchange, Placed } from './exchange.ts';
import type { FrameReader } from './frame-reader.ts';
import { Joins } from './joins.ts';
import type { Outline } from './outline.ts';
import { type Cause, answeredUnseen, asked, outcomeOf, standsAlone, withAnswer, worse } from './paired.ts';
import { Rounds } from './rounds.ts';
import { type Waiting, unanswered } from './waiting.ts';

/** Requests of one side that may be open; past that the older half is given up. */
const MAX_OPEN = 100_000;

/** Bytes of requests of one side that may be open, past which the older half is given up. */
const MAX_OPEN_BYTES: number = 64 * 1024 * 1024;

/** What one frame did to the exchanges of its connection. */
export interface Change<F extends Placed> {
  /** The exchange that starts with this frame; undefined where all of it answers earlier ones. */
  readonly began: Exchange<F> | undefined;
  /** The exchanges that this frame answers, as they are now; one, unless the frame is a batch. */
  readonly answered: readonly Exchange<F>[];
  /** The exchange that this frame calls off. */
  readonly cancelled: Exchange<F> | undefined;
}

/**
 * Finds what the frames of one connection have to do with each other, from their outlines alone. What is kept of a
 * frame is the caller's choice. Memory is bounded: of each side no more than 100,000 requests or 64 MiB of them (or a
 * single one) stay open; those that were given up stay `pending`, and their answers are orphans.
 */
export class Pairing<F extends Placed> {
  readonly #reader: FrameReader<F>;
  readonly #tracker: ExchangeTracker<Waiting<F>>;
  readonly #answered = new AnsweredIds();
  readonly #joins = new Joins<Waiting<F>>();
  readonly #rounds = new Rounds();
  #isOpened = false;
  /** The version that the handshake came to. */
  #negotiated: string | undefined;
  /** The version that a client's request named last. */
  #named: string | undefined;

  /** Makes a pairing of one connection, which tells of what it gives up because too much is open. */
  constructor(reader: FrameReader<F>, forget: (exchange: Exchange<F>) => void = () => undefined) {
    this.#reader = reader;
    this.#tracker = new ExchangeTracker({
      most: MAX_OPEN,
      mostSize: MAX_OPEN_BYTES,
      sizeOf: ({ bytes }) => bytes,
      onForgotten: (forgotten) => {
        for (const each of forgotten) this.#close(each, false);
        for (const exchange of unanswered(forgotten)) forget(exchange);
      },
    });
  }

  /** Takes the next frame, in the order in which frames were completed. */
  see(frame: F, outline: Outline): Change<F> {
    switch (outline.kind) {
      case 'request':
        return { began: this.#ask(frame, outline), answered: NONE, cancelled: undefined };
      case 'notification':
        return this.#seeNotification(frame, outline);
      case 'result':
      case 'error': {
        const answered = this.#answer(frame, outline);
        if (answered !== undefined) return { began: undefined, answered: [answered], cancelled: undefined };
        return { began: this.#orphan(frame, outline.id), answered: NONE, cancelled: undefined };
      }
      case 'batch':
        return this.#seeBatch(frame, outline.items);
      case 'noise':
        return { began: this.#alone(frame, 'noise'), answered: NONE, cancelled: undefined };
    }
  }

  /** The exchanges that wait for an answer now, in order of their requests. */
  get pending(): readonly Exchange<F>[] {
    return unanswered(this.#tracker.open);
  }

  /** Ends the server's process: gives every exchange that it leaves unanswered, as `lost`. */
  end(): readonly Exchange<F>[] {
    const lost = unanswered(this.#tracker.clear()).map((exchange) => ({ ...exchange, status: 'lost' as const }));
    this.#answered.clear();
    for (const exchange of lost)
      if (exchange.id !== undefined) this.#answered.add(exchange.from, exchange.id, exchange);
    this.#joins.clear();
    this.#rounds.clear();
    this.#isOpened = false;
    this.#negotiated = undefined;
    this.#named = undefined;
    return lost;
  }

  /**
   * An answer came that was not passed on, and has no frame. Whoever asked in a peer's place (`by`) has taken it, so such a
   * request is answered by it; gives that exchange, and undefined where anybody else waits, who has no answer yet.
   */
  withheld({ from, us }: Pick<Placed, 'from' | 'us'>, outline: Outline): Exchange<F> | undefined {
    const { id, kind } = outline;
    if (id === undefined || (kind !== 'result' && kind !== 'error')) return undefined;
    const asked = this.#tracker.find(peerOf(from), id)?.exchange;
    if (asked?.kind !== 'request' || asked.frame.by === undefined) return undefined;
    const waiting = this.#tracker.answer(from, id);
    if (waiting === undefined) return undefined;
    this.#close(waiting, outline.isTask);
    if (asked.method === 'initialize') this.#negotiated = outline.version ?? this.#negotiated;
    waiting.exchange = answeredUnseen(asked, outline, us);
    this.#answered.add(asked.from, id, waiting.exchange);
    return waiting.exchange;
  }

  #ask(frame: F, outline: Outline): Exchange<F> {
    const { from } = frame;
    const version = outline.version ?? this.#negotiated;
    if (from === 'client' && outline.method !== 'initialize') this.#named = outline.version ?? this.#named;
    const again = outline.bringsInput ? this.#roundOf(frame) : undefined;
    const cause = from === 'server' ? this.#joins.causeOf(outline.method ?? '') : undefined;
    const exchange = asked(frame, outline, {
      version: version ?? cause?.exchange.version,
      opens: this.#opensConnection(from),
      of: again?.first ?? cause?.exchange.n,
      round: again?.round,
    });
    const bytes = this.#reader.sizeOf(frame);
    this.#wait(outline, { exchange, token: outline.token, bytes, left: 1, outcome: 'ok' });
    return exchange;
  }

  #roundOf(frame: F): { readonly first: number; readonly round: number } | undefined {
    const call = this.#reader.callOf(frame);
    return call === undefined ? undefined : this.#rounds.next(call);
  }

  #opensConnection(from: Sender): boolean {
    const isFirst = !this.#isOpened && from === 'client';
    this.#isOpened ||= isFirst;
    return isFirst;
  }

  #wait(outline: Outline, waiting: Waiting<F>): void {
    const { from, version } = waiting.exchange;
    this.#joins.ask(from, outline, version, waiting);
    this.#tracker.ask(from, outline.id ?? 'null', waiting);
  }

  /** The request does not wait any more. */
  #close(waiting: Waiting<F>, isTask: boolean): void {
    this.#joins.close(waiting.exchange.from, waiting.token, waiting, isTask);
  }

  #seeNotification(frame: F, outline: Outline): Change<F> {
    const { method, version, target } = outline;
    const called = method === 'notifications/cancelled' ? this.#cancellable(frame.from, target) : undefined;
    const cause = called?.exchange ?? this.#causeOf(frame.from, outline);
    const began = this.#alone(frame, 'notification', cause, method, version);
    return { began, answered: NONE, cancelled: called && this.#cancel(called) };
  }

  /** What a side may call off: its own requests, and a server the subscriptions of its client. */
  #cancellable(from: Sender, id: IdText | undefined): Waiting<F> | undefined {
    if (id === undefined) return undefined;
    return this.#tracker.find(from, id) ?? (from === 'server' ? this.#stream(id) : undefined);
  }

  #stream(id: IdText): Waiting<F> | undefined {
    const waiting = this.#tracker.find('client', id);
    return waiting?.exchange.method === 'subscriptions/listen' ? waiting : undefined;
  }

  #causeOf(from: Sender, { method, token, target }: Outline): Cause | undefined {
    if (token !== undefined) return this.#joins.withToken(from, token);
    if (target !== undefined && method === 'notifications/cancelled') return this.#answered.find(from, target);
    if (from === 'client') return undefined;
    if (target !== undefined) return this.#stream(target)?.exchange ?? this.#endedStream(target);
    return method === 'notifications/message' ? this.#joins.logged?.exchange : undefined;
  }

  #endedStream(id: IdText): Cause | undefined {
    const ended = this.#answered.find('client', id);
    return ended?.method === 'subscriptions/listen' ? ended : undefined;
  }

  #cancel(waiting: Waiting<F>): Exchange<F> | undefined {
    // A request of a batch is called off alone; the others still wait.
    if (waiting.exchange.kind === 'batch' || waiting.exchange.status === 'cancelled') return undefined;
    waiting.exchange = { ...waiting.exchange, status: 'cancelled' };
    this.#joins.quiet(waiting);
    return waiting.exchange;
  }

  #answer(frame: F, outline: Outline): Exchange<F> | undefined {
    const { id } = outline;
    const waiting = id === undefined ? undefined : this.#tracker.answer(frame.from, id);
    if (id === undefined || waiting === undefined) return undefined;
    this.#close(waiting, outline.isTask);
    const before = waiting.exchange;
    waiting.left -= 1;
    waiting.outcome = worse(waiting.outcome, outcomeOf(before, outline));
    waiting.exchange = waiting.left > 0 ? { ...before, answer: frame } : this.#answeredBy(waiting, frame, outline);
    this.#answered.add(before.from, id, waiting.exchange);
    return waiting.exchange;
  }

  #answeredBy({ exchange, outcome }: Waiting<F>, frame: F, outline: Outline): Exchange<F> {
    let { version, round } = exchange;
    if (exchange.method === 'initialize' && outline.version !== undefined) {
      ({ version } = outline);
      this.#negotiated = version;
    }
    const call = outline.asksInput ? this.#reader.callOf(exchange.frame) : undefined;
    if (call !== undefined) {
      round ??= 1;
      this.#rounds.wait(call, { first: exchange.of ?? exchange.n, round });
    }
    // What was called off stays so, whatever comes late.
    const status = exchange.status === 'cancelled' ? 'cancelled' : outcome;
    const ms = Math.max(0, frame.endUs - exchange.frame.endUs) / 1000;
    return withAnswer(exchange, frame, { status, ms, version, round });
  }

  #seeBatch(frame: F, items: readonly Outline[]): Change<F> {
    const answered = new Map<number, Exchange<F>>();
    let isOrphan = false;
    for (const item of items) {
      if (item.kind !== 'result' && item.kind !== 'error') continue;
      const exchange = this.#answer(frame, item);
      if (exchange === undefined) isOrphan = true;
      else answered.set(exchange.n, exchange);
    }
    const began = this.#beginBatch(frame, items, isOrphan);
    return { began, answered: [...answered.values()], cancelled: undefined };
  }

  #beginBatch(frame: F, items: readonly Outline[], isOrphan: boolean): Exchange<F> | undefined {
    const isAnswers = items.length > 0 && items.every(({ kind }) => kind === 'result' || kind === 'error');
    if (isAnswers) return isOrphan ? this.#orphan(frame, undefined) : undefined;
    const requests = items.filter(({ kind }) => kind === 'request');
    const alone = this.#alone(frame, 'batch');
    if (requests.length === 0) return alone;
    this.#opensConnection(frame.from);
    const exchange: Exchange<F> = { ...alone, status: 'pending' };
    const waiting: Waiting<F> = {
      exchange,
      token: undefined,
      bytes: this.#reader.sizeOf(frame) / requests.length,
      left: requests.length,
      outcome: 'ok',
    };
    for (const request of requests) this.#wait({ ...request, token: undefined }, waiting);
    return exchange;
  }

  #orphan(frame: F, id: IdText | undefined): Exchange<F> {
    return { ...this.#alone(frame, 'response', this.#causeOfOrphan(frame, id)), id, status: 'orphan' };
  }

  /** What had its id before, or what waits and differs from it in nothing but the JSON type of its id. */
  #causeOfOrphan({ from }: F, id: IdText | undefined): Cause | undefined {
    if (id === undefined) return undefined;
    const asker = peerOf(from);
    return this.#answered.find(asker, id) ?? this.#tracker.find(asker, flippedId(id))?.exchange;
  }

  #alone(frame: F, kind: Exchange['kind'], cause?: Cause, method?: string, named?: string): Exchange<F> {
    const version = named ?? cause?.version ?? this.#negotiated ?? this.#named;
    return standsAlone(frame, kind, { method, version, of: cause?.n });
  }
}

const NONE: readonly never[] = [];
