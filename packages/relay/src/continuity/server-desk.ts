import type { Exit, RestartCause } from '@mcp-dbg/proxy';

import { RelayError } from '../errors.ts';
import type { RelayFrame } from '../relay-frame.ts';
import type { ServerEnd } from '../server-end.ts';
import { ServerRecords } from '../server-records.ts';
import type { ServerSideOptions } from '../server-side-options.ts';
import { ClientFrames, type ClientFramesOptions, TOO_LATE } from './client-frames.ts';
import { introduce } from './introduce.ts';
import { type EndCause, faultedAnswer, restingSentence } from './lost-answer.ts';
import { type DeskProcess, type Standing, processOf } from './standing.ts';
import { isAnswer } from './waiting-frames.ts';

/** Milliseconds that requests under way may take before a process that is to be replaced is ended. */
const DRAIN_MS = 5000;

/** What the desk is given, and has done. */
export interface ServerDeskOptions
  extends
    Omit<ClientFramesOptions, 'records' | 'onDemand' | 'onExpired'>,
    Pick<ServerSideOptions, 'onLast' | 'onDied'> {
  /** A process is to be started as soon as the policy allows: it is reported as {@link ServerDesk.began} or `rests`. */
  readonly onWanted: (cause: RestartCause) => void;
  /** Who asked for another process can use it. */
  readonly onUsable: () => void;
  /** Who asked for another process gets none. */
  readonly onUnusable: (error: RelayError) => void;
  /** There is no process and none will come. */
  readonly onOver: (exit: Exit) => void;
}

/**
 * Decides what becomes of a client's frames, and of the processes of its server, whatever happens in whatever order: each
 * method is something that happened. Has no process, timer or promise of its own.
 */
export class ServerDesk {
  readonly records: ServerRecords = new ServerRecords();
  readonly #options: ServerDeskOptions;
  readonly #frames: ClientFrames;
  #standing: Standing = { kind: 'starting' };
  #input: 'open' | 'ended' = 'open';
  /** Whether another process takes the place of one that ends. */
  #comesBack: boolean;

  constructor(options: ServerDeskOptions) {
    this.#options = options;
    this.#comesBack = options.restarts;
    this.#frames = new ClientFrames({
      ...options,
      records: this.records,
      onDemand: () => {
        if (this.#standing.kind === 'resting') this.#want('demand', this.#standing.last);
      },
      onExpired: () => this.#endIfIdle(),
    });
  }

  /** Whether a process is in use: the one that began last. */
  get hasProcess(): boolean {
    return this.#process !== undefined;
  }

  /** Whether the process in use has answered something else than its handshake and lists. */
  get isProven(): boolean {
    return this.#frames.continuity.memory.isProven;
  }

  get canRestart(): boolean {
    return this.#comesBack;
  }

  /** The client wrote a frame. It is judged when the one before is through: by then it may be called off, or the process be gone. */
  fromClient(frame: RelayFrame): void {
    const standing = this.#standing;
    const process = this.#process;
    // What is to wait for the process waits behind all that does.
    if (process === undefined || (standing.kind === 'introducing' && !isAnswer(frame))) this.#judged(frame);
    else process.write(frame, (each) => this.#judged(each));
    this.#leaveIfIdle();
  }

  /** A process wrote a frame. */
  fromServer(process: DeskProcess, frame: RelayFrame): void {
    const ruling = this.#frames.continuity.fromServer(frame);
    switch (ruling.kind) {
      case 'keep':
        process.record({ kind: 'note', text: `The next frame is not passed on: ${ruling.why}` });
        process.show('server', frame);
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
    this.#leaveIfIdle();
  }

  /** A process was started. */
  began(process: DeskProcess): void {
    this.records.newest = process;
    switch (this.#standing.kind) {
      case 'starting':
        this.#standing = { kind: 'open', process, isUsable: true };
        break;
      case 'over':
        process.stop();
        break;
      default:
        this.#standing = { kind: 'introducing', process };
        this.#introduce(process);
    }
  }

  /** A process has said something, or has run for a while. */
  proven(process: DeskProcess): void {
    const standing = this.#standing;
    if (standing.kind === 'open' && standing.process === process && !standing.isUsable) this.#usable(process);
  }

  /** A process ended, and all that it wrote was given out. */
  ended(process: DeskProcess, end: ServerEnd): void {
    const { onLast, onDied } = this.#options;
    const was = this.#standing;
    if (was.kind === 'over') {
      process.conclude();
      return;
    }
    const isLast = !this.#comesBack || (this.#input === 'ended' && !this.#frames.hasRequests);
    this.#standing = isLast ? { kind: 'over' } : { kind: 'between', last: end };
    this.#tear(end, isLast);
    if (this.#options.restarts) {
      const cause: EndCause = was.kind === 'leaving' ? { kind: 'restart', reason: was.reason } : { kind: 'crash' };
      this.#frames.lose(end, cause, this.#input === 'open' && this.#comesBack);
    }
    if (isLast) onLast();
    else onDied((request) => faultedAnswer(request, end));
    const unwritten = process.takeUnwritten();
    if (isLast) for (const frame of unwritten) this.records.note(TOO_LATE, frame);
    process.conclude();
    if (isLast) {
      this.#end(end.exit);
      return;
    }
    this.#options.onWanted(was.kind === 'draining' || was.kind === 'leaving' ? 'user' : 'itself');
    for (const frame of unwritten) this.fromClient(frame);
  }

  /** The server failed so often that nothing is started by itself: whoever waits is told so. */
  rests(ms: number): void {
    if (this.#standing.kind !== 'between') return;
    const { last } = this.#standing;
    this.#standing = { kind: 'resting', last };
    const why = restingSentence(ms, last);
    this.#options.tell(why);
    this.#frames.giveUp(why);
    this.#options.onUnusable(new RelayError('NO_RESTART', why));
    this.#endIfIdle();
  }

  /** Somebody wants another process, where there {@link canRestart} is one: what is under way may be answered first. */
  restart(reason: string): void {
    const standing = this.#standing;
    if ('last' in standing) this.#want('user', standing.last);
    else if (standing.kind === 'introducing' || standing.kind === 'open') this.#replace(standing.process, reason);
  }

  /** The client wrote its last byte: so does the server's process get no more, once it has what waits. */
  clientEnded(isPassedOn: boolean): void {
    this.#input = 'ended';
    if (isPassedOn) this.#endIfIdle();
  }

  /** Nobody reads what the server writes any more: it is told so, and none is started after it. */
  clientGone(): void {
    this.#comesBack = false;
    if ('last' in this.#standing) this.#end(this.#standing.last.exit);
    else this.#process?.endOutput();
  }

  /** A signal is passed on, or only taken note of. From one that ends, nothing is started any more. */
  signal(signal: NodeJS.Signals, whom: 'process' | 'group' | 'nobody', ends: boolean): void {
    if (ends) this.#comesBack = false;
    if (whom !== 'nobody') this.#process?.signal(signal, whom);
    if (ends && 'last' in this.#standing) this.#end({ code: null, signal });
  }

  get #process(): DeskProcess | undefined {
    return processOf(this.#standing);
  }

  #judged(frame: RelayFrame): RelayFrame | undefined {
    return this.#frames.judge(frame, this.#standing);
  }

  /** Wants a process where none is under way; `rests` may be the answer before this returns. */
  #want(cause: RestartCause, last: ServerEnd): void {
    this.#standing = { kind: 'between', last };
    this.#options.onWanted(cause);
  }

  /** What becomes of a line that a process did not finish. */
  #tear({ torn }: ServerEnd, isLast: boolean): void {
    if (torn === undefined) return;
    // Half a line would spoil the first line of the next process.
    if (isLast) this.#options.toClient(torn);
    else this.records.note('A line that the server did not finish was not passed on', torn);
  }

  #replace(process: DeskProcess, reason: string): void {
    const draining = { kind: 'draining', process, reason } as const;
    this.#standing = draining;
    process.record({ kind: 'note', text: `The server is restarted: ${reason}` });
    this.#options.clock.after(DRAIN_MS, () => {
      if (this.#standing === draining) this.#leave(draining);
    });
    this.#leaveIfIdle();
  }

  /** Ends a process that is to be replaced, when nothing is under way in it. */
  #leaveIfIdle(): void {
    if (this.#standing.kind === 'draining' && this.#frames.isIdle) this.#leave(this.#standing);
  }

  #leave({ process, reason }: Standing & { readonly kind: 'draining' }): void {
    this.#standing = { kind: 'leaving', process, reason };
    process.stop();
  }

  #introduce(process: DeskProcess): void {
    const { clock, toClient, tell } = this.#options;
    introduce({
      memory: this.#frames.continuity.memory,
      own: this.#frames.continuity.own,
      send: (frame) => process.write(frame),
      repeat: (frame) => {
        this.#frames.continuity.sent(frame);
        process.write(frame);
      },
      toClient,
      tell: (sentence) => {
        process.record({ kind: 'note', text: sentence });
        tell(sentence);
      },
      clock,
      isWaitedFor: () => this.#isIntroducing(process),
      onReady: (isProven) => this.#ready(process, isProven),
      onRefused: () => process.stop(),
    });
  }

  #isIntroducing(process: DeskProcess): boolean {
    return this.#standing.kind === 'introducing' && this.#standing.process === process;
  }

  #ready(process: DeskProcess, isProven: boolean): void {
    // It may be on its way out again already, for the sake of another one.
    if (!this.#isIntroducing(process) || !process.takes) return;
    this.#standing = { kind: 'open', process, isUsable: false };
    for (const frame of this.#frames.takeAll()) process.write(frame, (each) => this.#judged(each));
    if (this.#input === 'ended') process.endInput();
    if (isProven) this.#usable(process);
  }

  #usable(process: DeskProcess): void {
    if (!process.takes) return;
    this.#standing = { kind: 'open', process, isUsable: true };
    this.#options.tell(`the client goes on with pid ${process.pid}`);
    this.#options.onUsable();
  }

  /** With no client that writes, and nobody to answer, there is nothing left to do. */
  #endIfIdle(): void {
    if (this.#input === 'open' || this.#frames.hasRequests) return;
    if ('last' in this.#standing) this.#end(this.#standing.last.exit);
    else this.#process?.endInput();
  }

  #end(exit: Exit): void {
    this.#comesBack = false;
    this.#standing = { kind: 'over' };
    this.#frames.takeAll();
    this.#options.onUnusable(new RelayError('NO_RESTART', 'The server has ended'));
    this.#options.onOver(exit);
  }
}
