import type { Clock } from './clock.ts';
import { Fifo } from './fifo.ts';
import { type Pace, RelayFrame } from './relay-frame.ts';

const NEWLINE = Uint8Array.of(0x0a);

export interface PacedWriterOptions {
  /** Records a frame, or a piece of one, and gives it to the peer; false where that takes no more for the moment. */
  readonly write: (frame: RelayFrame) => boolean;
  /** Told how many bytes more wait here for their time; fewer, where negative. */
  readonly holds: (bytes: number) => void;
  readonly clock: Clock;
}

/** Says, when its turn has come, what of a frame is written. */
type Judge = (frame: RelayFrame) => RelayFrame | undefined;

interface Waiting {
  readonly frame: RelayFrame;
  readonly judge: Judge | undefined;
}

/** A frame of which a part is written. */
interface Paced {
  readonly frame: RelayFrame;
  readonly pace: Pace;
  /** How much of it is written, in bytes. */
  at: number;
  /** Calls off the next step; undefined where that waits for the peer to take more. */
  callOff: (() => void) | undefined;
}

/** Ends the line that was begun, where there is one. Never written itself. */
const LINE_END = new RelayFrame('server', NEWLINE, { by: 'mcp-dbg' });

/**
 * The end of the way to one peer: writes each frame as fast as it is to be written, and nothing into a line that is not
 * at its end, be it one that is written slowly, or one that is so long that it comes in pieces.
 */
export class PacedWriter {
  readonly #options: PacedWriterOptions;
  /** What came, in order. */
  readonly #queue = new WaitingFifo();
  /** Whole frames that came before all of those, and wait for the end of a line that comes in pieces. */
  readonly #behind = new WaitingFifo();
  #told = 0;
  #paced: Paced | undefined;
  /** Whose line is not at its end. */
  #unended: Pick<RelayFrame, 'from' | 'origin'> | undefined;
  #isInPieces = false;
  #isFull = false;

  constructor(options: PacedWriterOptions) {
    this.#options = options;
  }

  /** True where a line that comes in pieces has its beginning here, and not its end. */
  get isInPieces(): boolean {
    return this.#isInPieces;
  }

  /** Writes a frame, or has it wait for its turn; then `judge` says what of it is written. */
  write(frame: RelayFrame, judge?: Judge): void {
    this.#queue.push({ frame, judge });
    this.#pump(false);
  }

  /** What comes now begins a line. */
  endLine(): void {
    this.write(LINE_END);
  }

  /** The peer takes more. */
  drained(): void {
    this.#isFull = false;
    if (this.#paced !== undefined && this.#paced.callOff === undefined) this.#step();
  }

  /** Writes at once all that waits; no line in pieces goes on. */
  finish(): void {
    const paced = this.#paced;
    if (paced !== undefined) {
      paced.callOff?.();
      this.#paced = undefined;
      const { frame, at } = paced;
      if (at < frame.bytes.length) {
        this.#put(frame.piece(at, frame.bytes.length));
        frame.passage?.onEnd?.();
      }
    }
    this.#pump(true);
    if (!this.#isInPieces) return;
    this.#isInPieces = false;
    if (this.#behind.isEmpty) return;
    this.#endLine();
    this.#pump(true);
  }

  /** Writes nothing any more. Gives what waited for its turn to be judged. */
  close(): readonly RelayFrame[] {
    this.#paced?.callOff?.();
    this.#paced = undefined;
    const left = [...this.#behind.takeAll(), ...this.#queue.takeAll()];
    this.#tell();
    return left.filter(({ judge }) => judge !== undefined).map(({ frame }) => frame);
  }

  #pump(isAtOnce: boolean): void {
    while (this.#paced === undefined) {
      const next = (this.#isInPieces ? undefined : this.#behind.shift()) ?? this.#queue.shift();
      if (next === undefined) break;
      if (this.#isInPieces && !next.frame.isPiece) this.#behind.push(next);
      else this.#begin(next, isAtOnce);
    }
    this.#tell();
  }

  #begin(waiting: Waiting, isAtOnce: boolean): void {
    const frame = waiting.judge === undefined ? waiting.frame : waiting.judge(waiting.frame);
    if (frame === undefined) return;
    const { pace, isOnOwnLine, onBegin, onEnd } = frame.passage ?? {};
    if (isOnOwnLine === true || frame === LINE_END) this.#endLine();
    if (frame === LINE_END) return;
    onBegin?.();
    if (pace !== undefined && !isAtOnce && frame.bytes.length > 0) {
      this.#paced = { frame, pace, at: 0, callOff: undefined };
      this.#step();
      return;
    }
    this.#put(frame);
    this.#isInPieces = frame.isPiece && !frame.endsLine;
    onEnd?.();
  }

  /** Writes the next piece, or goes on to the next frame where there is none. */
  #step(): void {
    const paced = this.#paced;
    if (paced === undefined) return;
    const { frame, pace } = paced;
    const { length } = frame.bytes;
    paced.callOff = undefined;
    if (paced.at === length) {
      this.#paced = undefined;
      this.#pump(false);
      return;
    }
    if (this.#isFull) return;
    const piece = frame.piece(paced.at, pace.bytes);
    const size = piece.bytes.length;
    paced.at += size;
    paced.callOff = this.#options.clock.after(pace.isRate ? (pace.everyMs * size) / pace.bytes : pace.everyMs, () =>
      this.#step(),
    );
    this.#put(piece);
    this.#tell();
    if (paced.at === length) frame.passage?.onEnd?.();
  }

  #put(frame: RelayFrame): void {
    if (frame.bytes.length === 0) return;
    const { from, origin } = frame;
    this.#unended = frame.endsLine ? undefined : { from, origin };
    this.#isFull = !this.#options.write(frame);
  }

  #endLine(): void {
    if (this.#unended === undefined) return;
    const { from, origin } = this.#unended;
    this.#put(new RelayFrame(from, NEWLINE, { by: 'mcp-dbg', isPiece: true, isRest: true, origin }));
  }

  #tell(): void {
    const paced = this.#paced;
    const rest = paced === undefined ? 0 : paced.frame.bytes.length - paced.at;
    // Whoever is to write the next piece of a line must be read for it, however much waits for that.
    const held = this.#queue.bytes + rest + (this.#isInPieces ? 0 : this.#behind.bytes);
    if (held === this.#told) return;
    const more = held - this.#told;
    this.#told = held;
    this.#options.holds(more);
  }
}

/** What waits, and how much that is. */
class WaitingFifo {
  bytes = 0;
  readonly #items = new Fifo<Waiting>();

  get isEmpty(): boolean {
    return this.#items.first === undefined;
  }

  push(waiting: Waiting): void {
    this.#items.push(waiting);
    this.bytes += waiting.frame.bytes.length;
  }

  shift(): Waiting | undefined {
    const first = this.#items.shift();
    this.bytes -= first?.frame.bytes.length ?? 0;
    return first;
  }

  takeAll(): readonly Waiting[] {
    this.bytes = 0;
    return this.#items.takeAll();
  }
}
