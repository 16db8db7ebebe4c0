import {
  type BatchReading,
  type Frame,
  type IdText,
  type Message,
  type NotJsonRpcReading,
  type NotificationReading,
  type Reading,
  type RequestReading,
  flippedId,
  idText,
  memberText,
  peerOf,
  readText,
} from '@mcp-dbg/wire';

import type { Version } from '../eras.ts';
import type { Asked, Check, SeenAnswer, SeenExit } from './check.ts';
import type { Past } from './past.ts';
import { headOf } from './past-requests.ts';
import { copyOf } from './shortened.ts';
import { type LooseLine, type Settled, SpreadMessage } from './spread-message.ts';
import { isTaskAnswer } from './task-requests.ts';
import { Versions, isModern } from './versions.ts';

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
  readonly #past: Past;
  readonly #spread = { client: new SpreadMessage(), server: new SpreadMessage() };
  #ended: SeenExit['asked'];
  #eofUs: number | undefined;
  #ignoredEof = false;
  #isExcused = false;

  constructor(check: Check, past: Past) {
    this.#check = check;
    this.#past = past;
  }

  /** Takes the next frame; of one that `isExcused` nobody can help it if what it asks is not answered. */
  see(frame: Frame, reading: Reading, isExcused = false): void {
    const { from } = frame;
    this.#isExcused = isExcused;
    this.#check.line?.({ frame, from, reading, version: this.#versions.current });
    this.#takeSettled(this.#spread[from].take(frame, reading));
    if (reading.kind !== 'not-json' && reading.kind !== 'not-json-rpc') this.#read(frame, reading);
    // Any answer may be in what was made of the sender's lines.
    else if (frame.by !== undefined) {
      for (const asked of this.#past.requests.allWaiting(peerOf(from))) asked.isWithheld = true;
    }
  }

  /** A frame came that was not passed on as it was. */
  withheld(frame: Frame, reading: Reading): void {
    if (reading.kind !== 'result' && reading.kind !== 'error') return;
    const asked = this.#past.requests.waiting(peerOf(frame.from), reading.id);
    if (asked === undefined) return;
    // Whoever asked in place of the peer took the answer, and the connection goes on with what it says.
    if (asked.frame.by === undefined) asked.isWithheld = true;
    else this.#answer(frame, reading, false);
  }

  #takeSettled({ spread, loose }: Settled): void {
    if (spread !== undefined) {
      const { frame, lines, reading } = spread;
      this.#check.spread?.({ frame, lines, text: reading.text, version: this.#versions.current });
      this.#read(frame, reading);
    }
    for (const line of loose) {
      const isCutOff = !line.frame.terminated && line.frame.from === 'server' && this.#ended !== undefined;
      this.#check.loose?.({ ...line, version: this.#versions.current, isCutOff });
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
    const { waiting, atProbe } = this.#takeWaiting();
    this.#check.exit?.({ us, code, signal, asked, ignoredEof, waiting, atProbe, stderr, version });
    this.#past.exit();
  }

  end(us: number): void {
    this.#flush();
    this.#check.end?.({ us, waiting: this.#takeWaiting().waiting });
  }

  #flush(): void {
    for (const from of ['client', 'server'] as const) this.#takeSettled(this.#spread[from].end());
  }

  /** Of the requests to the server those that somebody waits for, oldest first. */
  #takeWaiting(): Pick<SeenExit, 'waiting' | 'atProbe'> {
    const waiting = this.#past.requests
      .clear()
      .filter(({ from, method }) => from === 'client' && method !== 'subscriptions/listen')
      .filter(({ cancelled, isWithheld, frame }) => cancelled === undefined && !isWithheld && frame.by === undefined)
      .toSorted((one, other) => one.frame.n - other.frame.n);
    // A legacy server may take the probe in any way: it may be silent, or end.
    if (isModern(this.#versions.current)) return { waiting, atProbe: false };
    const others = waiting.filter(({ method }) => method !== 'server/discover');
    return { waiting: others, atProbe: others.length < waiting.length };
  }

  #message(frame: Frame, reading: Message, inBatch: boolean): void {
    const { from } = frame;
    switch (reading.kind) {
      case 'request': {
        const version = this.#versions.ofMessage(reading);
        const seen = { frame, from, version, inBatch, reading, asked: askedIn(frame, reading, version) };
        seen.asked.isWithheld = this.#isExcused;
        this.#check.request?.(seen);
        this.#past.request(seen);
        return;
      }
      case 'notification': {
        const seen = { frame, from, version: this.#versions.ofMessage(reading), inBatch, reading };
        this.#past.notification(seen);
        this.#check.notification?.(seen);
        this.#cancel(frame, reading);
        return;
      }
      case 'result':
      case 'error':
        this.#answer(frame, reading, inBatch);
    }
  }

  #answer(frame: Frame, reading: SeenAnswer['reading'], inBatch: boolean): void {
    const { from } = frame;
    const { requests } = this.#past;
    const asked = requests.take(from, reading.id);
    if (asked === undefined) {
      this.#strayAnswer({ frame, from, inBatch, reading });
      return;
    }
    const version = this.#versions.ofAnswer(asked.method, asked.version, reading);
    this.#show({ frame, from, inBatch, reading, asked, version, again: undefined, flipped: undefined, isOld: false });
    this.#settle(frame, asked, reading);
  }

  /** An answer whose id has the wrong type still answers: what it is about is not asked for a second time. */
  #strayAnswer(seen: Pick<SeenAnswer, 'frame' | 'from' | 'inBatch' | 'reading'>): void {
    const { frame, from, reading } = seen;
    const { requests } = this.#past;
    const latest = requests.latest(peerOf(from), reading.id);
    const again = latest?.answered === undefined ? undefined : latest;
    const flipped = requests.waiting(peerOf(from), flippedId(reading.id));
    const version = again?.version ?? flipped?.version ?? this.#versions.current;
    this.#show({ ...seen, asked: undefined, version, again, flipped, isOld: requests.mayBeOld(from, reading.id) });
    const asked = flipped && requests.take(from, flipped.id);
    if (asked !== undefined) this.#settle(frame, asked, reading);
  }

  #show(seen: SeenAnswer): void {
    this.#past.answer(seen);
    this.#check.answer?.(seen);
  }

  #settle(frame: Frame, asked: Asked, reading: SeenAnswer['reading']): void {
    this.#versions.answered(asked.method, asked.version, reading);
    this.#past.requests.settle(asked, frame, isTaskAnswer({ reading }));
  }

  #cancel({ n, us, endUs, from }: Frame, reading: NotificationReading): void {
    const id = reading.method === 'notifications/cancelled' ? cancelledId(reading.text) : undefined;
    const { requests } = this.#past;
    const asked = id === undefined ? undefined : (requests.waiting(from, id) ?? requests.latest(from, id));
    if (asked !== undefined) asked.cancelled ??= { n, us, endUs };
  }
}

function askedIn(frame: Frame, { id, method, params }: RequestReading, version: Version | undefined): Asked {
  return {
    frame: headOf(frame),
    from: frame.from,
    id: copyOf(id),
    method,
    params,
    version,
    cancelled: undefined,
    answered: undefined,
    becameTask: false,
    isWithheld: false,
  };
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
