import type { RequestReading } from '@mcp-dbg/wire';

import type { RelayFrame } from '../relay-frame.ts';

/** A frame of the client for which there is no process yet. */
interface Waiting {
  readonly frame: RelayFrame;
  /** When it came (milliseconds, monotonic). */
  readonly at: number;
}

/** The client's frames that wait for a process, in order. */
export class WaitingFrames {
  #waiting: Waiting[] = [];
  readonly #holds: (bytes: number) => void;

  /** Tells how many more bytes are held, or fewer. */
  constructor(holds: (bytes: number) => void) {
    this.#holds = holds;
  }

  get hasRequests(): boolean {
    return this.#waiting.some(({ frame }) => requestsOf(frame).length > 0);
  }

  /** When the oldest request came; undefined where none waits. */
  get oldestRequestAt(): number | undefined {
    return this.#waiting.find(({ frame }) => requestsOf(frame).length > 0)?.at;
  }

  add(frame: RelayFrame, at: number): void {
    this.#waiting.push({ frame, at });
    this.#holds(frame.bytes.length);
  }

  /** Puts frames before all others: they were given to a process that is gone. */
  addFirst(frames: readonly RelayFrame[], at: number): void {
    this.#waiting.unshift(...frames.map((frame) => ({ frame, at })));
    for (const frame of frames) this.#holds(frame.bytes.length);
  }

  /** Takes all of them. */
  takeAll(): readonly RelayFrame[] {
    return this.#take(() => true);
  }

  /** Takes the requests that came at this time or before. */
  takeRequests(until: number): readonly RelayFrame[] {
    return this.#take(({ frame, at }) => at <= until && requestsOf(frame).length > 0);
  }

  /** Takes the frame of one request; undefined where it does not wait, or shares a batch. */
  takeRequest(id: string): RelayFrame | undefined {
    return this.#take(({ frame }) => frame.messages.length === 1 && requestsOf(frame)[0]?.id === id)[0];
  }

  #take(isTaken: (waiting: Waiting) => boolean): readonly RelayFrame[] {
    const taken = this.#waiting.filter((each) => isTaken(each));
    this.#waiting = this.#waiting.filter((each) => !taken.includes(each));
    for (const { frame } of taken) this.#holds(-frame.bytes.length);
    return taken.map(({ frame }) => frame);
  }
}

/** The requests in a frame. */
export function requestsOf(frame: RelayFrame): readonly RequestReading[] {
  return frame.messages.filter((message): message is RequestReading => message.kind === 'request');
}
