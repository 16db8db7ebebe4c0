import type { Clock } from '../clock.ts';
import { RelayFrame } from '../relay-frame.ts';
import { DueHeap } from './due-heap.ts';
import { Fifo } from './fifo.ts';

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

/** What is to go now, with its place among all that is to. */
interface Queued {
  readonly parcel: Parcel;
  readonly n: number;
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
 * all of them behind one that is slow. Nothing is lost on it but what a stall keeps for ever.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #delayed = new DueHeap<Parcel>();
  /** Of each key that is delayed: the last of it, and when that is due. */
  readonly #lastOf = new Map<number, { readonly parcel: Parcel; readonly dueMs: number }>();
  readonly #gathered = new Map<object, Gathered>();
  /** What is to go now: whole frames, and what came as pieces of a line. */
  readonly #queues = { whole: new Fifo<Queued>(), piece: new Fifo<Queued>() };
  #queued = 0;
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
    const { clock } = this.#options;
    const { key } = parcel;
    const before = key === undefined ? undefined : this.#lastOf.get(key);
    const dueMs = Math.max(clock.now() + (this.#isEnded ? 0 : parcel.delayMs), before?.dueMs ?? 0);
    this.#hold(sizeOf(parcel));
    if (before === undefined && dueMs <= clock.now()) {
      this.#enqueue(parcel);
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
    this.#isMidLine = false;
    this.#pacing?.finish();
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
    this.#pacing?.stop();
    this.#stall?.stop();
    for (const { giveUp } of this.#gathered.values()) giveUp();
    this.#gathered.clear();
    this.#delayed.clear();
    this.#lastOf.clear();
    this.#queues.whole.clear();
    this.#queues.piece.clear();
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
      this.#enqueue(parcel);
    }
  }

  #enqueue(parcel: Parcel): void {
    const isPiece = parcel.frames[0]?.isPiece === true;
    this.#queues[isPiece ? 'piece' : 'whole'].push({ parcel, n: this.#queued++ });
  }

  #goOn(): void {
    this.#stall = undefined;
    this.#pump();
  }

  #pump(): void {
    while (this.#stall === undefined && this.#pacing === undefined) {
      const next = this.#takeNext();
      if (next === undefined) return;
      this.#pass(next.parcel);
    }
  }

  #takeNext(): Queued | undefined {
    const { whole, piece } = this.#queues;
    // Nothing may stand within a line that is passed on in pieces.
    const isPiece = this.#isMidLine || (piece.first?.n ?? Infinity) < (whole.first?.n ?? Infinity);
    return (isPiece ? piece : whole).shift();
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
      stop = this.#options.clock.after(isRate ? (everyMs * size) / bytes : everyMs, step);
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
