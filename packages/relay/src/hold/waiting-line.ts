import { Fifo } from '../fifo.ts';
import { type Link, LinkedList } from './linked-list.ts';

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
  /** All of them in order. */
  readonly #line = new LinkedList<Placed<Item>>();
  readonly #links = new Map<Item, Link<Placed<Item>>>();
  /** Those that belong to an exchange, in order: so do they go, too. */
  readonly #byExchange = new Map<number, Fifo<Item>>();
  /** In order: none goes before another. */
  readonly #barriers = new Fifo<Item>();
  /** The place that was given last. */
  #last = 0;
  /** How many wait for all before them. */
  #waitingForAll = 0;

  get items(): readonly Item[] {
    return Array.from(this.#line, ({ item }) => item);
  }

  /** Whether something that came now would have to wait. */
  blocks({ exchanges, waitsForAll }: Pick<InLine, 'exchanges' | 'waitsForAll'>): boolean {
    if (this.#links.size === 0) return false;
    return (
      this.#barriers.first !== undefined || waitsForAll || exchanges.some((exchange) => this.#byExchange.has(exchange))
    );
  }

  add(item: Item): void {
    this.#links.set(item, this.#line.push({ item, place: ++this.#last }));
    if (item.isBarrier) this.#barriers.push(item);
    if (item.waitsForAll) this.#waitingForAll++;
    for (const exchange of item.exchanges) {
      const others = this.#byExchange.get(exchange) ?? new Fifo();
      others.push(item);
      this.#byExchange.set(exchange, others);
    }
  }

  /** Takes out all that can go now that these are settled, in the order in which it came. */
  take(settled: Iterable<Item>): readonly Item[] {
    const going: Placed<Item>[] = [];
    const candidates = [...settled];
    for (let item = candidates.pop(); item !== undefined; item = candidates.pop()) {
      const link = this.#links.get(item);
      if (link === undefined || !this.#mayGo(link.value)) continue;
      going.push(link.value);
      this.#remove(link);
      for (const freed of this.#freedBy(link)) candidates.push(freed);
    }
    return going.toSorted((a, b) => a.place - b.place).map(({ item }) => item);
  }

  /** What waits and belongs to one of the exchanges of another, which may be among them; in order within each. */
  related({ exchanges }: Pick<InLine, 'exchanges'>): readonly Item[] {
    return exchanges.flatMap((exchange) => [...(this.#byExchange.get(exchange) ?? [])]);
  }

  /** The last before one that waits for which `is` holds, of its exchanges or a barrier if there is one, else of all. */
  blockerOf(item: Item, is: (item: Item) => boolean): Item | undefined {
    const place = this.#placeOf(item);
    if (place === 0) return undefined;
    const lastOf = (items: Iterable<Item>): Item | undefined => {
      let last: Item | undefined;
      let lastPlace = 0;
      for (const each of items) {
        const at = this.#placeOf(each);
        if (at >= place || at < lastPlace || !is(each)) continue;
        last = each;
        lastPlace = at;
      }
      return last;
    };
    return lastOf([...this.#barriers, ...this.related(item)]) ?? lastOf(this.items);
  }

  /** Counted from 1; 0 where it does not wait. */
  #placeOf(item: Item): number {
    return this.#links.get(item)?.value.place ?? 0;
  }

  #mayGo({ item, place }: Placed<Item>): boolean {
    if (!item.isSettled) return false;
    const barrier = this.#barriers.first;
    if (barrier !== undefined && this.#placeOf(barrier) < place) return false;
    if (item.waitsForAll && this.#line.first?.value.item !== item) return false;
    return item.exchanges.every((exchange) => this.#byExchange.get(exchange)?.first === item);
  }

  /** Takes out one that may go. */
  #remove(link: Link<Placed<Item>>): void {
    const { item } = link.value;
    this.#line.remove(link);
    this.#links.delete(item);
    if (item.isBarrier) this.#barriers.shift();
    if (item.waitsForAll) this.#waitingForAll--;
    for (const exchange of item.exchanges) {
      const others = this.#byExchange.get(exchange);
      others?.shift();
      if (others?.first === undefined) this.#byExchange.delete(exchange);
    }
  }

  /** What may be able to go since this one went. */
  *#freedBy({ value: { item }, after }: Link<Placed<Item>>): Generator<Item, void> {
    // All that stands behind a barrier, up to the next and with it.
    for (let link = item.isBarrier ? after : undefined; link !== undefined; link = link.after) {
      yield link.value.item;
      if (link.value.item.isBarrier) break;
    }
    for (const exchange of item.exchanges) {
      const next = this.#byExchange.get(exchange)?.first;
      if (next !== undefined) yield next;
    }
    const next = this.#waitingForAll > 0 ? this.#line.first : undefined;
    if (next !== undefined) yield next.value.item;
  }
}

interface Placed<Item> {
  readonly item: Item;
  readonly place: number;
}
