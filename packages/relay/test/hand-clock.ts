import type { Clock } from '../src/clock.ts';

/** A clock that is moved by hand. */
export class HandClock implements Clock {
  #now = 0;
  readonly #due = new Set<{ readonly at: number; readonly run: () => void }>();

  /** Alarms that are set. */
  get timers(): number {
    return this.#due.size;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): string {
    return '2026-11-20T20:40:00.000Z';
  }

  after(ms: number, run: () => void): () => void {
    const each = { at: this.#now + ms, run };
    this.#due.add(each);
    return () => this.#due.delete(each);
  }

  /** Lets the clock go on, and everything run that is due by then. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#due].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
