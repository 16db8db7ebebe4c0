import type { Exit, Observer, ServerCommand } from '@mcp-dbg/proxy';
import { META_KEYS, metaOf } from '@mcp-dbg/protocol';

import { ClientMemory, type InFlight } from './continuity/client-memory.ts';
import { Comeback } from './continuity/comeback.ts';
import { introduce } from './continuity/introduce.ts';
import { type EndCause, howItEnded, lostAnswer, notThereAnswer } from './continuity/lost-answer.ts';
import { OwnRequests } from './continuity/own-requests.ts';
import { ServerAsks } from './continuity/server-asks.ts';
import { WaitingFrames, requestsOf } from './continuity/waiting-frames.ts';
import { RelayError } from './errors.ts';
import { isObject } from './json-object.ts';
import type { RelayEvent } from './relay-event.ts';
import { RelayFrame } from './relay-frame.ts';
import { type ServerEnd, ServerLife } from './server-life.ts';

/** Milliseconds that a request waits for a process of the server. */
const WAIT_MS = 10_000;
/** Milliseconds that a new process of the modern era may take to say something before it is given what waits. */
const HELLO_MS = 3000;
/** Milliseconds that requests under way may take before a process that is to be replaced is ended. */
const DRAIN_MS = 5000;

export interface ServerSideOptions {
  readonly command: ServerCommand;
  /** Makes the observers of one process. */
  readonly observe: () => readonly Observer<RelayEvent>[];
  /** Whether another process is started when one ends. */
  readonly restarts: boolean;
  readonly toClient: (frame: RelayFrame) => void;
  readonly onStderr: (bytes: Uint8Array) => boolean;
  /** Whether frames of the server are wanted now. */
  readonly wants: () => boolean;
  /** The process takes more after it had taken no more. */
  readonly onDrain: () => void;
  readonly onFull: () => void;
  /** So many more bytes of the client's wait here (fewer, where negative). */
  readonly holds: (bytes: number) => void;
  /** Says what happens, in a sentence. */
  readonly tell: (sentence: string) => void;
}

/** Who waits for the next process. */
interface Awaiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A replacement of the process that somebody wants. */
interface Swap {
  readonly reason: string;
  /** True once the old process is told to end. */
  isStopping: boolean;
  readonly drained: () => void;
}

/**
 * The server as a relay sees it: one process after another. Where it restarts, the client does not notice: what waited for
 * a dead process is answered at once, what comes while there is none waits for the next, and that one is brought to
 * where the client believes the server to be.
 */
export class ServerSide {
  /** Resolves when there is no process and none will come. */
  readonly over: Promise<Exit>;
  readonly #options: ServerSideOptions;
  readonly #memory = new ClientMemory();
  readonly #own = new OwnRequests(Math.random().toString(36).slice(2, 8));
  readonly #asks = new ServerAsks(() => this.#own.nextId());
  readonly #waiting: WaitingFrames;
  readonly #comeback: Comeback;
  /** The process in use. */
  #life: ServerLife | undefined;
  /** The newest process, dead or alive: what is recorded is recorded in its name. */
  #newest: ServerLife | undefined;
  #lastEnd: ServerEnd | undefined;
  /** True while the process takes the client's frames. */
  #isOpen = false;
  #isClosing = false;
  #isInputEnded = false;
  #swap: Swap | undefined;
  readonly #awaiting: Awaiting[] = [];
  #expiry: NodeJS.Timeout | undefined;
  #finish: (exit: Exit) => void = () => {};

  /** Starts the first process. Throws ProxyError when the system cannot. */
  static async start(options: ServerSideOptions): Promise<ServerSide> {
    const side = new ServerSide(options);
    await side.#comeback.first();
    side.#isOpen = true;
    return side;
  }

  private constructor(options: ServerSideOptions) {
    this.#options = options;
    this.#waiting = new WaitingFrames(options.holds);
    this.#comeback = new Comeback({
      start: async () => await this.#begin(),
      onRest: (ms) => this.#rest(ms),
      tell: options.tell,
    });
    this.over = new Promise((resolve) => (this.#finish = resolve));
  }

  /** The process in use; undefined while there is none. */
  get life(): ServerLife | undefined {
    return this.#life;
  }

  /** Records in the name of the newest process. */
  record(event: RelayEvent): void {
    this.#newest?.record(event);
  }

  /** Records what the client is given. */
  delivered(frame: RelayFrame): void {
    this.#newest?.show('server', frame);
  }

  /** Records what seems to come from the server's stderr. */
  said(bytes: Uint8Array): void {
    this.#newest?.show('stderr', { bytes, by: 'mcp-dbg' });
  }

  /** Nobody reads what the server writes any more: it is told so, and none is started after it. */
  clientGone(): void {
    this.#isClosing = true;
    this.#life?.endOutput();
    if (this.#life === undefined) this.#endIfIdle();
  }

  /** Kills what is left of the newest process's group. */
  killRest(): void {
    this.#newest?.signal('SIGKILL');
  }

  fromClient(frame: RelayFrame): void {
    const passed = this.#asks.toServer(frame);
    if (passed === undefined) {
      this.#note('An answer to a process of the server that is gone was not passed on', frame);
    } else if (!this.#dropsCancellation(frame)) {
      const waits = this.#swap !== undefined && requestsOf(frame).length > 0;
      if (this.#isOpen && !waits) this.#give(passed, frame);
      else if (this.#options.restarts) this.#wait(passed);
    }
  }

  /** The client wrote its last byte: so does the server's process get no more, once it has what waits. */
  clientEnded(): void {
    this.#isInputEnded = true;
    if (this.#isOpen) this.#life?.endInput();
    else this.#endIfIdle();
  }

  /** Passes a signal on. From one that ends, nothing is started any more. */
  signal(signal: NodeJS.Signals, whom: 'process' | 'group', ends: boolean): void {
    if (ends) this.#isClosing = true;
    this.#life?.signal(signal, whom);
    if (ends && this.#life === undefined) this.#end({ code: null, signal });
  }

  /**
   * Replaces the process: what is under way may be answered first, for 5 s. Resolves when the new one can be used. Throws
   * RelayError `NO_RESTART` where none is to be started, or none would start.
   */
  async restart(reason: string): Promise<void> {
    if (!this.#options.restarts || this.#isClosing) {
      throw new RelayError('NO_RESTART', 'The server is not restarted here; start the proxy with --restart');
    }
    const ready = new Promise<void>((resolve, reject) => this.#awaiting.push({ resolve, reject }));
    if (this.#life === undefined) this.#comeback.begin('user');
    else if (this.#swap === undefined) void this.#replace(this.#life, reason);
    await ready;
  }

  async #replace(life: ServerLife, reason: string): Promise<void> {
    const drained = new Promise<void>((resolve) => (this.#swap = { reason, isStopping: false, drained: resolve }));
    if (this.#memory.inFlight.length > 0) await Promise.race([drained, life.ended, after(DRAIN_MS)]);
    if (this.#swap !== undefined) this.#swap.isStopping = true;
    await life.stop();
  }

  async #begin(): Promise<void> {
    const { command, observe, restarts, onStderr, wants, onDrain } = this.#options;
    const life = await ServerLife.start({
      command,
      observers: observe(),
      onFrame: (frame) => this.#fromServer(life, frame),
      onStderr,
      wants,
      onDrain,
      isReplaceable: restarts,
    });
    this.#life = life;
    this.#newest = life;
    void life.ended.then((end) => this.#ended(life, end));
    if (this.#lastEnd !== undefined) this.#introduce(life);
  }

  #fromServer(life: ServerLife, frame: RelayFrame): void {
    const answered = this.#own.take(frame);
    if (answered !== undefined) {
      life.record({ kind: 'note', text: 'The next frame answers a request of ours and is not passed on' });
      life.show('server', frame);
      answered();
      return;
    }
    if (this.#isKnownNews(frame)) {
      this.#note('The client knows already that the server listens', frame);
      return;
    }
    const passed = this.#asks.toClient(frame);
    if (passed !== frame) this.#note('The id of the next frame was one that the client still has', frame);
    this.#memory.received(passed);
    this.#options.toClient(passed);
    if (this.#memory.inFlight.length === 0) this.#swap?.drained();
  }

  /** True for what tells a client once more that a stream of its own is open. */
  #isKnownNews(frame: RelayFrame): boolean {
    const [message] = frame.messages;
    if (message?.kind !== 'notification' || message.method !== 'notifications/subscriptions/acknowledged') return false;
    const id = JSON.stringify(metaOf(message.params)?.[META_KEYS.subscriptionId]);
    return this.#memory.listens.some((listen) => listen.id === id && listen.isAcknowledged);
  }

  #give(frame: RelayFrame, asTheClientKnowsIt: RelayFrame = frame): void {
    this.#memory.sent(asTheClientKnowsIt);
    if (this.#life?.write(frame) === false) this.#options.onFull();
  }

  #wait(frame: RelayFrame): void {
    this.#waiting.add(frame, performance.now());
    this.#watchExpiry();
    if (this.#life === undefined && !this.#comeback.isUnderWay) this.#comeback.begin('demand');
  }

  /** True where the client calls off what waits here, or what it was answered in the place of a dead process. */
  #dropsCancellation(frame: RelayFrame): boolean {
    const [message] = frame.messages;
    if (message?.kind !== 'notification' || message.method !== 'notifications/cancelled') return false;
    const id = JSON.stringify(isObject(message.params) ? message.params['requestId'] : undefined);
    const request = this.#waiting.takeRequest(id);
    if (request !== undefined) this.#note('A request that waited for the server was called off', request);
    else if (this.#lastEnd === undefined || this.#memory.waitsFor(id)) return false;
    this.#note('It calls off what no process of the server has', frame);
    return true;
  }

  #ended(life: ServerLife, end: ServerEnd): void {
    const { restarts, toClient, onDrain } = this.#options;
    const swap = this.#swap;
    this.#swap = undefined;
    this.#life = undefined;
    this.#isOpen = false;
    this.#lastEnd = end;
    this.#own.forget();
    // It will not take more, and must not keep the client's frames from the next.
    onDrain();
    if (end.torn !== undefined && restarts) {
      this.#note('A line that the server did not finish was not passed on', new RelayFrame('server', end.torn));
    } else if (end.torn !== undefined) toClient(new RelayFrame('server', end.torn, { isPiece: true }));
    const isAsked = swap?.isStopping === true;
    if (restarts) this.#answerLost(end, isAsked ? { kind: 'restart', reason: swap.reason } : { kind: 'crash' });
    const { isProven } = this.#memory;
    this.#memory.forget();
    this.#comeback.ended({ proven: isProven, uptimeMs: end.uptimeMs });
    life.conclude();
    if (!restarts || this.#isClosing || (this.#isInputEnded && !this.#waiting.hasRequests)) this.#end(end.exit);
    else this.#comeback.begin(swap === undefined ? 'itself' : 'user');
  }

  /** What opens a connection is asked again; all else that waited is answered now, and what the server asked called off. */
  #answerLost(end: ServerEnd, cause: EndCause): void {
    const { toClient, tell } = this.#options;
    const lost = this.#memory.inFlight;
    const isAskedAgain = (each: InFlight): boolean =>
      !this.#isInputEnded && ClientMemory.opens(each) && each.frame.messages.length === 1;
    this.#waiting.addFirst(
      lost.filter(isAskedAgain).map(({ frame }) => frame),
      performance.now(),
    );
    this.#watchExpiry();
    const answered = lost.filter((each) => !isAskedAgain(each));
    for (const { id, request } of answered) toClient(lostAnswer({ id, method: request.method }, end, cause));
    for (const frame of this.#asks.abandon(this.#memory.asked)) toClient(frame);
    if (answered.length > 0) tell(`answered in its place: ${answered.map(({ request }) => request.method).join(', ')}`);
  }

  #introduce(life: ServerLife): void {
    // A modern server need not have said anything for its client to go on.
    if (this.#memory.handshake === undefined) setTimeout(() => this.#ready(life), HELLO_MS).unref();
    const tell = (sentence: string): void => {
      life.record({ kind: 'note', text: sentence });
      this.#options.tell(sentence);
    };
    introduce({
      memory: this.#memory,
      own: this.#own,
      send: (frame) => void life.write(frame),
      repeat: (frame) => this.#give(frame),
      toClient: this.#options.toClient,
      tell,
      onReady: () => this.#ready(life),
      onRefused: (why) => {
        tell(`the new process refused the client's handshake: ${why}`);
        void life.stop();
      },
    });
  }

  #ready(life: ServerLife): void {
    // It may be on its way out again already, for the sake of another one.
    if (this.#life !== life || this.#swap !== undefined || this.#isOpen) return;
    this.#isOpen = true;
    this.#options.tell(`the client goes on with pid ${life.pid}`);
    for (const frame of this.#waiting.takeAll()) this.#give(frame);
    if (this.#isInputEnded) life.endInput();
    for (const { resolve } of this.#awaiting.splice(0)) resolve();
  }

  /** The server failed so often that nothing is started by itself: whoever waits is told so. */
  #rest(ms: number): void {
    const again =
      ms <= 0 ? 'the next request tries once more' : `a request in ${Math.ceil(ms / 1000)} s tries once more`;
    const end = this.#lastEnd;
    const how = end === undefined ? '' : ` (last: ${howItEnded(end)}; ${end.stderr ?? 'no stderr'})`;
    const why = `The server failed to start again and again${how}; ${again}`;
    this.#options.tell(why);
    this.#answerWaiting(this.#waiting.takeRequests(Infinity), why);
    for (const { reject } of this.#awaiting.splice(0)) reject(new RelayError('NO_RESTART', why));
    this.#endIfIdle();
  }

  #watchExpiry(): void {
    const oldest = this.#waiting.oldestRequestAt;
    if (oldest === undefined || this.#expiry !== undefined) return;
    const expire = (): void => {
      this.#expiry = undefined;
      const why = `The server is not back after ${WAIT_MS / 1000} s; ask again later`;
      this.#answerWaiting(this.#waiting.takeRequests(performance.now() - WAIT_MS), why);
      this.#watchExpiry();
      this.#endIfIdle();
    };
    this.#expiry = setTimeout(expire, oldest + WAIT_MS - performance.now());
  }

  #answerWaiting(frames: readonly RelayFrame[], why: string): void {
    for (const frame of frames) {
      this.#newest?.show('client', frame);
      for (const request of requestsOf(frame)) this.#options.toClient(notThereAnswer(request, why, this.#lastEnd));
    }
  }

  /** With no process, no client that writes, and nobody to answer, there is nothing left to do. */
  #endIfIdle(): void {
    const isIdle = this.#isInputEnded && this.#life === undefined && !this.#waiting.hasRequests;
    if (isIdle && this.#lastEnd !== undefined) this.#end(this.#lastEnd.exit);
  }

  #end(exit: Exit): void {
    this.#isClosing = true;
    clearTimeout(this.#expiry);
    this.#comeback.close();
    for (const { reject } of this.#awaiting.splice(0)) reject(new RelayError('NO_RESTART', 'The server has ended'));
    this.#finish(exit);
  }

  #note(text: string, { from, bytes }: RelayFrame): void {
    this.#newest?.record({ kind: 'note', text, from, original: bytes });
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
