import type { Clock } from '../clock.ts';
import type { RelayFrame } from '../relay-frame.ts';
import type { ServerEnd } from '../server-end.ts';
import type { ServerRecords } from '../server-records.ts';
import type { ServerSideOptions } from '../server-side-options.ts';
import { Continuity, calledOff } from './continuity.ts';
import { type EndCause, lateSentence, notThereAnswer } from './lost-answer.ts';
import { type Standing, processOf } from './standing.ts';
import { WaitingFrames, isAnswer, requestsOf } from './waiting-frames.ts';

/** Milliseconds that a request waits for a process of the server. */
const WAIT_MS = 10_000;
const ANSWERS_NOBODY = 'An answer to a process of the server that is gone was not passed on';
/** Stands in the record of what the server's last process was not given. */
export const TOO_LATE = 'The server ended before it was given this';

export interface ClientFramesOptions extends Pick<ServerSideOptions, 'restarts' | 'toClient' | 'holds' | 'tell'> {
  /** Stands in the ids of our own requests: something that no client would think of. */
  readonly mark: string;
  readonly clock: Clock;
  readonly records: ServerRecords;
  /** A request waits, and no process is under way. */
  readonly onDemand: () => void;
  /** Requests that had waited long enough were answered. */
  readonly onExpired: () => void;
}

/** Decides what becomes of each frame of the client: it is given to the process in use, waits for the next, or is answered. */
export class ClientFrames {
  readonly continuity: Continuity;
  readonly #options: ClientFramesOptions;
  readonly #waiting: WaitingFrames;
  /** How the process before the one in use ended. */
  #lastEnd: ServerEnd | undefined;

  constructor(options: ClientFramesOptions) {
    const { mark, clock, holds, records } = options;
    this.#options = options;
    this.continuity = new Continuity(mark, (text) => records.say(text));
    this.#waiting = new WaitingFrames({
      clock,
      waitMs: WAIT_MS,
      holds,
      onExpired: (frames) => {
        this.#answer(frames, lateSentence(WAIT_MS, this.#lastEnd));
        options.onExpired();
      },
    });
  }

  /** True where a request waits for the next process. */
  get hasRequests(): boolean {
    return this.#waiting.hasRequests;
  }

  /** True where no request waits for the answer of a process. */
  get isIdle(): boolean {
    return this.continuity.memory.isIdle;
  }

  /** What of a frame is given to the process in use, now that its turn has come. */
  judge(frame: RelayFrame, standing: Standing): RelayFrame | undefined {
    const { restarts, records } = this.#options;
    const process = processOf(standing);
    const isTaken = process !== undefined && (process.takes || !restarts);
    const goesOn = frame.isRest && isTaken && process.isInPieces;
    if (frame.isRest && !goesOn && !this.#waiting.isInPieces) {
      records.note('No process has the beginning of its line: the rest was not passed on', frame);
      return undefined;
    }
    const off = calledOff(frame);
    const request = this.#waiting.takeRequest(off);
    if (request !== undefined) {
      records.note('A request that waited for the server was called off', request);
      records.note('It calls off a request that the server was not given', frame);
      return undefined;
    }
    const ruling = this.continuity.fromClient(frame);
    if (ruling.kind === 'drop') records.note(ruling.why, frame);
    if (ruling.kind !== 'pass') return undefined;
    // What follows a frame that waits must not overtake it; to call off what is under way helps to get it over.
    const isBehind = !this.#waiting.isEmpty && off === undefined && !goesOn;
    const isReplaced = standing.kind === 'draining' || standing.kind === 'leaving';
    const waits = standing.kind === 'introducing' || (isReplaced && (isBehind || requestsOf(frame).length > 0));
    // A process may want an answer before it gives its own to the handshake.
    if (isTaken && (!waits || isAnswer(frame))) {
      this.continuity.sent(frame);
      return ruling.frame;
    }
    if (isAnswer(frame)) records.note(ANSWERS_NOBODY, frame);
    else if (restarts) this.#wait(ruling.frame, standing);
    return undefined;
  }

  /** A process ended: what it took with it is answered, and what can be asked again comes before all that waits. */
  lose(end: ServerEnd, cause: EndCause, asksAgain: boolean): void {
    const { toClient, tell } = this.#options;
    this.#lastEnd = end;
    const legacy = this.continuity.lose(end, cause, asksAgain);
    this.#waiting.addFirst(legacy.again);
    for (const frame of legacy.toClient) toClient(frame.passing({ isOnOwnLine: true }));
    if (legacy.answered.length > 0) tell(`answered in its place: ${legacy.answered.join(', ')}`);
  }

  /** Gives up all that waits: the requests are answered. */
  giveUp(why: string): void {
    for (const frame of this.#waiting.takeAll()) {
      if (requestsOf(frame).length > 0) this.#answer([frame], why);
      else this.#unheard(frame);
    }
  }

  /** Takes all that waits, in order. */
  takeAll(): readonly RelayFrame[] {
    return this.#waiting.takeAll();
  }

  #wait(frame: RelayFrame, { kind }: Standing): void {
    const { records, onDemand } = this.#options;
    if (kind === 'over') {
      records.note(TOO_LATE, frame);
      return;
    }
    const requests = requestsOf(frame);
    if (kind === 'resting' && requests.length === 0) {
      this.#unheard(frame);
      return;
    }
    records.waits(requests);
    this.#waiting.add(frame);
    if (kind === 'resting') onDemand();
  }

  /** Only who waits for an answer is a reason to start the server, and nothing else may wait for that without end. */
  #unheard(frame: RelayFrame): void {
    this.continuity.sent(frame);
    this.#options.records.note('There is no process of the server, nor a request for one: not passed on', frame);
  }

  #answer(frames: readonly RelayFrame[], why: string): void {
    const { records, toClient } = this.#options;
    for (const frame of frames) {
      records.notTaken('No process of the server was there for the next frame', frame);
      for (const request of requestsOf(frame)) toClient(notThereAnswer(request, why, this.#lastEnd));
    }
  }
}
