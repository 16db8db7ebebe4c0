import {
  type BatchReading,
  ExchangeTracker,
  flippedId,
  type Frame,
  type IdText,
  type Message,
  type NotJsonRpcReading,
  type Reading,
  type RequestReading,
  idText,
  memberText,
  peerOf,
  readText,
} from '@mcp-dbg/wire';

import type { Version } from '../eras.ts';
import type { Asked, Check, SeenAnswer, SeenExit } from './check.ts';
import { type LooseLine, type Settled, SpreadMessage } from './spread-message.ts';
import { Versions } from './versions.ts';

/** Answered requests that are remembered, so that a second answer can be told from one to nothing. */
const MAX_ANSWERED = 4096;

/** Waiting requests that are remembered; of a peer that never answers the oldest are given up. */
const MAX_WAITING = 16_384;

/** Microseconds after the end of its input from which on a server that runs has ignored it; SDK clients wait 2 s. */
const PATIENCE_US = 1_500_000;

/** How a server's process ended. */
export interface ProcessEnd {
  /** Microseconds on the clock of the frames. */
  readonly us: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** The last line of its stderr that says something. */
  readonly stderr?: string | undefined;
}

/** Follows one connection and shows a check what its frames mean: which request an answer answers, under which version. */
export class Conversation {
  readonly #check: Check;
  readonly #versions = new Versions();
  readonly #tracker = new ExchangeTracker<Asked>();
  readonly #spread = { client: new SpreadMessage(), server: new SpreadMessage() };
  readonly #answered = new Map<string, Asked>();
  #waiting = 0;
  #ended: SeenExit['asked'];
  #eofUs: number | undefined;
  #ignoredEof = false;

  constructor(check: Check) {
    this.#check = check;
  }

  see(frame: Frame, reading: Reading): void {
    const { from } = frame;
    this.#check.line?.({ frame, from, reading, version: this.#versions.current });
    this.#settle(this.#spread[from].take(frame, reading));
    if (reading.kind !== 'not-json' && reading.kind !== 'not-json-rpc') this.#read(frame, reading);
  }

  #settle({ spread, loose }: Settled): void {
    if (spread !== undefined) {
      const { frame, lines, reading } = spread;
      this.#check.spread?.({ frame, lines, text: reading.text, version: this.#versions.current });
      this.#read(frame, reading);
    }
    for (const line of loose) {
      this.#check.loose?.({ ...line, version: this.#versions.current });
      const found = messageIn(line);
      if (found !== undefined) this.#read(line.frame, found);
    }
  }

  #read(frame: Frame, reading: Message | BatchReading): void {
    if (reading.kind !== 'batch') this.#message(frame, reading, false);
    else for (const item of reading.items) if (isMessage(item)) this.#message(frame, item, true);
  }

  /** The client ended the server's input, or the server was sent a signal. */
  asksToEnd(how: 'eof' | 'signal', us: number): void {
    this.#ended ??= how;
    if (how === 'eof') this.#eofUs ??= us;
    else if (this.#eofUs !== undefined && us - this.#eofUs >= PATIENCE_US) this.#ignoredEof = true;
  }

  exit({ us, code, signal, stderr }: ProcessEnd): void {
    this.#flush();
    const [asked, ignoredEof] = [this.#ended, this.#ignoredEof];
    const version = this.#versions.current;
    this.#check.exit?.({ us, code, signal, asked, ignoredEof, waiting: this.#takeWaiting(), stderr, version });
  }

  end(us: number): void {
    this.#flush();
    this.#check.end?.({ us, waiting: this.#takeWaiting() });
  }

  #flush(): void {
    for (const from of ['client', 'server'] as const) this.#settle(this.#spread[from].end());
  }

  /** Of the requests to the server those that somebody waits for, oldest first. */
  #takeWaiting(): readonly Asked[] {
    const waiting = this.#tracker.clear();
    return waiting
      .filter(({ from, method }) => from === 'client' && method !== 'subscriptions/listen')
      .filter(({ cancelled }) => cancelled === undefined)
      .toSorted((one, other) => one.frame.n - other.frame.n);
  }

  #message(frame: Frame, reading: Message, inBatch: boolean): void {
    const { from } = frame;
    switch (reading.kind) {
      case 'request': {
        const version = this.#versions.ofMessage(reading);
        const asked = this.#ask(frame, reading, version);
        this.#check.request?.({ frame, from, version, inBatch, reading, asked });
        return;
      }
      case 'notification':
        this.#check.notification?.({ frame, from, version: this.#versions.ofMessage(reading), inBatch, reading });
        this.#cancel(frame, reading);
        return;
      case 'result':
      case 'error':
        this.#answer(frame, reading, inBatch);
    }
  }

  #ask(frame: Frame, { id, method, params }: RequestReading, version: Version | undefined): Asked {
    const { from } = frame;
    const asked: Asked = { frame, from, id, method, params, version, cancelled: undefined, answered: undefined };
    if (this.#waiting >= MAX_WAITING) {
      this.#tracker.clear();
      this.#waiting = 0;
    }
    this.#waiting++;
    this.#tracker.ask(from, id, asked);
    return asked;
  }

  #answer(frame: Frame, reading: SeenAnswer['reading'], inBatch: boolean): void {
    const { from } = frame;
    const asked = this.#tracker.answer(from, reading.id);
    const seen = { frame, from, inBatch, reading, asked };
    if (asked === undefined) {
      const again = this.#answered.get(keyOf(from, reading.id));
      const flipped = this.#tracker.find(peerOf(from), flippedId(reading.id));
      const version = again?.version ?? flipped?.version ?? this.#versions.current;
      this.#check.answer?.({ ...seen, version, again, flipped });
      if (flipped !== undefined) this.#forgive(frame, { ...reading, id: flipped.id });
      return;
    }
    const version = this.#versions.ofAnswer(asked.method, asked.version, reading);
    this.#check.answer?.({ ...seen, version, again: undefined, flipped: undefined });
    this.#keep(frame, asked, reading);
  }

  /** An answer whose id has the wrong type still answers: what it is about is not asked for a second time. */
  #forgive(frame: Frame, reading: SeenAnswer['reading']): void {
    const asked = this.#tracker.answer(frame.from, reading.id);
    if (asked !== undefined) this.#keep(frame, asked, reading);
  }

  #keep(frame: Frame, asked: Asked, reading: SeenAnswer['reading']): void {
    this.#waiting--;
    asked.answered = frame;
    this.#versions.answered(asked.method, asked.version, reading);
    const key = keyOf(frame.from, asked.id);
    this.#answered.delete(key);
    this.#answered.set(key, asked);
    const oldest = this.#answered.size > MAX_ANSWERED ? this.#answered.keys().next().value : undefined;
    if (oldest !== undefined) this.#answered.delete(oldest);
  }

  #cancel(frame: Frame, reading: Extract<Message, { kind: 'notification' }>): void {
    const id = reading.method === 'notifications/cancelled' ? cancelledId(reading.text) : undefined;
    const asked = id === undefined ? undefined : this.#tracker.find(frame.from, id);
    if (asked !== undefined) asked.cancelled ??= frame;
  }
}

/** The id that a `notifications/cancelled` names, from the text: a number may be too big for JSON.parse. */
export function cancelledId(text: string): IdText | undefined {
  const params = memberText(text, 'params');
  const token = params?.startsWith('{') === true ? memberText(params, 'requestId') : undefined;
  return token === undefined || !/^["\d-]/.test(token) ? undefined : idText(token);
}

/** The message behind other text on its line. */
function messageIn({ reading }: LooseLine): Message | undefined {
  const text = reading.text ?? '';
  const start = text.indexOf('{"');
  const behind = start > 0 && text.includes('"jsonrpc"', start) ? readText(text.slice(start)) : undefined;
  return behind === undefined || behind.kind === 'batch' || behind.kind === 'not-json' || behind.kind === 'not-json-rpc'
    ? undefined
    : behind;
}

function isMessage(item: Message | NotJsonRpcReading): item is Message {
  return item.kind !== 'not-json-rpc';
}

function keyOf(from: string, id: IdText): string {
  return `${from} ${id}`;
}
