import { ExchangeTracker, type RequestReading } from '@mcp-dbg/wire';

import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import type { RelayFrame } from '../relay-frame.ts';

/** A frame of the client for which there is no process yet. */
interface WaitingFrame {
  readonly frame: RelayFrame;
  /** When it came (milliseconds, monotonic). */
  readonly at: number;
  /** The id of the request that it is; undefined for all else, and for what shares a batch. */
  readonly id: string | undefined;
}

export interface WaitingFramesOptions {
  /** Milliseconds that a request waits. */
  readonly waitMs: number;
  /** So many more bytes wait here (fewer, where negative). */
  readonly holds: (bytes: number) => void;
  /** Given the requests that have waited long enough. */
  readonly onExpired: (frames: readonly RelayFrame[]) => void;
  /** The real time, unless given. */
  readonly clock?: Clock;
}

/** The client's frames that wait for a process, in order. To take one costs the same, however many wait. */
export class WaitingFrames {
  readonly #options: WaitingFramesOptions;
  readonly #clock: Clock;
  /** All of them, in the order in which the process is to get them. */
  #waiting = new Set<WaitingFrame>();
  /** Those for whose answers somebody waits, the oldest first. */
  readonly #asking = new Set<WaitingFrame>();
  /** Those that can be called off. */
  readonly #byId = new ExchangeTracker<WaitingFrame>();
  #isInPieces = false;
  /** Calls off the end of the wait; set while one asks. */
  #callOff: (() => void) | undefined;

  constructor(options: WaitingFramesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  get hasRequests(): boolean {
    return this.#asking.size > 0;
  }

  /** True where a line that comes in pieces has its beginning here, and not its end. */
  get isInPieces(): boolean {
    return this.#isInPieces;
  }

  add(frame: RelayFrame): void {
    if (frame.isPiece) this.#isInPieces = !frame.endsLine;
    this.#waiting.add(this.#noted(frame));
    this.#watch();
  }

  /** Puts frames before all others: they were given to a process that is gone. */
  addFirst(frames: readonly RelayFrame[]): void {
    if (frames.length === 0) return;
    this.#waiting = new Set([...frames.map((frame) => this.#noted(frame)), ...this.#waiting]);
    this.#watch();
  }

  /** Takes all of them. */
  takeAll(): readonly RelayFrame[] {
    this.#isInPieces = false;
    return this.#take([...this.#waiting]);
  }

  /** Takes the frame of the request of this id; undefined where it does not wait, or shares a batch. */
  takeRequest(id: string | undefined): RelayFrame | undefined {
    const waiting = id === undefined ? undefined : this.#byId.find('client', id);
    return waiting && this.#take([waiting])[0];
  }

  #noted(frame: RelayFrame): WaitingFrame {
    const [request] = requestsOf(frame);
    const id = frame.messages.length === 1 ? request?.id : undefined;
    const waiting = { frame, at: this.#clock.now(), id };
    if (request !== undefined) this.#asking.add(waiting);
    if (id !== undefined) this.#byId.ask('client', id, waiting);
    this.#options.holds(frame.bytes.length);
    return waiting;
  }

  /** Takes some: those that have one id from the oldest on, or all of them. */
  #take(taken: readonly WaitingFrame[]): readonly RelayFrame[] {
    let bytes = 0;
    for (const each of taken) {
      this.#waiting.delete(each);
      this.#asking.delete(each);
      if (each.id !== undefined) this.#byId.answer('server', each.id);
      bytes += each.frame.bytes.length;
    }
    this.#options.holds(-bytes);
    if (this.#asking.size === 0) {
      this.#callOff?.();
      this.#callOff = undefined;
    }
    return taken.map(({ frame }) => frame);
  }

  /** Sees to it that a request which waits too long is given back. */
  #watch(): void {
    if (this.#callOff !== undefined) return;
    // Not before: whatever was taken out of a set is passed by on the way to its first.
    const [oldest] = this.#asking;
    if (oldest === undefined) return;
    const { waitMs, onExpired } = this.#options;
    const expire = (): void => {
      this.#callOff = undefined;
      const expired = this.#askedBy(this.#clock.now() - waitMs);
      onExpired(this.#take(expired));
      this.#watch();
    };
    this.#callOff = this.#clock.after(Math.ceil(oldest.at + waitMs - this.#clock.now()) + 1, expire);
  }

  #askedBy(limit: number): readonly WaitingFrame[] {
    const asked: WaitingFrame[] = [];
    for (const each of this.#asking) {
      if (each.at > limit) break;
      asked.push(each);
    }
    return asked;
  }
}

/** The requests in a frame. */
export function requestsOf(frame: RelayFrame): readonly RequestReading[] {
  return frame.messages.filter((message): message is RequestReading => message.kind === 'request');
}

/** True for a frame that answers, and does nothing else. */
export function isAnswer({ messages }: RelayFrame): boolean {
  return messages.length > 0 && messages.every(({ kind }) => kind === 'result' || kind === 'error');
}
