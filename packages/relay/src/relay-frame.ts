import { type Message, type Reading, type Sender, readFrame } from '@mcp-dbg/wire';

const LF = 0x0a;
const encoder = new TextEncoder();

/** Marks bytes that we originated or changed, as captures do. */
export type Ours = 'mcp-dbg';

/** In whose name a frame is recorded: the process of the server that wrote it. */
export interface FrameOrigin {
  show(from: Sender, frame: RelayFrame): void;
}

/** How fast something is written: so many bytes at once, then a wait. */
export interface Pace {
  readonly bytes: number;
  readonly everyMs: number;
  /** True where fewer bytes wait for as much less. */
  readonly isRate: boolean;
}

/** How a frame is to be written at the end of its way, and who wants to know. */
export interface Passage {
  /** Undefined for all of it at once. */
  readonly pace?: Pace | undefined;
  /** True where it is to stand on a line of its own, whatever was written before it. */
  readonly isOnOwnLine?: boolean;
  /** Called right before the first byte is written. */
  readonly onBegin?: (() => void) | undefined;
  /** Called when the last byte was written. */
  readonly onEnd?: (() => void) | undefined;
}

/** What is known of a frame beside its bytes. */
interface Marks {
  readonly by?: Ours | undefined;
  readonly isMade?: boolean;
  readonly isPiece?: boolean;
  readonly isRest?: boolean;
  readonly origin?: FrameOrigin | undefined;
  readonly passage?: Passage | undefined;
}

/** One line on its way from one peer to the other. Never changed: whoever wants another makes another. */
export class RelayFrame {
  readonly from: Sender;
  /** The line with its newline; what a peer wrote without one at its end has none. */
  readonly bytes: Uint8Array;
  /** Set where the bytes are not the peer's own: made or changed by us. */
  readonly by: Ours | undefined;
  /** True where nobody said it but us. What a peer said and we changed is not: it is still the peer's. */
  readonly isMade: boolean;
  /** True for a stretch of a line that is too long to be held: no stage looks into it. */
  readonly isPiece: boolean;
  /** True for a piece that another of the same line came before. */
  readonly isRest: boolean;
  /** The process that wrote it; undefined where we made it, or the client did. */
  readonly origin: FrameOrigin | undefined;
  /** Undefined for what is written as it comes. */
  readonly passage: Passage | undefined;
  #reading: Reading | undefined;

  constructor(from: Sender, bytes: Uint8Array, marks: Marks = {}) {
    this.from = from;
    this.bytes = bytes;
    this.by = marks.by;
    this.isMade = marks.isMade ?? false;
    this.isPiece = marks.isPiece ?? false;
    this.isRest = marks.isRest ?? false;
    this.origin = marks.origin;
    this.passage = marks.passage;
  }

  /** A frame that we originate, from the text of one message. */
  static ours(from: Sender, text: string, passage?: Passage): RelayFrame {
    return new RelayFrame(from, encoder.encode(`${text}\n`), { by: 'mcp-dbg', isMade: true, passage });
  }

  /** What a peer said, with another text, which is marked as ours. */
  changedTo(text: string): RelayFrame {
    const { from, isMade, origin, passage } = this;
    return new RelayFrame(from, encoder.encode(`${text}\n`), { by: 'mcp-dbg', isMade, origin, passage });
  }

  /** True where the line ends with it. */
  get endsLine(): boolean {
    return this.bytes.at(-1) === LF;
  }

  /** The same frame, to be written in this way. */
  passing(passage: Passage | undefined): RelayFrame {
    const { from, bytes, by, isMade, isPiece, isRest, origin } = this;
    const frame = new RelayFrame(from, bytes, { by, isMade, isPiece, isRest, origin, passage });
    frame.#reading = this.#reading;
    return frame;
  }

  /** So many of its bytes, from an offset on. */
  piece(at: number, length: number): RelayFrame {
    const { from, bytes, by, isMade, origin } = this;
    if (at === 0 && length >= bytes.length) return this;
    return new RelayFrame(from, bytes.subarray(at, at + length), { by, isMade, isPiece: true, isRest: at > 0, origin });
  }

  /** What the line says; read when it is first asked for. */
  get reading(): Reading {
    this.#reading ??= readFrame(this.endsLine ? this.bytes.subarray(0, -1) : this.bytes);
    return this.#reading;
  }

  /** The messages in it: one as a rule, several of a batch, none of noise or of a piece. */
  get messages(): readonly Message[] {
    if (this.isPiece) return [];
    const { reading } = this;
    switch (reading.kind) {
      case 'not-json':
      case 'not-json-rpc':
        return [];
      case 'batch':
        return reading.items.filter((item): item is Message => item.kind !== 'not-json-rpc');
      case 'request':
      case 'notification':
      case 'result':
      case 'error':
        return [reading];
    }
  }
}
