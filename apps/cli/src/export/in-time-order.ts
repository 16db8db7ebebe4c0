import type { Entry, EventEntry, ExchangeEntry, StderrEntry } from '@mcp-dbg/capture';
import type { Frame } from '@mcp-dbg/wire';

/** The entries of a capture, as `readCapture` gives them. */
export type Entries = AsyncIterable<Entry> | Iterable<Entry>;

/** One frame of a capture, with the exchange that it opens or answers. */
export interface FrameMoment {
  readonly kind: 'frame';
  readonly of: ExchangeEntry;
  readonly frame: Frame;
  /** True where the frame answers the exchange; false where it opens it or stands alone. */
  readonly isAnswer: boolean;
}

/** What happened at one time. */
export type Moment = FrameMoment | StderrEntry | EventEntry;

/** How many frames wait for their turn at most. */
const MAX_HELD = 10_000;

/** How many bytes of frames wait for their turn at most. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

/**
 * Takes exchanges apart into their frames, each once, and gives everything in order of its first byte, as far as the
 * entries are in that order. No more than 10,000 answers or 32 MiB of them wait for their turn: past that the oldest
 * comes out before what began earlier. Captures that follow one another in a file are not mixed.
 */
export async function* inTimeOrder(entries: Entries): AsyncGenerator<Moment, void, undefined> {
  const held = new HeldFrames();
  for await (const entry of entries) {
    if (entry.kind === 'exchange') {
      const { frame, answer } = entry.exchange;
      held.add({ kind: 'frame', of: entry, frame, isAnswer: false });
      if (answer !== undefined) held.add({ kind: 'frame', of: entry, frame: answer, isAnswer: true });
      yield* held.takeUntil(frame);
      continue;
    }
    // Another capture has a clock of its own.
    const isNext = entry.kind === 'event' && entry.event.t === 'open';
    yield* held.takeUntil({ us: isNext ? Infinity : entry.us, n: Infinity });
    yield entry;
  }
  yield* held.takeUntil({ us: Infinity, n: Infinity });
}

type Place = Pick<Frame, 'us' | 'n'>;

class HeldFrames {
  /** From the earliest to the latest. */
  #frames: FrameMoment[] = [];
  /** Where the first stands that did not go yet; the room before it is given back now and then. */
  #head = 0;
  #bytes = 0;
  /** The number of the frame that went last. */
  #last = 0;

  /** A batch that answers several exchanges comes once for each of them, and counts once. */
  add(moment: FrameMoment): void {
    const { frame } = moment;
    const at = this.#placeBehind(frame);
    if (frame.n === this.#last || (at > this.#head && this.#frames[at - 1]?.frame.n === frame.n)) return;
    this.#frames.splice(at, 0, moment);
    this.#bytes += frame.bytes.length;
  }

  /** Takes what is not later than `place`, and what there is no room for. */
  *takeUntil(place: Place): Generator<FrameMoment, void, undefined> {
    for (let next = this.#frames[this.#head]; next !== undefined; next = this.#frames[this.#head]) {
      const isFull = this.#frames.length - this.#head > MAX_HELD || this.#bytes > MAX_HELD_BYTES;
      if (!isFull && isLater(next.frame, place)) break;
      this.#head++;
      this.#bytes -= next.frame.bytes.length;
      this.#last = next.frame.n;
      if (this.#head * 2 > this.#frames.length) {
        this.#frames = this.#frames.slice(this.#head);
        this.#head = 0;
      }
      yield next;
    }
  }

  /** Where the first frame stands that is later. */
  #placeBehind(frame: Place): number {
    let low = this.#head;
    let high = this.#frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#frames[middle]?.frame;
      if (other !== undefined && isLater(other, frame)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function isLater(one: Place, other: Place): boolean {
  return one.us === other.us ? one.n > other.n : one.us > other.us;
}
