import { META_KEYS, metaOf } from '@mcp-dbg/protocol';
import { type IdText, type Message, type RequestReading, flippedId, memberText } from '@mcp-dbg/wire';
import { assert } from 'vitest';

import type { Clock } from '../src/clock.ts';
import type { DeskProcess } from '../src/continuity/standing.ts';
import { PacedWriter } from '../src/paced-writer.ts';
import { RelayFrame } from '../src/relay-frame.ts';

/** Stands in the ids of the relay's own requests. */
export const OURS = 'mcp-dbg-';

export function isOpening(method: string): boolean {
  return method === 'initialize' || method === 'server/discover';
}

/** What a frame says beside its messages: the bytes of noise, as text; undefined where it is a message or several. */
function noiseIn(frame: RelayFrame): string | undefined {
  return frame.messages.length > 0 ? undefined : String.fromCharCode(...frame.bytes.subarray(0, -1));
}

/** What a frame says to nobody: news, or noise. */
export function saidIn(frame: RelayFrame): readonly string[] {
  const noise = noiseIn(frame);
  if (noise !== undefined) return [noise];
  return frame.messages.filter((each) => each.kind === 'notification' && !isCancelled(each)).map(({ text }) => text);
}

function textOf(params: unknown, key: string): string {
  return String(Object(params)[key]);
}

function isCancelled(message: Message): boolean {
  return message.kind === 'notification' && message.method === 'notifications/cancelled';
}

/** What a notification of either peer calls off. */
function cancelledId({ text }: Message): IdText {
  return memberText(memberText(text, 'params') ?? '', 'requestId') ?? '';
}

/** What all processes of a server were given. */
export interface Given {
  /** The ids of requests that a process got, streams and openings apart. */
  readonly reached: Set<IdText>;
  /** What the client said to nobody. */
  readonly heard: string[];
}

export interface FakeServerOptions {
  readonly pid: number;
  readonly given: Given;
  readonly clock: Clock;
  /** The process reads nothing any more. */
  readonly onShut: () => void;
}

/** One process of the server: what it was told, and what it has not answered. */
export class FakeServer implements DeskProcess {
  readonly pid: number;
  pending: readonly RequestReading[] = [];
  /** What it asked, by id, with what only the answer to it says. */
  readonly asked = new Map<IdText, string>();
  /** What of that it called off. */
  readonly calledOff = new Set<IdText>();
  readonly listens = new Set<IdText>();
  readonly acknowledged = new Set<IdText>();
  readonly subscribed = new Set<string>();
  level: string | undefined;
  asks = 0;
  readonly handshake: string[] = [];
  /** True once it reads nothing any more: it is on its way out, or gone. */
  isShut = false;
  /** True once it was told that there is no more to read. */
  isInputEnded = false;
  /** True once another process is to take its place. */
  isReplaced = false;
  conclusions = 0;
  /** Bytes that wait to be written to it. */
  held = 0;
  readonly #options: FakeServerOptions;
  readonly #stdin: PacedWriter;
  #line: number[] = [];
  /** Of what the client numbered, the last that came. */
  #last = -1;

  constructor(options: FakeServerOptions) {
    this.#options = options;
    this.pid = options.pid;
    this.#stdin = new PacedWriter({
      write: (frame) => this.#read(frame),
      holds: (bytes) => (this.held += bytes),
      clock: options.clock,
    });
  }

  get takes(): boolean {
    return !this.isShut && !this.isInputEnded;
  }

  /** True where it has all that was written to it, and owes no answer but to what opens streams. */
  get isIdle(): boolean {
    const owed = this.pending.filter(({ id, method }) => !id.includes(OURS) && method !== 'subscriptions/listen');
    return owed.length === 0 && this.held === 0 && this.#line.length === 0;
  }

  get isInPieces(): boolean {
    return this.#stdin.isInPieces;
  }

  write(frame: RelayFrame, judge?: (frame: RelayFrame) => RelayFrame | undefined): void {
    this.#stdin.write(frame, judge);
  }

  takeUnwritten(): readonly RelayFrame[] {
    return this.#stdin.close();
  }

  endInput(): void {
    this.#stdin.finish();
    this.isInputEnded = true;
  }

  endOutput(): void {
    this.stop();
  }

  signal(signal: NodeJS.Signals): void {
    if (signal === 'SIGTERM') this.stop();
  }

  /** Reads nothing any more; what it has it may answer. */
  stop(): void {
    if (this.isShut) return;
    this.isShut = true;
    this.#options.onShut();
  }

  conclude(): void {
    this.conclusions++;
    assert.strictEqual(this.conclusions, 1, 'a process ends once');
  }

  record(): void {}

  show(): void {}

  /** Takes bytes as they come, and reads a line at its newline. */
  #read({ bytes, endsLine }: RelayFrame): boolean {
    if (!this.takes) return true;
    this.#line.push(...bytes);
    if (!endsLine) return true;
    const frame = new RelayFrame('client', Uint8Array.from(this.#line));
    this.#line = [];
    const noise = noiseIn(frame);
    if (noise !== undefined) this.#options.given.heard.push(noise);
    for (const message of frame.messages) this.#take(message);
    return true;
  }

  /** Looks that what the client numbered comes in the client's order. */
  #follows(number: unknown, text: string): void {
    assert.isAbove(Number(number), this.#last, `${text} comes after what the client said before`);
    this.#last = Number(number);
  }

  /** Takes a request off the list, and does what it asks where that is granted. */
  answers(request: RequestReading, isGranted: boolean): void {
    const { id, method, params } = request;
    this.pending = this.pending.filter((each) => each !== request);
    this.listens.delete(id);
    if (!isGranted) return;
    if (method === 'logging/setLevel') this.level = textOf(params, 'level');
    if (method === 'resources/subscribe') this.subscribed.add(textOf(params, 'uri'));
    if (method === 'resources/unsubscribe') this.subscribed.delete(textOf(params, 'uri'));
  }

  #take(message: Message): void {
    switch (message.kind) {
      case 'request':
        this.pending = [...this.pending, message];
        assert.strictEqual(
          this.isReplaced && !message.id.includes(OURS),
          false,
          `${message.text} is not for a process that goes`,
        );
        // What opens the connection may be said again, behind streams of news that are opened again.
        if (!message.id.includes(OURS) && !isOpening(message.method))
          this.#follows(JSON.parse(message.id), message.text);
        if (message.method === 'initialize') this.handshake.push('initialize');
        if (message.method === 'subscriptions/listen') {
          assert.strictEqual(this.listens.has(message.id), false, 'a stream is opened once in each process');
          this.listens.add(message.id);
        } else if (!isOpening(message.method)) {
          assert.strictEqual(
            this.#options.given.reached.has(message.id),
            false,
            `${message.text} reaches one process only`,
          );
          this.#options.given.reached.add(message.id);
        }
        break;
      case 'notification':
        if (message.method === 'notifications/initialized') this.handshake.push('initialized');
        else if (isCancelled(message)) {
          this.pending = this.pending.filter(({ id }) => id !== cancelledId(message));
          this.listens.delete(cancelledId(message));
        } else {
          this.#follows(textOf(message.params, 'n'), message.text);
          this.#options.given.heard.push(message.text);
        }
        break;
      case 'result':
      case 'error': {
        const id = this.asked.has(message.id) ? message.id : flippedId(message.id);
        const says = textOf(message.kind === 'result' ? message.result : {}, 'to');
        assert.strictEqual(this.asked.get(id), says, `${message.text} answers what this process asked`);
        this.asked.delete(id);
      }
    }
  }
}

/** What a client asked. */
export interface Asked {
  readonly request: RequestReading;
  isCalledOff: boolean;
  answers: number;
  acknowledgements: number;
}

/** The client: what it waits for, what it was asked, and what it was told. */
export class FakeClient {
  readonly asked = new Map<IdText, Asked>();
  /** What it was asked and did not answer, called off or not, with what only the answer to it says. */
  readonly has = new Map<IdText, string>();
  /** All that it ever was asked: an answer may be on its way when the question is called off. */
  readonly wasAsked = new Set<IdText>();
  readonly heard: string[] = [];
  level: string | undefined;
  readonly subscribed = new Set<string>();
  /** What opens the connection was answered with an error. */
  isRefused = false;

  take(frame: RelayFrame): void {
    const noise = noiseIn(frame);
    if (noise !== undefined) this.heard.push(noise);
    for (const message of frame.messages) this.#take(message);
  }

  #take(message: Message): void {
    switch (message.kind) {
      case 'request':
        assert.notInclude([...this.has.keys()], message.id, `${message.text} has an id that the client does not have`);
        this.has.set(message.id, textOf(message.params, 'to'));
        this.wasAsked.add(message.id);
        break;
      case 'notification':
        if (isCancelled(message)) this.#cancelled(cancelledId(message));
        else if (message.method === 'notifications/subscriptions/acknowledged') {
          const asked = this.asked.get(JSON.stringify(metaOf(message.params)?.[META_KEYS.subscriptionId]));
          if (asked !== undefined) asked.acknowledgements++;
          assert.strictEqual(asked?.acknowledgements, 1, `${message.text} is told once, of a stream of the client's`);
        } else if (message.method === 'notifications/message') this.heard.push(message.text);
        break;
      case 'result':
      case 'error':
        this.#answered(message);
    }
  }

  #cancelled(id: IdText): void {
    const listen = this.asked.get(id);
    if (listen?.request.method === 'subscriptions/listen') listen.isCalledOff = true;
    else assert.include([...this.wasAsked], id, 'what the server calls off is known to the client');
  }

  #answered(message: Message & { readonly kind: 'result' | 'error' }): void {
    assert.notInclude(message.id, OURS, 'no answer to a request of ours is for the client');
    const asked = this.asked.get(message.id) ?? this.asked.get(flippedId(message.id));
    if (asked === undefined) throw new Error(`The client did not ask for ${message.text}`);
    asked.answers++;
    assert.strictEqual(asked.answers, 1, `${message.text} is the only answer to ${asked.request.text}`);
    const { method, params } = asked.request;
    if (message.kind === 'error') {
      if (isOpening(method)) this.isRefused = true;
      return;
    }
    if (method === 'logging/setLevel') this.level = textOf(params, 'level');
    if (method === 'resources/subscribe') this.subscribed.add(textOf(params, 'uri'));
    if (method === 'resources/unsubscribe') this.subscribed.delete(textOf(params, 'uri'));
  }
}
