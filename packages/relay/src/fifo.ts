/** What goes out in the order in which it came, however much of it waits. */
export class Fifo<T> implements Iterable<T> {
  readonly #items: T[] = [];
  /** Where the first one stands: to move all the others up each time would take too long. */
  #head = 0;

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the first one out. */
  shift(): T | undefined {
    const { first } = this;
    if (this.#head < this.#items.length) this.#head++;
    if (this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return first;
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let at = this.#head; at < this.#items.length; at++) yield this.#items[at] as T;
  }

  /** Takes out all of them. */
  takeAll(): readonly T[] {
    const all = this.#items.slice(this.#head);
    this.#items.length = this.#head = 0;
    return all;
  }
}
