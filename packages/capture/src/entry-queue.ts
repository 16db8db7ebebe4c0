import type { Entry, ExchangeEntry } from './entry.ts';

interface Slot {
  entry: Entry;
  /** False while an answer can still change the entry. */
  isFinal: boolean;
}

/** Puts entries in order of their first byte, and holds each back until it and all before it are final. */
export class EntryQueue {
  #slots: Slot[] = [];
  /** Where the first slot stands that was not taken; the room before it is given back now and then. */
  #head = 0;
  readonly #open = new Map<number, Slot>();

  /** Adds an entry that nothing changes any more. */
  add(entry: Entry): void {
    this.#insert({ entry, isFinal: true });
  }

  /** Adds an exchange, or puts its newer value in the place of the older. */
  put(entry: ExchangeEntry): void {
    const { n, status, answer } = entry.exchange;
    const waits = status === 'pending' || (status === 'cancelled' && answer === undefined);
    const known = this.#open.get(n);
    const slot: Slot = known ?? { entry, isFinal: false };
    slot.entry = entry;
    slot.isFinal = !waits;
    if (known === undefined) this.#insert(slot);
    if (waits) this.#open.set(n, slot);
    else this.#open.delete(n);
  }

  /** Takes what is final, up to the first entry that is not, or that began after `until`. */
  take(until: number): readonly Entry[] {
    let end = this.#head;
    for (let slot = this.#slots[end]; slot?.isFinal === true && slot.entry.us <= until; slot = this.#slots[end]) end++;
    return this.#takeTo(end);
  }

  /** Takes everything, as it is. */
  takeAll(): readonly Entry[] {
    this.#open.clear();
    return this.#takeTo(this.#slots.length);
  }

  #takeTo(end: number): readonly Entry[] {
    const taken = this.#slots.slice(this.#head, end).map(({ entry }) => entry);
    this.#head = end;
    if (end * 2 >= this.#slots.length) {
      this.#slots = this.#slots.slice(end);
      this.#head = 0;
    }
    return taken;
  }

  #insert(slot: Slot): void {
    let at = this.#slots.length;
    while (at > this.#head && isBefore(slot.entry, this.#slots[at - 1]?.entry)) at--;
    this.#slots.splice(at, 0, slot);
  }
}

/** Entries of the same microsecond stay in the order of the file; frames among themselves are in order of number. */
function isBefore(entry: Entry, other: Entry | undefined): boolean {
  if (other === undefined || entry.us !== other.us) return other !== undefined && entry.us < other.us;
  return entry.kind === 'exchange' && other.kind === 'exchange' && entry.exchange.n < other.exchange.n;
}
