interface Due<T> {
  readonly item: T;
  readonly dueMs: number;
  readonly n: number;
}

/** What waits for its time, the next first: by when it is due, then by when it came. A binary heap, as it may be very much. */
export class DueHeap<T> {
  readonly #heap: Due<T>[] = [];
  #count = 0;

  /** When the next one is due; undefined where nothing waits. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  push(item: T, dueMs: number): void {
    const due = { item, dueMs, n: this.#count++ };
    let at = this.#heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || !isBefore(due, parent)) break;
      this.#heap[at] = parent;
      at = above;
    }
    this.#heap[at] = due;
  }

  /** Takes out the next one that is due by then. */
  pop(byMs: number): T | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.dueMs > byMs) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first.item;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** Puts one in at the top, and lets it sink to its place. */
  #sink(due: Due<T>): void {
    let at = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * at + 1], this.#heap[2 * at + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const next = isRight ? right : left;
      if (next === undefined || isBefore(due, next)) break;
      this.#heap[at] = next;
      at = 2 * at + (isRight ? 2 : 1);
    }
    this.#heap[at] = due;
  }
}

function isBefore<T>(a: Due<T>, b: Due<T>): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.n < b.n);
}
