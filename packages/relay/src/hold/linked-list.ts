/** What stands in a {@link LinkedList}, with what stands before and after it. */
export interface Link<T> {
  readonly value: T;
  before: Link<T> | undefined;
  /** Of a link that was just taken out, too: what stood behind it. */
  after: Link<T> | undefined;
}

/** A list in order. What is taken out leaves no hole, as in a `Map`, that is passed by on each way to the first. */
export class LinkedList<T> implements Iterable<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;

  get first(): Link<T> | undefined {
    return this.#first;
  }

  push(value: T): Link<T> {
    const link: Link<T> = { value, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    return link;
  }

  /** Takes out what stands in this list. */
  remove({ before, after }: Link<T>): void {
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let link = this.#first; link !== undefined; link = link.after) yield link.value;
  }
}
