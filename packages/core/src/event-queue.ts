/** Events of several sources, taken one by one in the order in which they happened. */
export class EventQueue<T> {
  readonly #events: T[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  /** How many wait to be taken. */
  get size(): number {
    return this.#events.length;
  }

  push(event: T): void {
    this.#events.push(event);
    this.#wake();
  }

  /** Makes `next` throw this once the events so far are taken. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** Waits for the next event; for one taker at a time. */
  async next(): Promise<T> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
