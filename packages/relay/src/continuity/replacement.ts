import type { EndCause } from './lost-answer.ts';

/** Who waits for the next process. */
interface Awaiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The replacement of a process that somebody asked for, and all who wait for the next one. */
export class Replacement {
  readonly #awaiting: Awaiting[] = [];
  #reason: string | undefined;
  #isStopping = false;
  #answered: () => void = () => {};

  /** True while a process is on its way out to make room for another. */
  get isUnderWay(): boolean {
    return this.#reason !== undefined;
  }

  /** Resolves when the next process can be used; throws what {@link failed} is given. */
  next(): Promise<void> {
    return new Promise((resolve, reject) => this.#awaiting.push({ resolve, reject }));
  }

  /** Begins; resolves when {@link answered} says that nothing is under way any more. */
  begin(reason: string): Promise<void> {
    this.#reason = reason;
    return new Promise((resolve) => (this.#answered = resolve));
  }

  answered(): void {
    this.#answered();
  }

  /** The process is told to end now. */
  stopping(): void {
    this.#isStopping = this.isUnderWay;
  }

  /** The process ended: why, as far as we know. */
  ended(): EndCause {
    const reason = this.#reason;
    const isAsked = this.#isStopping;
    this.#reason = undefined;
    this.#isStopping = false;
    return reason !== undefined && isAsked ? { kind: 'restart', reason } : { kind: 'crash' };
  }

  ready(): void {
    for (const { resolve } of this.#awaiting.splice(0)) resolve();
  }

  failed(error: Error): void {
    for (const { reject } of this.#awaiting.splice(0)) reject(error);
  }
}
