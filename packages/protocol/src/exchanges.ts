import {
  type BatchReading,
  ExchangeTracker,
  type Frame,
  type IdText,
  type Message,
  type NotificationReading,
  type Reading,
  type RequestReading,
  idText,
  memberText,
  readFrame,
} from '@mcp-dbg/wire';

import type { Exchange } from './exchange.ts';
import { isObject } from './json-object.ts';
import { META_KEYS, metaOf } from './meta-keys.ts';

/** What one frame is, and what it did to the exchanges of its connection. */
export interface Sighting {
  readonly frame: Frame;
  readonly reading: Reading;
  /** The exchange that starts with this frame; undefined where all of it answers earlier ones. */
  readonly began: Exchange | undefined;
  /** The exchanges that this frame answers, as they are now; one, unless the frame is a batch. */
  readonly answered: readonly Exchange[];
  /** The exchange that this frame calls off. */
  readonly cancelled: Exchange | undefined;
}

/** A request that waits, alone or as one of a batch. */
interface Waiting {
  exchange: Exchange;
  /** Requests of the batch that still wait; 1 for a request of its own. */
  left: number;
  /** What the answers so far amount to: a batch fares as badly as the worst of its requests. */
  outcome: Outcome;
}

type Outcome = 'ok' | 'tool-error' | 'error';

/**
 * Reads the frames of one connection as MCP means them. The same reading serves a live view, which shows each
 * sighting, and a capture, which keeps the newest value of each exchange by its `n`.
 */
export class Exchanges {
  readonly #tracker = new ExchangeTracker<Waiting>();
  #isOpened = false;

  /** Takes the next frame, in the order in which frames were completed, with its reading where there is one already. */
  see(frame: Frame, reading: Reading = readFrame(frame.bytes)): Sighting {
    switch (reading.kind) {
      case 'request':
        return sighting(frame, reading, { began: this.#ask(frame, reading) });
      case 'notification':
        return sighting(frame, reading, {
          began: alone(frame, 'notification', {
            method: reading.method,
            version: versionOf(reading.params),
          }),
          cancelled: this.#cancel(frame, reading),
        });
      case 'result':
      case 'error':
        return this.#seeAnswer(frame, reading);
      case 'batch':
        return this.#seeBatch(frame, reading);
      case 'not-json-rpc':
      case 'not-json':
        return sighting(frame, reading, { began: alone(frame, 'noise') });
    }
  }

  /** The exchanges that wait for an answer now, in order of their requests. */
  get pending(): readonly Exchange[] {
    return distinct(this.#tracker.open).filter((exchange) => exchange.status === 'pending');
  }

  /** Ends the server's process: gives every exchange that it leaves unanswered, as `lost`. */
  end(): readonly Exchange[] {
    const left = distinct(this.#tracker.clear());
    this.#isOpened = false;
    return left
      .filter((exchange) => exchange.status === 'pending')
      .map((exchange) => ({ ...exchange, status: 'lost' as const }));
  }

  #ask(frame: Frame, reading: RequestReading): Exchange {
    const exchange = asked(frame, reading, this.#opensConnection(frame));
    this.#tracker.ask(frame.from, reading.id, { exchange, left: 1, outcome: 'ok' });
    return exchange;
  }

  #opensConnection(frame: Frame): boolean {
    const isFirst = !this.#isOpened && frame.from === 'client';
    this.#isOpened ||= isFirst;
    return isFirst;
  }

  #cancel(frame: Frame, reading: NotificationReading): Exchange | undefined {
    const id = reading.method === 'notifications/cancelled' ? cancelledId(reading.text) : undefined;
    const waiting = id === undefined ? undefined : this.#tracker.find(frame.from, id);
    // A request of a batch is called off alone; the others still wait.
    if (waiting === undefined || waiting.exchange.kind === 'batch') return undefined;
    waiting.exchange = { ...waiting.exchange, status: 'cancelled' };
    return waiting.exchange;
  }

  #seeAnswer(frame: Frame, reading: Message): Sighting {
    const answered = this.#answer(frame, reading);
    if (answered !== undefined) return sighting(frame, reading, { answered: [answered] });
    return sighting(frame, reading, { began: orphan(frame, idOf(reading)) });
  }

  #answer(frame: Frame, reading: Message): Exchange | undefined {
    const id = idOf(reading);
    const waiting = id === undefined ? undefined : this.#tracker.answer(frame.from, id);
    if (waiting === undefined) return undefined;
    waiting.left -= 1;
    waiting.outcome = worse(waiting.outcome, outcomeOf(waiting.exchange, reading));
    waiting.exchange = withAnswer(waiting, frame, reading);
    return waiting.exchange;
  }

  #seeBatch(frame: Frame, reading: BatchReading): Sighting {
    const answered = new Map<number, Exchange>();
    const requests: RequestReading[] = [];
    let isOrphan = false;
    for (const item of reading.items) {
      if (item.kind === 'request') requests.push(item);
      if (item.kind !== 'result' && item.kind !== 'error') continue;
      const exchange = this.#answer(frame, item);
      if (exchange === undefined) isOrphan = true;
      else answered.set(exchange.n, exchange);
    }
    const began = this.#beginBatch(frame, reading.items, requests, isOrphan);
    return sighting(frame, reading, { began, answered: [...answered.values()] });
  }

  #beginBatch(
    frame: Frame,
    items: BatchReading['items'],
    requests: readonly RequestReading[],
    isOrphan: boolean,
  ): Exchange | undefined {
    const isAnswers = items.length > 0 && items.every(({ kind }) => kind === 'result' || kind === 'error');
    if (isAnswers && requests.length === 0) return isOrphan ? orphan(frame, undefined) : undefined;
    if (requests.length === 0) return alone(frame, 'batch');
    this.#opensConnection(frame);
    const exchange = alone(frame, 'batch', { status: 'pending' });
    const waiting: Waiting = { exchange, left: requests.length, outcome: 'ok' };
    for (const { id } of requests) this.#tracker.ask(frame.from, id, waiting);
    return waiting.exchange;
  }
}

function sighting(frame: Frame, reading: Reading, did: Partial<Sighting>): Sighting {
  return { frame, reading, began: undefined, answered: [], cancelled: undefined, ...did };
}

function alone(frame: Frame, kind: Exchange['kind'], known: Partial<Exchange> = {}): Exchange {
  return {
    n: frame.n,
    us: frame.us,
    from: frame.from,
    kind,
    id: undefined,
    method: undefined,
    tool: undefined,
    status: undefined,
    ms: undefined,
    version: undefined,
    probe: false,
    frame,
    answer: undefined,
    ...known,
  };
}

function orphan(frame: Frame, id: IdText | undefined): Exchange {
  return alone(frame, 'response', { id, status: 'orphan' });
}

function asked(frame: Frame, { id, method, params }: RequestReading, opens: boolean): Exchange {
  const named = method === 'tools/call' ? textIn(params, 'name') : undefined;
  return alone(frame, 'request', {
    id,
    method,
    tool: named,
    status: 'pending',
    version: versionOf(params),
    probe: opens && method === 'server/discover',
  });
}

function withAnswer({ exchange, left, outcome }: Waiting, frame: Frame, reading: Message): Exchange {
  if (left > 0) return { ...exchange, answer: frame };
  const chosen = exchange.method === 'initialize' && reading.kind === 'result' ? versionOf(reading.result) : undefined;
  return {
    ...exchange,
    // What was called off stays so, whatever comes late.
    status: exchange.status === 'cancelled' ? 'cancelled' : outcome,
    ms: Math.max(0, frame.endUs - exchange.frame.endUs) / 1000,
    version: chosen ?? exchange.version,
    answer: frame,
  };
}

function outcomeOf({ kind, tool }: Exchange, reading: Message): Outcome {
  if (reading.kind === 'error') return 'error';
  const canBeTool = tool !== undefined || kind === 'batch';
  const isMarked = reading.kind === 'result' && isObject(reading.result) && reading.result['isError'] === true;
  return canBeTool && isMarked ? 'tool-error' : 'ok';
}

function worse(one: Outcome, other: Outcome): Outcome {
  const order: readonly Outcome[] = ['error', 'tool-error', 'ok'];
  return order.find((outcome) => outcome === one || outcome === other) ?? 'ok';
}

function idOf(reading: Message): IdText | undefined {
  return reading.kind === 'notification' ? undefined : reading.id;
}

/** The id that a `notifications/cancelled` names, from the text: a number may be too big for JSON.parse. */
function cancelledId(text: string): IdText | undefined {
  const params = memberText(text, 'params');
  const token = params?.startsWith('{') === true ? memberText(params, 'requestId') : undefined;
  return token === undefined || !/^["\d-]/.test(token) ? undefined : idText(token);
}

function versionOf(value: unknown): string | undefined {
  const ofMeta = metaOf(value)?.[META_KEYS.protocolVersion];
  return typeof ofMeta === 'string' ? ofMeta : textIn(value, 'protocolVersion');
}

function textIn(value: unknown, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function distinct(waiting: readonly Waiting[]): readonly Exchange[] {
  return [...new Set(waiting)].map(({ exchange }) => exchange).toSorted((a, b) => a.n - b.n);
}
