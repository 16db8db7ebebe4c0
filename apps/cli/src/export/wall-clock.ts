import type { EventEntry } from '@mcp-dbg/capture';

/** Tells the wall time of what happened in a capture from when it was opened; durations never come from it. */
export class WallClock {
  /** Milliseconds since 1970 at the capture's microsecond 0. */
  #start: number | undefined;

  /** Shows it every event; an `open` sets the clock. */
  see({ event }: EventEntry): void {
    if (event.t !== 'open') return;
    const opened = Date.parse(event.at);
    this.#start = Number.isNaN(opened) ? undefined : opened - event.us / 1000;
  }

  /** The time as ISO 8601 in UTC, to the millisecond; undefined where the capture does not say when it was opened. */
  at(us: number): string | undefined {
    if (this.#start === undefined) return undefined;
    const date = new Date(this.#start + us / 1000);
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  }
}
