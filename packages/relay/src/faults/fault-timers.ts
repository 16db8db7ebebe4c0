/** The time that faults live by, in milliseconds. */
export interface FaultTimers {
  /** A clock that never goes back. */
  now(): number;
  /** Runs something later, unless the function that this gives is called before. */
  after(ms: number, run: () => void): () => void;
}
