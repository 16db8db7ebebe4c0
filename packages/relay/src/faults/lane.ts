import { RelayFrame } from '../relay-frame.ts';
import type { FaultTimers } from './fault-timers.ts';

const LF = 0x0a;

/** Milliseconds that frames are held at most until there are enough of them to be put in another order. */
const MAX_GATHER_MS = 1000;

/** How fast something is passed on: so many bytes at once, then a wait. */
export interface Pace {
  readonly bytes: number;
  readonly everyMs: number;
  /** True where fewer bytes wait for as much less. */
  readonly isRate: boolean;
}

/** What goes on together: the frames that became of one. */
export interface Parcel {
  readonly frames: readonly RelayFrame[];
  /** What it belongs to: of what has the same key nothing overtakes another. */
  readonly key: number | undefined;
  readonly delayMs: number;
  readonly pace: Pace | undefined;
  /** Called right before the first byte is passed on. */
  readonly onPassing: () => void;
  /** Called when the last byte was passed on. */
  readonly onPassed: () => void;
}

interface Delayed {
  readonly parcel: Parcel;
  readonly dueMs: number;
}

interface Gathered {
  readonly parcels: Parcel[];
  readonly giveUp: () => void;
}

export interface LaneOptions {
  readonly pass: (frame: RelayFrame) => void;
  /** Told how many bytes more are held; fewer, where negative. */
  readonly holds: (bytes: number) => void;
  readonly timers: FaultTimers;
}

/**
 * The way of one sender's frames to its peer, on which they may wait: each for its own time while others flow past, or
 * all of them behind one that is slow. Nothing is lost on it but what a stall keeps for ever.
 */
export class Lane {
  readonly #options: LaneOptions;
  /** By when they are due, then by when they came. */
  readonly #delayed: Delayed[] = [];
  readonly #gathered = new Map<object, Gathered>();
  /** What is to go now, in this order. */
  readonly #queue: Parcel[] = [];
  #alarm: (() => void) | undefined;
  /** The rest of what goes on piece by piece. */
  #pacing: { readonly finish: () => void; readonly stop: () => void } | undefined;
  #stall: { readonly stop: () => void; readonly isForEver: boolean } | undefined;
  /** True while a line is passed on in pieces that came as such. */
  #isMidLine = false;
  #isEnded = false;
  #held = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  send(parcel: Parcel): void {
    const { timers } = this.#options;
    const before = this.#delayed.findLast(({ parcel: { key } }) => key !== undefined && key === parcel.key);
    const dueMs = Math.max(timers.now() + (this.#isEnded ? 0 : parcel.delayMs), before?.dueMs ?? 0);
    this.#hold(sizeOf(parcel));
    if (before === undefined && dueMs <= timers.now()) {
      this.#queue.push(parcel);
      this.#pump();
      return;
    }
    const at = this.#delayed.findIndex((each) => each.dueMs > dueMs);
    this.#delayed.splice(at === -1 ? this.#delayed.length : at, 0, { parcel, dueMs });
    this.#setAlarm();
  }

  /** Holds what one rule has chosen until there are `count` of it, and then lets the last go first. */
  gather(rule: object, count: number, parcel: Parcel): void {
    if (this.#isEnded) {
      this.send(parcel);
      return;
    }
    const { timers } = this.#options;
    const gathered = this.#gathered.get(rule) ?? {
      parcels: [],
      giveUp: timers.after(MAX_GATHER_MS, () => this.#release(rule)),
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
    const stop = ms === undefined ? () => {} : this.#options.timers.after(ms, () => this.#goOn());
    this.#stall = { stop, isForEver: ms === undefined };
  }

  /** Nothing comes any more: lets all go at once that is not held for ever. */
  end(): void {
    this.#isEnded = true;
    for (const rule of this.#gathered.keys()) this.#release(rule);
    this.#alarm?.();
    this.#queue.push(...this.#delayed.splice(0).map(({ parcel }) => parcel));
    if (this.#stall?.isForEver === true) return;
    this.#stall?.stop();
    this.#stall = undefined;
    this.#isMidLine = false;
    this.#pacing?.finish();
    this.#pump();
  }

  /** Passes nothing on any more. */
  close(): void {
    this.#alarm?.();
    this.#pacing?.stop();
    this.#stall?.stop();
    for (const { giveUp } of this.#gathered.values()) giveUp();
    this.#gathered.clear();
    this.#delayed.length = this.#queue.length = 0;
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
    const [next] = this.#delayed;
    if (next === undefined) return;
    const { timers } = this.#options;
    this.#alarm = timers.after(Math.max(0, next.dueMs - timers.now()), () => this.#wake());
  }

  #wake(): void {
    const now = this.#options.timers.now();
    const later = this.#delayed.findIndex(({ dueMs }) => dueMs > now);
    const due = this.#delayed.splice(0, later === -1 ? this.#delayed.length : later);
    this.#queue.push(...due.map(({ parcel }) => parcel));
    this.#setAlarm();
    this.#pump();
  }

  #goOn(): void {
    this.#stall = undefined;
    this.#pump();
  }

  #pump(): void {
    while (this.#stall === undefined && this.#pacing === undefined) {
      // Nothing may stand within a line that is passed on in pieces.
      const at = this.#isMidLine ? this.#queue.findIndex(({ frames }) => frames[0]?.isPiece === true) : 0;
      const [parcel] = at === -1 ? [] : this.#queue.splice(at, 1);
      if (parcel === undefined) return;
      this.#pass(parcel);
    }
  }

  #pass(parcel: Parcel): void {
    const { frames, pace, onPassing, onPassed } = parcel;
    onPassing();
    if (pace !== undefined && !this.#isEnded) {
      this.#pacePieces(
        frames.flatMap((frame) => piecesOf(frame, pace.bytes)),
        pace,
        onPassed,
      );
      return;
    }
    for (const frame of frames) {
      this.#options.pass(frame);
      if (frame.isPiece) this.#isMidLine = frame.bytes.at(-1) !== LF;
    }
    this.#hold(-sizeOf(parcel));
    onPassed();
  }

  #pacePieces(pieces: readonly RelayFrame[], { bytes, everyMs, isRate }: Pace, onPassed: () => void): void {
    let next = 0;
    let stop = (): void => {};
    const passOne = (): void => {
      const piece = pieces[next++];
      if (piece === undefined) return;
      this.#options.pass(piece);
      this.#hold(-piece.bytes.length);
      if (next === pieces.length) onPassed();
    };
    const step = (): void => {
      if (next >= pieces.length) {
        this.#pacing = undefined;
        this.#pump();
        return;
      }
      const size = pieces[next]?.bytes.length ?? 0;
      stop = this.#options.timers.after(isRate ? (everyMs * size) / bytes : everyMs, step);
      passOne();
    };
    this.#pacing = {
      finish: () => {
        stop();
        while (next < pieces.length) passOne();
        this.#pacing = undefined;
      },
      stop: () => stop(),
    };
    step();
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

function piecesOf(frame: RelayFrame, size: number): readonly RelayFrame[] {
  const { from, by, bytes } = frame;
  if (bytes.length <= size) return [frame];
  return Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, index) =>
      new RelayFrame(from, bytes.subarray(index * size, (index + 1) * size), {
        by,
        isPiece: true,
        whole: index === 0 ? frame : undefined,
      }),
  );
}
