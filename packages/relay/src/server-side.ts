import type { Exit } from '@mcp-dbg/proxy';

import { Comeback } from './continuity/comeback.ts';
import { Continuity, calledOff } from './continuity/continuity.ts';
import { introduce } from './continuity/introduce.ts';
import { faultedAnswer, lateSentence, notThereAnswer, restingSentence } from './continuity/lost-answer.ts';
import { Replacement } from './continuity/replacement.ts';
import { WaitingFrames, isAnswer, requestsOf } from './continuity/waiting-frames.ts';
import { RelayError } from './errors.ts';
import type { RelayFrame } from './relay-frame.ts';
import { type ServerEnd, ServerLife } from './server-life.ts';
import { ServerRecords } from './server-records.ts';
import type { ServerSideOptions } from './server-side-options.ts';

/** Milliseconds that a request waits for a process of the server. */
const WAIT_MS = 10_000;
const ANSWERS_NOBODY = 'An answer to a process of the server that is gone was not passed on';

/**
 * The server as a relay sees it: one process after another. Where it restarts, the client does not notice: what waited for
 * a dead process is answered at once, what comes while there is none waits for the next, and that one is brought to
 * where the client believes the server to be.
 */
export class ServerSide {
  /** Resolves when there is no process and none will come. */
  readonly over: Promise<Exit>;
  readonly records: ServerRecords = new ServerRecords();
  readonly #options: ServerSideOptions;
  readonly #continuity = new Continuity(Math.random().toString(36).slice(2, 8), (text) => this.records.say(text));
  readonly #waiting: WaitingFrames;
  readonly #comeback: Comeback;
  #life: ServerLife | undefined;
  #newest: ServerLife | undefined;
  #lastEnd: ServerEnd | undefined;
  /** True while the process takes the client's frames. */
  #isOpen = false;
  #isClosing = false;
  #isInputEnded = false;
  readonly #replacement = new Replacement();
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
    this.#waiting = new WaitingFrames({
      waitMs: WAIT_MS,
      holds: options.holds,
      onExpired: (frames) => {
        this.#answerWaiting(frames, lateSentence(WAIT_MS, this.#lastEnd));
        this.#endIfIdle();
      },
    });
    this.#comeback = new Comeback({
      start: async () => await this.#begin(),
      onRest: (ms) => this.#rest(ms),
      tell: options.tell,
    });
    this.over = new Promise((resolve) => (this.#finish = resolve));
  }

  /** The process in use. */
  get life(): ServerLife | undefined {
    return this.#life;
  }

  /** Nobody reads what the server writes any more: it is told so, and none is started after it. */
  clientGone(): void {
    this.#isClosing = true;
    this.#life?.endOutput();
    if (this.#life === undefined && this.#lastEnd !== undefined) this.#end(this.#lastEnd.exit);
  }

  killRest(): void {
    this.#newest?.signal('SIGKILL');
  }

  /** Takes a frame, and judges it when the one before is through: by then it may be called off, or the process be gone. */
  fromClient(frame: RelayFrame): void {
    // What is to wait for the process waits behind all that does.
    if (this.#life === undefined || !(this.#isOpen || isAnswer(frame))) this.#judge(frame);
    else this.#life.write(frame, (each) => this.#judge(each));
  }

  /** What of a frame is given to the process in use. */
  #judge(frame: RelayFrame): RelayFrame | undefined {
    const isTaken = this.#life?.takes === true || !this.#options.restarts;
    const goesOn = frame.isRest && isTaken && this.#life?.isInPieces === true;
    if (frame.isRest && !goesOn && !this.#waiting.isInPieces) {
      this.records.note('No process has the beginning of its line: the rest was not passed on', frame);
      return undefined;
    }
    const off = calledOff(frame);
    const request = this.#waiting.takeRequest(off);
    if (request !== undefined) {
      this.records.note('A request that waited for the server was called off', request);
      this.records.note('It calls off a request that the server was not given', frame);
      return undefined;
    }
    const ruling = this.#continuity.fromClient(frame);
    if (ruling.kind === 'drop') this.records.note(ruling.why, frame);
    if (ruling.kind !== 'pass') return undefined;
    // What follows a request that waits must not overtake it; to call off what is under way helps to get it over.
    const isBehind = this.#waiting.hasRequests && off === undefined && !goesOn;
    const waits = this.#replacement.isUnderWay && (isBehind || requestsOf(frame).length > 0);
    // A process may want an answer before it gives its own to the handshake.
    if (isTaken && ((this.#isOpen && !waits) || isAnswer(frame))) {
      this.#continuity.sent(frame);
      return ruling.frame;
    }
    if (isAnswer(frame)) this.records.note(ANSWERS_NOBODY, frame);
    else if (this.#options.restarts) this.#wait(ruling.frame);
    return undefined;
  }

  /** The client wrote its last byte: so does the server's process get no more, once it has what waits. */
  clientEnded(isPassedOn: boolean): void {
    this.#isInputEnded = true;
    if (isPassedOn) this.#endIfIdle();
  }

  /** Passes a signal on, or only takes note of it. From one that ends, nothing is started any more. */
  signal(signal: NodeJS.Signals, whom: 'process' | 'group' | 'nobody', ends: boolean): void {
    this.#isClosing ||= ends;
    if (whom !== 'nobody') this.#life?.signal(signal, whom);
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
    const next = this.#replacement.next();
    const isIdle = this.#continuity.memory.inFlight.length === 0;
    if (this.#life === undefined) this.#comeback.begin('user');
    else if (!this.#replacement.isUnderWay) void this.#replacement.replace(this.#life, reason, isIdle);
    await next;
  }

  async #begin(): Promise<void> {
    const { observe, restarts } = this.#options;
    const life = await ServerLife.start({
      ...this.#options,
      observers: observe(),
      onFrame: (frame) => this.#fromServer(life, frame),
      isReplaceable: restarts,
    });
    this.#life = life;
    this.#newest = this.records.newest = life;
    if (this.#isClosing) void life.stop();
    void life.ended.then((end) => this.#ended(life, end));
    if (this.#lastEnd !== undefined) this.#introduce(life);
  }

  #fromServer(life: ServerLife, frame: RelayFrame): void {
    const ruling = this.#continuity.fromServer(frame);
    switch (ruling.kind) {
      case 'keep':
        life.record({ kind: 'note', text: `The next frame is not passed on: ${ruling.why}` });
        life.show('server', frame);
        ruling.act?.();
        break;
      case 'drop':
        this.records.note(ruling.why, frame);
        break;
      case 'pass':
        if (ruling.why !== undefined) this.records.note(ruling.why, frame);
        this.#options.toClient(ruling.frame);
        break;
    }
    if (this.#replacement.isUnderWay && this.#continuity.memory.inFlight.length === 0) this.#replacement.answered();
  }

  /** Takes note of a frame that the process is given. */
  #given(frame: RelayFrame): RelayFrame {
    this.#continuity.sent(frame);
    return frame;
  }

  #wait(frame: RelayFrame): void {
    const isAtRest = this.#life === undefined && !this.#comeback.isUnderWay;
    if (isAtRest && requestsOf(frame).length === 0) {
      // Only who waits for an answer is a reason to start the server, and nothing else may wait for that without end.
      this.#continuity.sent(frame);
      this.records.note('There is no process of the server, nor a request for one: not passed on', frame);
      return;
    }
    this.records.waits(requestsOf(frame));
    this.#waiting.add(frame);
    if (isAtRest) this.#comeback.begin('demand');
  }

  #ended(life: ServerLife, end: ServerEnd): void {
    const { restarts, toClient, onDrain, tell } = this.#options;
    const isReplaced = this.#replacement.isUnderWay;
    const cause = this.#replacement.ended();
    this.#life = undefined;
    this.#isOpen = false;
    this.#lastEnd = end;
    // It will not take more, and must not keep the client's frames from the next.
    onDrain();
    const isLast = !restarts || this.#isClosing || (this.#isInputEnded && !this.#waiting.hasRequests);
    // Half a line would spoil the first line of the next process.
    if (end.torn && isLast) toClient(end.torn);
    else if (end.torn) this.records.note('A line that the server did not finish was not passed on', end.torn);
    if (restarts) {
      const legacy = this.#continuity.lose(end, cause, !this.#isInputEnded && !this.#isClosing);
      this.#waiting.addFirst(legacy.again);
      for (const frame of legacy.toClient) toClient(frame.passing({ isOnOwnLine: true }));
      if (legacy.answered.length > 0) tell(`answered in its place: ${legacy.answered.join(', ')}`);
      this.#comeback.ended({ proven: legacy.isProven, uptimeMs: end.uptimeMs });
    }
    if (isLast) this.#options.onLast();
    else this.#options.onDied((request) => faultedAnswer(request, end));
    const unwritten = life.takeUnwritten();
    if (isLast) for (const frame of unwritten) this.records.note('The server ended before it was given this', frame);
    life.conclude();
    if (isLast) {
      this.#end(end.exit);
      return;
    }
    this.#comeback.begin(isReplaced ? 'user' : 'itself');
    for (const frame of unwritten) this.fromClient(frame);
  }

  #introduce(life: ServerLife): void {
    const tell = (sentence: string): void => {
      life.record({ kind: 'note', text: sentence });
      this.#options.tell(sentence);
    };
    introduce({
      memory: this.#continuity.memory,
      own: this.#continuity.own,
      send: (frame) => life.write(frame),
      repeat: (frame) => life.write(this.#given(frame)),
      toClient: this.#options.toClient,
      tell,
      isWaitedFor: () => this.#life === life && !this.#isOpen,
      onReady: (hasSpoken) => this.#ready(life, hasSpoken),
      onRefused: () => void life.stop(),
    });
  }

  #ready(life: ServerLife, hasSpoken: boolean): void {
    // It may be on its way out again already, for the sake of another one.
    if (this.#life !== life || !life.takes || this.#replacement.isUnderWay || this.#isOpen) return;
    this.#isOpen = true;
    for (const frame of this.#waiting.takeAll()) life.write(frame, (each) => this.#given(each));
    if (this.#isInputEnded) life.endInput();
    if (hasSpoken) this.#usable(life);
    else void life.proven.then(() => this.#usable(life));
  }

  #usable(life: ServerLife): void {
    if (this.#life !== life || !life.takes || this.#replacement.isUnderWay) return;
    this.#options.tell(`the client goes on with pid ${life.pid}`);
    this.#replacement.ready();
  }

  /** The server failed so often that nothing is started by itself: whoever waits is told so. */
  #rest(ms: number): void {
    const why = restingSentence(ms, this.#lastEnd);
    this.#options.tell(why);
    this.#answerWaiting(this.#waiting.takeRequests(), why);
    this.#replacement.failed(new RelayError('NO_RESTART', why));
    this.#endIfIdle();
  }

  #answerWaiting(frames: readonly RelayFrame[], why: string): void {
    for (const frame of frames) {
      this.records.notTaken('No process of the server was there for the next frame', frame);
      for (const request of requestsOf(frame)) this.#options.toClient(notThereAnswer(request, why, this.#lastEnd));
    }
  }

  /** With no client that writes, and nobody to answer, there is nothing left to do. */
  #endIfIdle(): void {
    if (!this.#isInputEnded || this.#waiting.hasRequests) return;
    if (this.#life !== undefined) this.#life.endInput();
    else if (this.#lastEnd !== undefined) this.#end(this.#lastEnd.exit);
  }

  #end(exit: Exit): void {
    this.#isClosing = true;
    this.#waiting.takeAll();
    this.#comeback.close();
    this.#replacement.failed(new RelayError('NO_RESTART', 'The server has ended'));
    this.#finish(exit);
  }
}
