import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds after which the watcher has begun to hear of what happens in a new folder. */
const LATE_MS = 150;

/**
 * Looks into new folders once more. A watcher reads a folder first and listens to it then: what is made between the two,
 * it does not know of.
 */
export class LateFolders {
  readonly #add: (path: string) => void;
  readonly #isIgnored: (path: string, isFile: boolean) => boolean;
  readonly #known = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** `add` is given each path that the watcher missed. */
  constructor(add: (path: string) => void, isIgnored: (path: string, isFile: boolean) => boolean) {
    this.#add = add;
    this.#isIgnored = isIgnored;
  }

  /** Takes an event of the watcher. The first listing, which ends when it is ready, has no new folders. */
  see(event: string, path: string, isReady: boolean): void {
    if (event === 'unlink' || event === 'unlinkDir') this.#known.delete(path);
    else this.#known.add(path);
    if (event !== 'addDir' || !isReady) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#look(path);
    }, LATE_MS);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #look(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (!this.#known.has(path) && !this.#isIgnored(path, !entry.isDirectory())) this.#add(path);
    }
  }
}
