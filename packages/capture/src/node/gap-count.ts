import type { Missed, Source } from '../record.ts';

/** What a `gap` record says beside its stamp. */
export interface Gap {
  readonly reason: string;
  readonly since: number;
  readonly missed: readonly Missed[];
  readonly events: number;
}

/** Counts what could not be recorded since the last `gap` record. */
export class GapCount {
  #reason = '';
  #since = 0;
  #events = 0;
  readonly #missed = new Map<string, { conn: number; from: Source; reads: number; bytes: number }>();

  /** What is to be reported; undefined when nothing is missing. */
  get gap(): Gap | undefined {
    if (this.#reason === '') return undefined;
    return {
      reason: this.#reason,
      since: this.#since,
      missed: [...this.#missed.values()],
      events: this.#events,
    };
  }

  missRead(us: number, conn: number, from: Source, bytes: number, reason: string): void {
    this.#begin(us, reason);
    const key = `${conn} ${from}`;
    const missed = this.#missed.get(key);
    if (missed) {
      missed.reads += 1;
      missed.bytes += bytes;
    } else {
      this.#missed.set(key, { conn, from, reads: 1, bytes });
    }
  }

  missEvent(us: number, reason: string): void {
    this.#begin(us, reason);
    this.#events += 1;
  }

  clear(): void {
    this.#reason = '';
    this.#events = 0;
    this.#missed.clear();
  }

  #begin(us: number, reason: string): void {
    if (this.#reason === '') this.#since = us;
    this.#reason = reason;
  }
}
