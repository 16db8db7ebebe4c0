import type { Missed, Source } from '../record.ts';

/** What a `gap` record says beside its stamp. */
export interface Gap {
  readonly reason: string;
  readonly since: number;
  readonly missed: readonly Missed[];
  readonly events: number;
}

interface Counted {
  readonly conn: number;
  readonly from: Source;
  reads: number;
  bytes: number;
}

/** The streams that are counted one by one; what more there are is counted together, so that the record stays small. */
const MAX_STREAMS = 12;

/** Counts what could not be recorded since the last `gap` record. */
export class GapCount {
  #reason = '';
  #since = 0;
  #events = 0;
  readonly #missed = new Map<string, Counted>();

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
    const missed = this.#of(conn, from);
    missed.reads += 1;
    missed.bytes += bytes;
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

  #of(conn: number, from: Source): Counted {
    const key = `${conn} ${from}`;
    const known = this.#missed.get(key);
    if (known !== undefined) return known;
    if (conn !== 0 && this.#missed.size >= MAX_STREAMS) return this.#of(0, from);
    const counted: Counted = { conn, from, reads: 0, bytes: 0 };
    this.#missed.set(key, counted);
    return counted;
  }

  #begin(us: number, reason: string): void {
    if (this.#reason === '') this.#since = us;
    this.#reason = reason;
  }
}
