/** What waits in a {@link WaitingLine}. */
export interface Waiting {
  /** The exchanges that it belongs to. */
  readonly exchanges: readonly number[];
  /** True where all that comes later waits behind it, such as behind the handshake. */
  readonly isBarrier: boolean;
  /** True where all that came before it must have gone first, such as before a line without an end. */
  readonly waitsForAll: boolean;
  /** True once it may go, as soon as nothing of its exchanges is before it. */
  readonly isSettled: boolean;
}

/**
 * The frames of one sender that are held, with those that wait behind them. What belongs to one exchange leaves in the
 * order in which it came; what belongs to others does not wait for it.
 */
export class WaitingLine<Item extends Waiting> {
  #items: Item[] = [];
  /** How many that wait belong to an exchange. */
  readonly #belonging = new Map<number, number>();
  #barriers = 0;

  get items(): readonly Item[] {
    return this.#items;
  }

  /** Whether something that came now would have to wait. */
  blocks({ exchanges, waitsForAll }: Pick<Waiting, 'exchanges' | 'waitsForAll'>): boolean {
    if (this.#items.length === 0) return false;
    return this.#barriers > 0 || waitsForAll || exchanges.some((exchange) => this.#belonging.has(exchange));
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#count(item, 1);
  }

  /** Takes out all that can go now, in the order in which it came. */
  take(): readonly Item[] {
    const going = this.#leaving();
    if (going.length === 0) return going;
    const gone = new Set(going);
    this.#items = this.#items.filter((item) => !gone.has(item));
    for (const item of going) this.#count(item, -1);
    return going;
  }

  #leaving(): readonly Item[] {
    const held = new Set<number>();
    const going: Item[] = [];
    for (const [index, item] of this.#items.entries()) {
      const stays =
        !item.isSettled ||
        (item.waitsForAll && going.length < index) ||
        item.exchanges.some((exchange) => held.has(exchange));
      if (!stays) going.push(item);
      else if (item.isBarrier) return going;
      else for (const exchange of item.exchanges) held.add(exchange);
    }
    return going;
  }

  #count({ exchanges, isBarrier }: Item, by: 1 | -1): void {
    if (isBarrier) this.#barriers += by;
    for (const exchange of exchanges) {
      const left = (this.#belonging.get(exchange) ?? 0) + by;
      if (left === 0) this.#belonging.delete(exchange);
      else this.#belonging.set(exchange, left);
    }
  }
}
