/** What waits in a {@link WaitingLine}. */
export interface InLine {
  /** The exchanges that it belongs to, each once. */
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
 * order in which it came; what belongs to others does not wait for it. What leaves costs the same, however many wait.
 */
export class WaitingLine<Item extends InLine> {
  /** All of them in order, each with its place. */
  readonly #places = new Map<Item, number>();
  /** Those that belong to an exchange, in order. */
  readonly #byExchange = new Map<number, Set<Item>>();
  readonly #barriers = new Set<Item>();
  /** The place that was given last. */
  #last = 0;
  /** How many wait for all before them. */
  #waitingForAll = 0;

  get items(): readonly Item[] {
    return [...this.#places.keys()];
  }

  /** Whether something that came now would have to wait. */
  blocks({ exchanges, waitsForAll }: Pick<InLine, 'exchanges' | 'waitsForAll'>): boolean {
    if (this.#places.size === 0) return false;
    return this.#barriers.size > 0 || waitsForAll || exchanges.some((exchange) => this.#byExchange.has(exchange));
  }

  add(item: Item): void {
    this.#places.set(item, ++this.#last);
    if (item.isBarrier) this.#barriers.add(item);
    if (item.waitsForAll) this.#waitingForAll++;
    for (const exchange of item.exchanges) {
      const others = this.#byExchange.get(exchange);
      if (others === undefined) this.#byExchange.set(exchange, new Set([item]));
      else others.add(item);
    }
  }

  /** Takes out all that can go now that these are settled, in the order in which it came. */
  take(settled: Iterable<Item>): readonly Item[] {
    const going: { readonly item: Item; readonly place: number }[] = [];
    const candidates = [...settled];
    for (let item = candidates.pop(); item !== undefined; item = candidates.pop()) {
      const place = this.#places.get(item);
      if (place === undefined || !this.#mayGo(item, place)) continue;
      going.push({ item, place });
      this.#remove(item);
      candidates.push(...this.#freedBy(item, place));
    }
    return going.toSorted((a, b) => a.place - b.place).map(({ item }) => item);
  }

  /** What waits and belongs to one of the exchanges of another, which may be among them; in order within each. */
  related({ exchanges }: Pick<InLine, 'exchanges'>): readonly Item[] {
    return exchanges.flatMap((exchange) => [...(this.#byExchange.get(exchange) ?? [])]);
  }

  /** The last before one that waits for which `is` holds, of its exchanges or a barrier if there is one, else of all. */
  blockerOf(item: Item, is: (item: Item) => boolean): Item | undefined {
    const place = this.#places.get(item);
    if (place === undefined) return undefined;
    const lastOf = (items: Iterable<Item>): Item | undefined => {
      let last: Item | undefined;
      let lastPlace = 0;
      for (const each of items) {
        const at = this.#places.get(each) ?? 0;
        if (at >= place || at < lastPlace || !is(each)) continue;
        last = each;
        lastPlace = at;
      }
      return last;
    };
    return lastOf([...this.#barriers, ...this.related(item)]) ?? lastOf(this.#places.keys());
  }

  #mayGo(item: Item, place: number): boolean {
    if (!item.isSettled) return false;
    const [barrier] = this.#barriers;
    if (barrier !== undefined && (this.#places.get(barrier) ?? 0) < place) return false;
    if (item.waitsForAll && first(this.#places.keys()) !== item) return false;
    return item.exchanges.every((exchange) => first(this.#byExchange.get(exchange) ?? []) === item);
  }

  #remove(item: Item): void {
    this.#places.delete(item);
    this.#barriers.delete(item);
    if (item.waitsForAll) this.#waitingForAll--;
    for (const exchange of item.exchanges) {
      const others = this.#byExchange.get(exchange);
      others?.delete(item);
      if (others?.size === 0) this.#byExchange.delete(exchange);
    }
  }

  /** What may be able to go since this one went. */
  #freedBy({ exchanges, isBarrier }: Item, place: number): readonly Item[] {
    const freed = isBarrier ? this.#upToBarrier(place) : [];
    for (const exchange of exchanges) {
      const next = first(this.#byExchange.get(exchange) ?? []);
      if (next !== undefined) freed.push(next);
    }
    const next = this.#waitingForAll > 0 ? first(this.#places.keys()) : undefined;
    return next === undefined ? freed : [...freed, next];
  }

  /** What stands behind a place, up to the next barrier and with it. */
  #upToBarrier(from: number): Item[] {
    const items: Item[] = [];
    for (const [item, place] of this.#places) {
      if (place < from) continue;
      items.push(item);
      if (item.isBarrier) break;
    }
    return items;
  }
}

function first<Item>(items: Iterable<Item>): Item | undefined {
  for (const item of items) return item;
  return undefined;
}
