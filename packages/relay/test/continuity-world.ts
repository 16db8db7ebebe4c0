import { META_KEYS, metaOf } from '@mcp-dbg/protocol';
import { type IdText, type Message, type RequestReading, flippedId, memberText } from '@mcp-dbg/wire';
import { assert } from 'vitest';

import { Continuity, calledOff } from '../src/continuity/continuity.ts';
import { introduce } from '../src/continuity/introduce.ts';
import { WaitingFrames, isAnswer } from '../src/continuity/waiting-frames.ts';
import { LineRoute } from '../src/line-route.ts';
import { RelayFrame } from '../src/relay-frame.ts';
import type { ServerEnd } from '../src/server-life.ts';

const LF = 0x0a;
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
  readonly #world: World;
  #line: number[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes bytes as they come, and reads a line at its newline. */
  write({ bytes }: RelayFrame): void {
    this.#line.push(...bytes);
    if (bytes.at(-1) !== LF) return;
    const frame = new RelayFrame('client', Uint8Array.from(this.#line));
    this.#line = [];
    const noise = noiseIn(frame);
    if (noise !== undefined) this.#world.heardByServer.push(noise);
    for (const message of frame.messages) this.#take(message);
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
    else assert.include([...this.has.keys()], id, 'what the server calls off is known to the client');
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
  readonly #continuity = new Continuity('model');
  readonly #route = new LineRoute<FakeServer>(this);
  readonly #waiting = new WaitingFrames({ waitMs: 1000, holds: () => {}, onExpired: () => {} });
  #isOpen = true;
  life: FakeServer | undefined = new FakeServer(this);

  /** A client writes a line, which arrives whole or in two pieces. */
  clientWrites(line: Uint8Array, inPieces: boolean): void {
    const whole = new RelayFrame('client', line);
    if (!inPieces || line.length < 2) {
      this.#route.pass(whole);
      return;
    }
    const half = line.length >> 1;
    this.#route.pass(new RelayFrame('client', line.subarray(0, half), { isPiece: true, whole }));
    this.#route.pass(new RelayFrame('client', line.subarray(half), { isPiece: true }));
  }

  serverWrites(line: Uint8Array): void {
    const verdict = this.#continuity.fromServer(new RelayFrame('server', line));
    if (verdict.kind === 'keep') verdict.act?.();
    if (verdict.kind === 'pass') this.client.take(verdict.frame);
  }

  /** The process ends. */
  dies(): void {
    if (this.life === undefined) return;
    this.life = undefined;
    this.#isOpen = false;
    const { again, toClient } = this.#continuity.lose(END, { kind: 'crash' }, true);
    this.#waiting.addFirst(again);
    for (const frame of toClient) this.client.take(frame);
  }

  /** The next process begins. */
  starts(): FakeServer {
    if (this.life !== undefined) return this.life;
    const life = new FakeServer(this);
    this.life = life;
    introduce({
      memory: this.#continuity.memory,
      own: this.#continuity.own,
      send: (frame) => life.write(frame),
      repeat: (frame) => this.#give(frame),
      toClient: (frame) => this.client.take(frame),
      tell: () => {},
      isWaitedFor: () => this.life === life && !this.#isOpen,
      onReady: () => this.#ready(life),
      onRefused: () => this.dies(),
    });
    return life;
  }

  fromClient(frame: RelayFrame): FakeServer | undefined {
    if (this.#waiting.takeRequest(calledOff(frame)) !== undefined) return undefined;
    const verdict = this.#continuity.fromClient(frame);
    if (verdict.kind !== 'pass') return undefined;
    if (this.life !== undefined && (this.#isOpen || isAnswer(frame))) {
      this.#give(verdict.frame, frame);
      return verdict.frame === frame ? this.life : undefined;
    }
    if (!isAnswer(frame)) this.#waiting.add(verdict.frame.whole ?? verdict.frame);
    return undefined;
  }

  goOn(piece: RelayFrame): void {
    this.life?.write(piece);
  }

  #give(frame: RelayFrame, asTheClientKnowsIt: RelayFrame = frame): void {
    this.#continuity.sent(asTheClientKnowsIt);
    this.life?.write(frame);
  }

  #ready(life: FakeServer): void {
    if (this.life !== life || this.#isOpen) return;
    this.#isOpen = true;
    for (const frame of this.#waiting.takeAll()) this.#give(frame);
  }
}
