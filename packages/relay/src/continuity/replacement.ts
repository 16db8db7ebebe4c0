import { after } from '../after.ts';
import type { ServerLife } from '../server-life.ts';
import type { EndCause } from './lost-answer.ts';

/** Milliseconds that requests under way may take before a process that is to be replaced is ended. */
const DRAIN_MS = 5000;

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

  /** Ends a process in good order. Where it is not idle, {@link answered} may say first that nothing is under way any more. */
  async replace(
    process: Pick<ServerLife, 'record' | 'ended' | 'stop'>,
    reason: string,
    isIdle: boolean,
  ): Promise<void> {
    this.#reason = reason;
    const answered = new Promise<void>((resolve) => (this.#answered = resolve));
    process.record({ kind: 'note', text: `The server is restarted: ${reason}` });
    if (!isIdle) await Promise.race([answered, process.ended, after(DRAIN_MS)]);
    this.#isStopping = this.isUnderWay;
    await process.stop();
  }

  /** Nothing is under way any more. */
  answered(): void {
    this.#answered();
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
