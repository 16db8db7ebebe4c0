import { META_KEYS, metaOf } from '@mcp-dbg/protocol';
import { type IdText, type Message, type RequestReading, flippedId, memberText } from '@mcp-dbg/wire';
import { assert } from 'vitest';

import type { Clock } from '../src/clock.ts';
import { Continuity, calledOff } from '../src/continuity/continuity.ts';
import { introduce } from '../src/continuity/introduce.ts';
import { WaitingFrames, isAnswer } from '../src/continuity/waiting-frames.ts';
import { PacedWriter } from '../src/paced-writer.ts';
import { RelayFrame } from '../src/relay-frame.ts';
import type { ServerEnd } from '../src/server-life.ts';

/** Stands in the ids of the relay's own requests. */
export const OURS = 'mcp-dbg-';
const END: ServerEnd = { pid: 1, exit: { code: 1, signal: null }, uptimeMs: 1, stderr: undefined, torn: undefined };

export function isOpening(method: string): boolean {
  return method === 'initialize' || method === 'server/discover';
}

/** What a frame says beside its messages: the bytes of noise, as text; undefined where it is a message or several. */
function noiseIn(frame: RelayFrame): string | undefined {
  return frame.messages.length > 0 ? undefined : String.fromCharCode(...frame.bytes.subarray(0, -1));
}

/** What a frame says to nobody: news, or noise. */
function saidIn(frame: RelayFrame): readonly string[] {
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

/** One process of the server: what it was told, and what it has not answered. */
export class FakeServer {
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
  /** Writes to it. */
  readonly stdin: PacedWriter;
  readonly #world: World;
  #line: number[] = [];

  constructor(world: World, clock: Clock) {
    this.#world = world;
    this.stdin = new PacedWriter({ write: (frame) => this.#read(frame), holds: () => {}, clock });
  }

  /** Takes bytes as they come, and reads a line at its newline. */
  #read({ bytes, endsLine }: RelayFrame): boolean {
    this.#line.push(...bytes);
    if (!endsLine) return true;
    const frame = new RelayFrame('client', Uint8Array.from(this.#line));
    this.#line = [];
    const noise = noiseIn(frame);
    if (noise !== undefined) this.#world.heardByServer.push(noise);
    for (const message of frame.messages) this.#take(message);
    return true;
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
        if (message.method === 'initialize') this.handshake.push('initialize');
        if (message.method === 'subscriptions/listen') {
          assert.strictEqual(this.listens.has(message.id), false, 'a stream is opened once in each process');
          this.listens.add(message.id);
        } else if (!isOpening(message.method)) {
          assert.strictEqual(this.#world.reached.has(message.id), false, `${message.text} reaches one process only`);
          this.#world.reached.add(message.id);
        }
        break;
      case 'notification':
        if (message.method === 'notifications/initialized') this.handshake.push('initialized');
        else if (isCancelled(message)) {
          this.pending = this.pending.filter(({ id }) => id !== cancelledId(message));
          this.listens.delete(cancelledId(message));
        } else this.#world.heardByServer.push(message.text);
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
class FakeClient {
  readonly asked = new Map<IdText, Asked>();
  /** What it was asked and did not answer, called off or not, with what only the answer to it says. */
  readonly has = new Map<IdText, string>();
  /** All that it ever was asked: an answer may be on its way when the question is called off. */
  readonly wasAsked = new Set<IdText>();
  readonly heard: string[] = [];
  level: string | undefined;
  readonly subscribed = new Set<string>();

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
      assert.strictEqual(isOpening(method), false, `${method} is not answered in the server's place`);
      return;
    }
    if (method === 'logging/setLevel') this.level = textOf(params, 'level');
    if (method === 'resources/subscribe') this.subscribed.add(textOf(params, 'uri'));
    if (method === 'resources/unsubscribe') this.subscribed.delete(textOf(params, 'uri'));
  }
}

/** A client, one process after another, and between them what a relay does; without any pipe, process or clock. */
export class World {
  readonly client = new FakeClient();
  /** The ids of requests that a process got, streams and openings apart. */
  readonly reached = new Set<IdText>();
  readonly heardByServer: string[] = [];
  readonly #continuity = new Continuity('model', () => {});
  readonly #waiting = new WaitingFrames({ waitMs: 1000, holds: () => {}, onExpired: () => {} });
  /** What is written slowly, and has not been written in full. */
  #half: RelayFrame | undefined;
  #isOpen = true;
  /** What is to be done when time goes on. */
  readonly #due = new Set<() => void>();
  readonly #clock: Clock = {
    now: () => 0,
    wallTime: () => '',
    after: (_ms, run) => {
      this.#due.add(run);
      return () => this.#due.delete(run);
    },
  };
  life: FakeServer | undefined = new FakeServer(this, this.#clock);

  /** A client writes a line, which is written at once or in two pieces. */
  clientWrites(line: Uint8Array, inPieces: boolean): void {
    const frame = new RelayFrame('client', line);
    const pace = { bytes: Math.ceil(line.length / 2), everyMs: 1, isRate: false };
    const half = (to: RelayFrame | undefined) => (): void => void (this.#half = to);
    this.#fromClient(inPieces ? frame.passing({ pace, onBegin: half(frame), onEnd: half(undefined) }) : frame);
  }

  /** Time goes on until the next piece is written, or until all are. */
  goOn(isToTheEnd = false): void {
    for (const next of this.#due) {
      this.#due.delete(next);
      next();
      if (!isToTheEnd) return;
    }
  }

  serverWrites(line: Uint8Array): void {
    const ruling = this.#continuity.fromServer(new RelayFrame('server', line));
    if (ruling.kind === 'keep') ruling.act?.();
    if (ruling.kind === 'pass') this.client.take(ruling.frame);
  }

  /** The process ends. */
  dies(): void {
    const { life } = this;
    if (life === undefined) return;
    this.life = undefined;
    this.#isOpen = false;
    const { again, toClient } = this.#continuity.lose(END, { kind: 'crash' }, true);
    this.#waiting.addFirst(again);
    for (const frame of toClient) this.client.take(frame);
    // It was said to this process, and to no other.
    if (this.#half !== undefined) this.heardByServer.push(...saidIn(this.#half));
    this.#half = undefined;
    for (const frame of life.stdin.close()) this.#fromClient(frame);
  }

  /** The next process begins. */
  starts(): FakeServer {
    if (this.life !== undefined) return this.life;
    const life = new FakeServer(this, this.#clock);
    this.life = life;
    introduce({
      memory: this.#continuity.memory,
      own: this.#continuity.own,
      send: (frame) => life.stdin.write(frame),
      repeat: (frame) => life.stdin.write(this.#given(frame)),
      toClient: (frame) => this.client.take(frame),
      tell: () => {},
      isWaitedFor: () => this.life === life && !this.#isOpen,
      onReady: () => this.#ready(life),
      onRefused: () => this.dies(),
    });
    return life;
  }

  #fromClient(frame: RelayFrame): void {
    const takes = this.#isOpen || isAnswer(frame);
    if (takes && this.life !== undefined) this.life.stdin.write(frame, (each) => this.#judge(each));
    else this.#judge(frame);
  }

  #judge(frame: RelayFrame): RelayFrame | undefined {
    if (this.#waiting.takeRequest(calledOff(frame)) !== undefined) return undefined;
    const ruling = this.#continuity.fromClient(frame);
    if (ruling.kind !== 'pass') return undefined;
    if (this.life !== undefined && (this.#isOpen || isAnswer(frame))) {
      this.#continuity.sent(frame);
      return ruling.frame;
    }
    if (!isAnswer(frame)) this.#waiting.add(ruling.frame);
    return undefined;
  }

  #given(frame: RelayFrame): RelayFrame {
    this.#continuity.sent(frame);
    return frame;
  }

  #ready(life: FakeServer): void {
    if (this.life !== life || this.#isOpen) return;
    this.#isOpen = true;
    for (const frame of this.#waiting.takeAll()) life.stdin.write(frame, (each) => this.#given(each));
  }
}
