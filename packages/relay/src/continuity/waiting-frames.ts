import type { RequestReading } from '@mcp-dbg/wire';

import type { RelayFrame } from '../relay-frame.ts';

/** A frame of the client for which there is no process yet. */
interface Waiting {
  readonly frame: RelayFrame;
  /** When it came (milliseconds, monotonic). */
  readonly at: number;
  /** True where somebody waits for an answer. */
  readonly asks: boolean;
}

export interface WaitingFramesOptions {
  /** Milliseconds that a request waits. */
  readonly waitMs: number;
  /** So many more bytes wait here (fewer, where negative). */
  readonly holds: (bytes: number) => void;
  /** Given the requests that have waited long enough. */
  readonly onExpired: (frames: readonly RelayFrame[]) => void;
}

/** The client's frames that wait for a process, in order. */
export class WaitingFrames {
  readonly #options: WaitingFramesOptions;
  #waiting: Waiting[] = [];
  /** How many of them ask. */
  #asking = 0;
  /** Runs while one asks. */
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WaitingFramesOptions) {
    this.#options = options;
  }

  get hasRequests(): boolean {
    return this.#asking > 0;
  }

  add(frame: RelayFrame): void {
    this.#waiting.push(this.#noted(frame));
    this.#watch();
  }

  /** Puts frames before all others: they were given to a process that is gone. */
  addFirst(frames: readonly RelayFrame[]): void {
    this.#waiting.unshift(...frames.map((frame) => this.#noted(frame)));
    this.#watch();
  }

  /** Takes all of them. */
  takeAll(): readonly RelayFrame[] {
    return this.#take(() => true);
  }

  takeRequests(): readonly RelayFrame[] {
    return this.#take(({ asks }) => asks);
  }

  /** Takes the frame of one request; undefined where it does not wait, or shares a batch. */
  takeRequest(id: string | undefined): RelayFrame | undefined {
    if (id === undefined || this.#asking === 0) return undefined;
    return this.#take(({ frame, asks }) => asks && frame.messages.length === 1 && requestsOf(frame)[0]?.id === id)[0];
  }

  #noted(frame: RelayFrame): Waiting {
    const asks = requestsOf(frame).length > 0;
    if (asks) this.#asking++;
    this.#options.holds(frame.bytes.length);
    return { frame, at: performance.now(), asks };
  }

  #take(isTaken: (waiting: Waiting) => boolean): readonly RelayFrame[] {
    const taken: RelayFrame[] = [];
    const left: Waiting[] = [];
    this.#asking = 0;
    for (const each of this.#waiting) {
      if (isTaken(each)) taken.push(each.frame);
      else {
        left.push(each);
        if (each.asks) this.#asking++;
      }
    }
    this.#waiting = left;
    this.#options.holds(-sizeOf(taken));
    if (this.#asking === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    return taken;
  }

  /** Sees to it that a request which waits too long is given back. */
  #watch(): void {
    if (this.#timer !== undefined || this.#asking === 0) return;
    const { waitMs, onExpired } = this.#options;
    const oldest = this.#waiting.find(({ asks }) => asks)?.at ?? 0;
    const expire = (): void => {
      this.#timer = undefined;
      const limit = performance.now() - waitMs;
      onExpired(this.#take(({ at, asks }) => asks && at <= limit));
      this.#watch();
    };
    this.#timer = setTimeout(expire, Math.ceil(oldest + waitMs - performance.now()) + 1);
  }
}

function sizeOf(frames: readonly RelayFrame[]): number {
  return frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The requests in a frame. */
export function requestsOf(frame: RelayFrame): readonly RequestReading[] {
  return frame.messages.filter((message): message is RequestReading => message.kind === 'request');
}

/** True for a frame that answers, and does nothing else. */
export function isAnswer({ messages }: RelayFrame): boolean {
  return messages.length > 0 && messages.every(({ kind }) => kind === 'result' || kind === 'error');
}
