/** The time of a relay, which tests move by hand. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** The wall time in ISO 8601. */
  wallTime(): string;
  /** Calls back once, so many milliseconds from now; gives the way to call that off. */
  after(ms: number, run: () => void): () => void;
}

/** The time of this machine. Its timers do not keep the process alive. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  wallTime: () => new Date().toISOString(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
