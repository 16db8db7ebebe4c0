import type { Clock } from './clock.ts';
import { Fifo } from './fifo.ts';
import { RelayFrame } from './relay-frame.ts';

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

/** A frame that waits for its turn; none where the line that was begun is to be ended, should there be one. */
interface Waiting {
  readonly frame: RelayFrame | undefined;
  readonly judge: Judge | undefined;
}

/** The frame whose turn it is. */
interface Current {
  readonly frame: RelayFrame;
  /** How much of it is written, in bytes. */
  at: number;
  /** How far it has come: not begun, begun, all of it written and told. */
  state: 'new' | 'begun' | 'told';
  /** Calls off the next piece; undefined where that waits for nothing, or for the peer to take more. */
  callOff: (() => void) | undefined;
}

/**
 * The end of the way to one peer: writes each frame as fast as it is to be written, and nothing into a line that is not
 * at its end, be it one that is written slowly, or one that is so long that it comes in pieces. Whoever is told of a
 * frame may write and finish here at that moment.
 */
export class PacedWriter {
  readonly #options: PacedWriterOptions;
  /** What came, in order. */
  readonly #queue = new WaitingFifo();
  /** Whole frames that came before all of those, and wait for the end of a line that comes in pieces. */
  readonly #behind = new WaitingFifo();
  #told = 0;
  #current: Current | undefined;
  /** Whose line is not at its end. */
  #unended: Pick<RelayFrame, 'from' | 'origin'> | undefined;
  #isInPieces = false;
  #isFull = false;
  #isRunning = false;
  /** True while all that waits is written at once. */
  #isFinishing = false;
  #isClosed = false;

  constructor(options: PacedWriterOptions) {
    this.#options = options;
  }

  /** True where a line that comes in pieces has its beginning here, and not its end. */
  get isInPieces(): boolean {
    return this.#isInPieces;
  }

  /** Writes a frame, or has it wait for its turn; then `judge` says what of it is written. */
  write(frame: RelayFrame, judge?: Judge): void {
    this.#add({ frame, judge });
  }

  /** What comes now begins a line. */
  endLine(): void {
    this.#add({ frame: undefined, judge: undefined });
  }

  /** The peer takes more. */
  drained(): void {
    this.#isFull = false;
    this.#run();
  }

  /** Writes at once all that waits; no line in pieces goes on. */
  finish(): void {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    while (this.#advance() || this.#endPieces());
    this.#isFinishing = false;
    this.#tell();
  }

  /** Writes nothing any more. Gives what waited for its turn to be judged. */
  close(): readonly RelayFrame[] {
    this.#isClosed = true;
    this.#current?.callOff?.();
    this.#current = undefined;
    const left = [...this.#behind.takeAll(), ...this.#queue.takeAll()];
    this.#tell();
    return left.flatMap(({ frame, judge }) => (judge === undefined || frame === undefined ? [] : [frame]));
  }

  #add(waiting: Waiting): void {
    if (this.#isClosed) return;
    this.#queue.push(waiting);
    this.#run();
  }

  /** Goes on as far as it can. What is wanted meanwhile is done in its turn. */
  #run(): void {
    if (this.#isRunning || this.#isFinishing) return;
    this.#isRunning = true;
    while (this.#advance());
    this.#isRunning = false;
    this.#tell();
  }

  /** Takes one step; false where there is none now. */
  #advance(): boolean {
    const current = this.#current;
    if (current === undefined) return this.#takeNext();
    const { frame } = current;
    switch (current.state) {
      case 'new':
        current.state = 'begun';
        if (frame.passage?.isOnOwnLine === true) this.#endLine();
        frame.passage?.onBegin?.();
        return true;
      case 'begun':
        if (!this.#write(current)) return false;
        if (current.at < frame.bytes.length) return true;
        current.state = 'told';
        this.#isInPieces = frame.isPiece && !frame.endsLine;
        frame.passage?.onEnd?.();
        return true;
      case 'told':
        // Behind a slow frame comes a wait, too.
        if (current.callOff !== undefined && !this.#isFinishing) return false;
        current.callOff?.();
        if (this.#current === current) this.#current = undefined;
        return true;
    }
  }

  #takeNext(): boolean {
    const next = (this.#isInPieces ? undefined : this.#behind.shift()) ?? this.#queue.shift();
    if (next === undefined) return false;
    const { frame, judge } = next;
    if (this.#isInPieces && frame?.isPiece !== true) {
      this.#behind.push(next);
    } else if (frame === undefined) {
      this.#endLine();
    } else {
      const judged = judge === undefined ? frame : judge(frame);
      if (judged !== undefined) this.#current = { frame: judged, at: 0, state: 'new', callOff: undefined };
    }
    return true;
  }

  /** Writes what may be written now of the frame whose turn it is; false where that is nothing. */
  #write(current: Current): boolean {
    const { frame, at } = current;
    const pace = this.#isFinishing || frame.bytes.length === 0 ? undefined : frame.passage?.pace;
    if (pace === undefined) {
      current.callOff?.();
      current.callOff = undefined;
      current.at = frame.bytes.length;
      this.#put(frame.piece(at, frame.bytes.length));
      return true;
    }
    if (current.callOff !== undefined || this.#isFull) return false;
    const piece = frame.piece(at, pace.bytes);
    const size = piece.bytes.length;
    current.at += size;
    current.callOff = this.#options.clock.after(pace.isRate ? (pace.everyMs * size) / pace.bytes : pace.everyMs, () => {
      current.callOff = undefined;
      this.#run();
    });
    this.#put(piece);
    return true;
  }

  /** Gives up the line that came in pieces; false where nothing waits for its end. */
  #endPieces(): boolean {
    if (!this.#isInPieces) return false;
    this.#isInPieces = false;
    if (this.#behind.isEmpty) return false;
    this.#endLine();
    return true;
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
    const current = this.#current;
    const rest = current === undefined ? 0 : current.frame.bytes.length - current.at;
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
    this.bytes += waiting.frame?.bytes.length ?? 0;
  }

  shift(): Waiting | undefined {
    const first = this.#items.shift();
    this.bytes -= first?.frame?.bytes.length ?? 0;
    return first;
  }

  takeAll(): readonly Waiting[] {
    this.bytes = 0;
    return this.#items.takeAll();
  }
}
