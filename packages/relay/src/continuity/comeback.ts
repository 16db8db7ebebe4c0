import {
  NEVER_STARTED,
  ProxyError,
  type RestartCause,
  type RestartRecord,
  ended,
  nextStart,
  started,
} from '@mcp-dbg/proxy';

import { type Clock, SYSTEM_CLOCK } from '../clock.ts';

export interface ComebackOptions {
  /** Starts a process. Throws ProxyError when the system cannot. */
  readonly start: () => Promise<void>;
  /** The server failed too often: nothing is started by itself before this many milliseconds have passed. */
  readonly onRest: (ms: number) => void;
  readonly tell: (sentence: string) => void;
  /** The real time, unless given. */
  readonly clock?: Clock;
}

/** Starts the next process of a server when the restart policy allows it, one start at a time. */
export class Comeback {
  readonly #options: ComebackOptions;
  readonly #clock: Clock;
  #record: RestartRecord = NEVER_STARTED;
  #isUnderWay = false;
  #hurry = new AbortController();
  #isOver = false;

  constructor(options: ComebackOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** True while a start is under way, or the wait before one. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Notes how a process lived. */
  ended(life: { readonly proven: boolean; readonly uptimeMs: number }): void {
    this.#record = ended(this.#record, life);
  }

  /** Starts a process, now or when the policy says so; for the user at once, whatever happened before. */
  begin(cause: RestartCause): void {
    if (cause === 'user') {
      this.#record = NEVER_STARTED;
      this.#hurry.abort();
    }
    if (!this.#isUnderWay) void this.#bringUp(cause);
  }

  /** The first start, whose failure is the caller's. */
  async first(): Promise<void> {
    this.#record = started(this.#record, this.#clock.now());
    await this.#options.start();
  }

  /** Nothing is started any more. */
  close(): void {
    this.#isOver = true;
    this.#hurry.abort();
  }

  async #bringUp(first: RestartCause): Promise<void> {
    this.#isUnderWay = true;
    for (let cause = first; !this.#isOver; cause = 'itself') {
      const now = this.#clock.now();
      const decision = nextStart(this.#record, cause, now);
      if (decision.kind === 'rest') {
        // Whoever is told may ask for another start at once.
        this.#isUnderWay = false;
        this.#options.onRest(decision.untilMs - now);
        return;
      }
      this.#hurry = new AbortController();
      if (decision.afterMs > 0) await this.#pause(decision.afterMs);
      if (this.#isOver) break;
      try {
        await this.first();
        break;
      } catch (error) {
        if (!(error instanceof ProxyError)) throw error;
        this.#options.tell(error.message);
        this.#record = ended(this.#record, { proven: false, uptimeMs: 0 });
      }
    }
    this.#isUnderWay = false;
  }

  /** Waits for a time, or until somebody cannot wait. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#hurry;
    await new Promise<void>((resolve) => {
      const callOff = this.#clock.after(ms, resolve);
      signal.addEventListener('abort', () => {
        callOff();
        resolve();
      });
    });
  }
}
