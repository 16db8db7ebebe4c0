import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/**
 * Tells what a build writes anew from what it writes as it was. Most write all their output each time, and where that
 * is watched, each build would lead to another.
 */
export class BuiltFiles {
  /** What stood in files when they last changed during a build. */
  readonly #seen = new Map<string, string>();

  /** Whether a file that changed during a build says something else than when it last did. */
  async isOther(path: string): Promise<boolean> {
    const content = await digestOf(path);
    const isOther = this.#seen.get(path) !== content;
    this.#seen.set(path, content);
    return isOther;
  }

  /** It changed while nothing was built: whatever is written next is something else. */
  forget(path: string): void {
    this.#seen.delete(path);
  }
}

async function digestOf(path: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    return 'gone';
  }
}
