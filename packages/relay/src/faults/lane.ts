import type { Clock } from '../clock.ts';
import { Fifo } from '../fifo.ts';
import type { Passage, RelayFrame } from '../relay-frame.ts';
import { DueHeap } from './due-heap.ts';

/** Milliseconds that frames are held at most until there are enough of them to be put in another order. */
const MAX_GATHER_MS = 1000;

/** What goes on together: the frames that became of one. */
export interface Parcel {
  readonly frames: readonly RelayFrame[];
  /** What it belongs to: of what has the same key nothing overtakes another. */
  readonly key: number | undefined;
  readonly delayMs: number;
  /** Says, when it leaves the lane, how its frames are to be written together; absent where that is as they come. */
  readonly passage?: (() => Passage) | undefined;
}

interface Gathered {
  readonly parcels: Parcel[];
  readonly giveUp: () => void;
}

export interface LaneOptions {
  readonly pass: (frame: RelayFrame) => void;
  /** Told how many bytes more are held; fewer, where negative. */
  readonly holds: (bytes: number) => void;
  readonly clock: Clock;
}

/**
 * The way of one sender's frames to its peer, on which they may wait: each for its own time while others flow past, or
 * all of them while it is stalled. Nothing is lost on it but what a stall keeps for ever.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #delayed = new DueHeap<Parcel>();
  /** Of each key that is delayed: the last of it, and when that is due. */
  readonly #lastOf = new Map<number, { readonly parcel: Parcel; readonly dueMs: number }>();
  readonly #gathered = new Map<object, Gathered>();
  /** What is to go as soon as there is no stall. */
  readonly #queue = new Fifo<Parcel>();
  #alarm: (() => void) | undefined;
  #stall: { readonly stop: () => void; readonly isForEver: boolean } | undefined;
  #isEnded = false;
  #held = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  send(parcel: Parcel): void {
    const { clock } = this.#options;
    const { key } = parcel;
    const before = key === undefined ? undefined : this.#lastOf.get(key);
    const dueMs = Math.max(clock.now() + (this.#isEnded ? 0 : parcel.delayMs), before?.dueMs ?? 0);
    this.#hold(sizeOf(parcel));
    if (before === undefined && dueMs <= clock.now()) {
      this.#queue.push(parcel);
      this.#pump();
      return;
    }
    const isNext = dueMs < (this.#delayed.nextMs ?? Infinity);
    this.#delayed.push(parcel, dueMs);
    if (key !== undefined) this.#lastOf.set(key, { parcel, dueMs });
    if (isNext) this.#setAlarm();
  }

  /** Holds what one rule has chosen until there are `count` of it, and then lets the last go first. */
  gather(rule: object, count: number, parcel: Parcel): void {
    if (this.#isEnded) {
      this.send(parcel);
      return;
    }
    const { clock } = this.#options;
    const gathered = this.#gathered.get(rule) ?? {
      parcels: [],
      giveUp: clock.after(MAX_GATHER_MS, () => this.#release(rule)),
    };
    this.#gathered.set(rule, gathered);
    gathered.parcels.push(parcel);
    this.#hold(sizeOf(parcel));
    if (gathered.parcels.length >= count) this.#release(rule);
  }

  /** Lets nothing pass for a time, or for ever. */
  stall(ms: number | undefined): void {
    if (this.#stall?.isForEver === true || this.#isEnded) return;
    this.#stall?.stop();
    const stop = ms === undefined ? () => {} : this.#options.clock.after(ms, () => this.#goOn());
    this.#stall = { stop, isForEver: ms === undefined };
  }

  /** Nothing comes any more: lets all go at once that is not held for ever. */
  end(): void {
    this.#isEnded = true;
    for (const rule of this.#gathered.keys()) this.#release(rule);
    this.#alarm?.();
    this.#enqueueDue(Infinity);
    if (this.#stall?.isForEver === true) return;
    this.#stall?.stop();
    this.#stall = undefined;
    this.#pump();
  }

  /** Lets all go at once that is not held for ever, and goes on. */
  flush(): void {
    this.end();
    this.#isEnded = false;
  }

  /** Passes nothing on any more. */
  close(): void {
    this.#alarm?.();
    this.#stall?.stop();
    for (const { giveUp } of this.#gathered.values()) giveUp();
    this.#gathered.clear();
    this.#delayed.clear();
    this.#lastOf.clear();
    this.#queue.takeAll();
    this.#stall = { stop: () => {}, isForEver: true };
    this.#hold(-this.#held);
  }

  #release(rule: object): void {
    const gathered = this.#gathered.get(rule);
    if (gathered === undefined) return;
    this.#gathered.delete(rule);
    gathered.giveUp();
    for (const parcel of gathered.parcels.toReversed()) {
      this.#hold(-sizeOf(parcel));
      this.send(parcel);
    }
  }

  #setAlarm(): void {
    this.#alarm?.();
    this.#alarm = undefined;
    const { nextMs } = this.#delayed;
    if (nextMs === undefined) return;
    const { clock } = this.#options;
    this.#alarm = clock.after(Math.max(0, nextMs - clock.now()), () => this.#wake());
  }

  #wake(): void {
    this.#enqueueDue(this.#options.clock.now());
    this.#setAlarm();
    this.#pump();
  }

  #enqueueDue(byMs: number): void {
    for (let parcel = this.#delayed.pop(byMs); parcel !== undefined; parcel = this.#delayed.pop(byMs)) {
      const { key } = parcel;
      if (key !== undefined && this.#lastOf.get(key)?.parcel === parcel) this.#lastOf.delete(key);
      this.#queue.push(parcel);
    }
  }

  #goOn(): void {
    this.#stall = undefined;
    this.#pump();
  }

  #pump(): void {
    while (this.#stall === undefined) {
      const parcel = this.#queue.shift();
      if (parcel === undefined) return;
      for (const frame of outgoing(parcel)) this.#options.pass(frame);
      this.#hold(-sizeOf(parcel));
    }
  }

  #hold(bytes: number): void {
    if (bytes === 0) return;
    this.#held += bytes;
    this.#options.holds(bytes);
  }
}

function sizeOf({ frames }: Parcel): number {
  return frames.reduce((size, { bytes }) => size + bytes.length, 0);
}

/** The frames as they are to be written: what is said of all of them together is said of the first or the last. */
function outgoing({ frames, passage }: Parcel): readonly RelayFrame[] {
  if (passage === undefined) return frames;
  const { pace, isOnOwnLine = false, onBegin, onEnd } = passage();
  return frames.map((frame, index) => {
    const [isFirst, isLast] = [index === 0, index === frames.length - 1];
    const first = isFirst && { isOnOwnLine, onBegin };
    return frame.passing({ pace, ...first, ...(isLast && { onEnd }) });
  });
}
