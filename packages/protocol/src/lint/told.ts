/** Breaches of one family that are remembered; a server with more has told enough. */
const MAX_TOLD = 2000;

/** Characters of a word that tell it from others; some are names that a peer chose. */
const MAX_WORD = 200;

/** Remembers what was told, so that a habit is told once and not with every frame. */
export class Told {
  readonly #told = new Set<string>();

  /** True the first time for these words, and no more once too much was told. */
  isNew(...about: readonly string[]): boolean {
    const key = about.map((word) => word.slice(0, MAX_WORD)).join('\n');
    if (this.#told.has(key) || this.#told.size >= MAX_TOLD) return false;
    this.#told.add(key);
    return true;
  }
}
