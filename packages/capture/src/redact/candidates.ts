/** Where something may be found in a text. */
export class Candidates {
  readonly #text: string;
  readonly #pattern: RegExp | undefined;
  /** The first place behind what was asked for last; the text is gone through once. */
  #next = -1;

  /**
   * @param pattern What every find contains, for all places of a text; undefined where anything can be found.
   */
  constructor(text: string, pattern: RegExp | undefined) {
    this.#text = text;
    this.#pattern = pattern;
  }

  /** Whether something may be found in this part. Parts must be asked for in order. */
  isIn(start: number, end: number): boolean {
    if (this.#pattern === undefined) return true;
    if (this.#next < start) {
      this.#pattern.lastIndex = start;
      this.#next = this.#pattern.exec(this.#text)?.index ?? Infinity;
    }
    return this.#next < end;
  }
}
