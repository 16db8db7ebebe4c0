import type { Placed } from '@mcp-dbg/protocol';

import type { Entry, ExchangeEntry } from '../entry.ts';
import type { EventRecord } from './capture-reading.ts';

/** How many entries are held back at most. */
const MAX_HELD_ENTRIES = 10_000;

/** How many bytes of frames, lines and events are held back at most. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

interface Slot<F extends Placed> {
  readonly us: number;
  /** The number of an exchange's frame. */
  readonly n: number | undefined;
  /** Undefined where nobody wants it. */
  entry: Entry<F> | undefined;
  bytes: number;
  /** False while an answer is waited for that can still change the entry. */
  isFinal: boolean;
}

/**
 * Puts entries in order of their first byte, and holds each back until it and all before it are final. Where that would
 * be more than the limits, the oldest is given out as it is, and an answer that comes later is an entry of its own.
 */
export class EntryQueue<F extends Placed> {
  readonly #sizeOf: (frame: F) => number;
  readonly #wants: (entry: Entry<F>) => boolean;
  #slots: Slot<F>[] = [];
  /** Where the first slot stands that was not taken; the room before it is given back now and then. */
  #head = 0;
  /** What all slots that were not taken hold. */
  #bytes = 0;
  /** The exchanges that are held and have no last answer, by their number. */
  readonly #open = new Map<number, Slot<F>>();

  /** Makes a queue that leaves out what is not wanted. What it gives does not depend on this otherwise. */
  constructor(sizeOf: (frame: F) => number, wants: (entry: Entry<F>) => boolean = () => true) {
    this.#sizeOf = sizeOf;
    this.#wants = wants;
  }

  /** Adds an entry that nothing changes any more. */
  add(entry: Entry<F>): void {
    this.#insert(this.#slotOf(entry, true, this.#wants(entry)));
  }

  /** Adds an exchange, or puts its newer value in the place of the older. */
  put(entry: ExchangeEntry<F>): void {
    const known = this.#open.get(entry.exchange.n);
    if (known !== undefined) this.#replace(known, entry);
    else if (entry.exchange.answer !== undefined) this.add(lateAnswer(entry));
    else if (!isGivenOut(entry)) this.#begin(entry);
  }

  /** False while the oldest entry has to wait for its answer. */
  get canGive(): boolean {
    const slot = this.#slots[this.#head];
    return slot !== undefined && (slot.isFinal || this.#isFull);
  }

  /** Gives what is final, up to the first entry that is not, or that began after `until`; more if too much is held. */
  take(until: number, into: Entry<F>[]): void {
    for (let slot = this.#slots[this.#head]; slot !== undefined; slot = this.#slots[this.#head]) {
      if (!this.#isFull && (!slot.isFinal || slot.us > until)) break;
      this.#give(slot, into);
    }
    this.#tidy();
  }

  /** Gives everything, as it is. */
  takeAll(into: Entry<F>[]): void {
    for (let slot = this.#slots[this.#head]; slot !== undefined; slot = this.#slots[this.#head]) this.#give(slot, into);
    this.#tidy();
  }

  get #isFull(): boolean {
    return this.#slots.length - this.#head > MAX_HELD_ENTRIES || this.#bytes > MAX_HELD_BYTES;
  }

  #give({ entry, bytes }: Slot<F>, into: Entry<F>[]): void {
    this.#bytes -= bytes;
    this.#head++;
    if (entry === undefined) return;
    if (entry.kind !== 'exchange' || !isUnanswered(entry)) into.push(entry);
    else {
      this.#open.delete(entry.exchange.n);
      if (this.#wants(entry)) into.push(entry);
    }
  }

  /** Gives room back that is behind the head. */
  #tidy(): void {
    if (this.#head * 2 < this.#slots.length) return;
    this.#slots = this.#slots.slice(this.#head);
    this.#head = 0;
  }

  #begin(entry: ExchangeEntry<F>): void {
    const isOpen = isUnanswered(entry);
    const slot = this.#slotOf(entry, !isWaitedFor(entry), isOpen || this.#wants(entry));
    this.#insert(slot);
    if (isOpen) this.#open.set(entry.exchange.n, slot);
  }

  #slotOf(entry: Entry<F>, isFinal: boolean, isKept: boolean): Slot<F> {
    const n = entry.kind === 'exchange' ? entry.exchange.n : undefined;
    return { us: entry.us, n, entry: isKept ? entry : undefined, bytes: this.#bytesOf(entry), isFinal };
  }

  #replace(slot: Slot<F>, entry: ExchangeEntry<F>): void {
    const bytes = this.#bytesOf(entry);
    this.#bytes += bytes - slot.bytes;
    slot.bytes = bytes;
    slot.isFinal = !isWaitedFor(entry);
    slot.entry = entry;
    if (isUnanswered(entry)) return;
    this.#open.delete(entry.exchange.n);
    if (!this.#wants(entry)) slot.entry = undefined;
  }

  #bytesOf(entry: Entry<F>): number {
    switch (entry.kind) {
      case 'exchange': {
        const { frame, answer } = entry.exchange;
        return this.#sizeOf(frame) + (answer === undefined ? 0 : this.#sizeOf(answer));
      }
      case 'stderr':
        return entry.bytes.length;
      case 'event':
        return eventSize(entry.event);
    }
  }

  #insert(slot: Slot<F>): void {
    let at = this.#slots.length;
    while (at > this.#head && isBefore(slot, this.#slots[at - 1])) at--;
    if (at === this.#slots.length) this.#slots.push(slot);
    else this.#slots.splice(at, 0, slot);
    this.#bytes += slot.bytes;
  }
}

function eventSize(event: EventRecord): number {
  if ((event.t !== 'fault' && event.t !== 'note') || event.original === undefined) return JSON.stringify(event).length;
  const { original, ...told } = event;
  return JSON.stringify(told).length + original.length;
}

/** True where an answer may still come, be it waited for or not. */
function isUnanswered({ exchange: { status, answer } }: ExchangeEntry<Placed>): boolean {
  return status === 'pending' || (status === 'cancelled' && answer === undefined);
}

/** A subscription is answered when it ends, which may be never; what was called off need not be answered at all. */
function isWaitedFor({ exchange: { status, method } }: ExchangeEntry<Placed>): boolean {
  return status === 'pending' && method !== 'subscriptions/listen';
}

/** No exchange begins as cancelled or lost: what is so and is not held was given out before. */
function isGivenOut({ exchange: { status } }: ExchangeEntry<Placed>): boolean {
  return status === 'cancelled' || status === 'lost';
}

/** The answer to a request that was given out before, as a line of its own that still tells what was asked. */
function lateAnswer<F extends Placed>(entry: ExchangeEntry<F>): ExchangeEntry<F> {
  const { exchange } = entry;
  const frame = exchange.answer ?? exchange.frame;
  const { n, us, from } = frame;
  const late = { ...exchange, n, us, from, kind: 'response', of: exchange.n, frame, answer: undefined } as const;
  return { ...entry, us, exchange: late };
}

/** Entries of the same microsecond stay in the order of the file; frames among themselves are in order of number. */
function isBefore({ us, n }: Slot<Placed>, other: Slot<Placed> | undefined): boolean {
  if (other === undefined || us !== other.us) return other !== undefined && us < other.us;
  return n !== undefined && other.n !== undefined && n < other.n;
}
