import type { RequestReading } from '@mcp-dbg/wire';

import type { RelayFrame } from '../relay-frame.ts';

/** A frame of the client for which there is no process yet. */
interface Waiting {
  readonly frame: RelayFrame;
  /** When it came (milliseconds, monotonic). */
  readonly at: number;
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
  #waiting: readonly Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WaitingFramesOptions) {
    this.#options = options;
  }

  get hasRequests(): boolean {
    return this.#waiting.some(({ frame }) => requestsOf(frame).length > 0);
  }

  add(frame: RelayFrame): void {
    this.#set([...this.#waiting, { frame, at: performance.now() }], frame.bytes.length);
  }

  /** Puts frames before all others: they were given to a process that is gone. */
  addFirst(frames: readonly RelayFrame[]): void {
    const first = frames.map((frame) => ({ frame, at: performance.now() }));
    this.#set([...first, ...this.#waiting], sizeOf(frames));
  }

  /** Takes all of them. */
  takeAll(): readonly RelayFrame[] {
    return this.#take(() => true);
  }

  takeRequests(): readonly RelayFrame[] {
    return this.#take(({ frame }) => requestsOf(frame).length > 0);
  }

  /** Takes the frame of one request; undefined where it does not wait, or shares a batch. */
  takeRequest(id: string): RelayFrame | undefined {
    return this.#take(({ frame }) => frame.messages.length === 1 && requestsOf(frame)[0]?.id === id)[0];
  }

  #take(isTaken: (waiting: Waiting) => boolean): readonly RelayFrame[] {
    const taken = this.#waiting.filter((each) => isTaken(each));
    const frames = taken.map(({ frame }) => frame);
    if (taken.length > 0)
      this.#set(
        this.#waiting.filter((each) => !taken.includes(each)),
        -sizeOf(frames),
      );
    return frames;
  }

  #set(waiting: readonly Waiting[], more: number): void {
    this.#waiting = waiting;
    this.#options.holds(more);
    clearTimeout(this.#timer);
    const oldest = waiting.find(({ frame }) => requestsOf(frame).length > 0);
    if (oldest === undefined) return;
    const { waitMs, onExpired } = this.#options;
    this.#timer = setTimeout(
      () => {
        const limit = performance.now() - waitMs;
        onExpired(this.#take(({ frame, at }) => at <= limit && requestsOf(frame).length > 0));
      },
      Math.ceil(oldest.at + waitMs - performance.now()) + 1,
    );
  }
}

function sizeOf(frames: readonly RelayFrame[]): number {
  return frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The requests in a frame. */
export function requestsOf(frame: RelayFrame): readonly RequestReading[] {
  return frame.messages.filter((message): message is RequestReading => message.kind === 'request');
}
