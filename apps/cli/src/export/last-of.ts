/** Keeps the last of many, and counts the rest. */
export class LastOf<T> {
  readonly #max: number;
  #items: T[] = [];
  #count = 0;

  /** Keeps `max` items at most. */
  constructor(max: number) {
    this.#max = max;
  }

  add(item: T): void {
    this.#count++;
    this.#items.push(item);
    // Cut now and then, so that each item costs the same.
    if (this.#items.length >= this.#max * 2) this.#items = this.#items.slice(-this.#max);
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  get items(): readonly T[] {
    return this.#items.slice(-this.#max);
  }
}
