import { setTimeout } from 'node:timers/promises';

/** The time by which restarts are paced, in milliseconds. */
export interface Pace {
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const REAL_PACE: Pace = {
  now: () => performance.now(),
  sleep: async (ms, signal) => await setTimeout(ms, undefined, { signal }),
};
