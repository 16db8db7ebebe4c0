/** The longest that a timer of Node can wait (milliseconds); a longer one would end at once. */
export const LONGEST_MS: number = 2 ** 31 - 1;

/** The time that one answer may take. */
export interface Deadline {
  /** Gives the answer its whole time once more. */
  extend(): void;
  stop(): void;
}

/** The time that the answers of one server may take. It stands still while the server waits for us. */
export class Patience {
  readonly #running = new Set<Timer>();
  #holds = 0;

  /** Calls back when `ms` have passed, unless the deadline is stopped. */
  start(ms: number, onOver: () => void): Deadline {
    const timer = new Timer(ms, onOver);
    this.#running.add(timer);
    if (this.#holds === 0) timer.go();
    return {
      extend: () => timer.extend(),
      stop: () => {
        timer.hold();
        this.#running.delete(timer);
      },
    };
  }

  /** Does something that servers wait for. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#holds++ === 0) for (const timer of this.#running) timer.hold();
    try {
      return await work();
    } finally {
      if (--this.#holds === 0) for (const timer of this.#running) timer.go();
    }
  }
}

class Timer {
  readonly #ms: number;
  readonly #onOver: () => void;
  /** Milliseconds that are left, as of `#since`. */
  #left: number;
  #since = 0;
  #timeout: NodeJS.Timeout | undefined;

  constructor(ms: number, onOver: () => void) {
    this.#ms = this.#left = Math.min(ms, LONGEST_MS);
    this.#onOver = onOver;
  }

  go(): void {
    this.#since = performance.now();
    this.#timeout = setTimeout(this.#onOver, this.#left);
  }

  hold(): void {
    if (this.#timeout === undefined) return;
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
    this.#left = Math.max(0, this.#left - (performance.now() - this.#since));
  }

  extend(): void {
    const isRunning = this.#timeout !== undefined;
    this.hold();
    this.#left = this.#ms;
    if (isRunning) this.go();
  }
}
