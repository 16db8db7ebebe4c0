import { type FSWatcher, watch } from 'node:fs';

/** How often a file is looked at where the system tells nothing of its changes (milliseconds). */
const POLL_MS = 500;

/** Waits for changes of one file. The system's word of them can fail to come, so it is looked at now and then too. */
export class FileGrowth {
  readonly #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: () => void = () => {};

  constructor(path: string) {
    this.#watcher = watcherOf(path, () => {
      this.#changed = true;
      this.#wake();
    });
  }

  /**
   * Ends when the file may have changed since the last call, after `mostMs`, when it is time for another look, or at
   * once when `signal` is aborted. Only while somebody waits does it keep the process alive.
   */
  async next(signal: AbortSignal, mostMs: number = POLL_MS): Promise<void> {
    if (!this.#changed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, Math.min(mostMs, POLL_MS));
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        }
        signal.addEventListener('abort', done, { once: true });
        this.#wake = done;
      });
    }
    this.#changed = false;
    this.#wake = () => {};
  }

  close(): void {
    this.#watcher?.close();
  }
}

/** Undefined where the system has no more of them, or none for such a file. */
function watcherOf(path: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, changed).on('error', () => {});
  } catch {
    return undefined;
  }
}
