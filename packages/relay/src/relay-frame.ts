import { type Message, type Reading, type Sender, readFrame } from '@mcp-dbg/wire';

const LF = 0x0a;
const encoder = new TextEncoder();

/** Marks bytes that we originated or changed, as captures do. */
export type Ours = 'mcp-dbg';

/** In whose name a frame is recorded: the process of the server that wrote it. */
export interface FrameOrigin {
  show(from: Sender, frame: RelayFrame): void;
}

/** What is known of a frame beside its bytes. */
interface Marks {
  readonly by?: Ours | undefined;
  readonly isPiece?: boolean;
  readonly whole?: RelayFrame | undefined;
  readonly origin?: FrameOrigin;
}

/** One line on its way from one peer to the other. Never changed: whoever wants another makes another. */
export class RelayFrame {
  readonly from: Sender;
  /** The line with its newline; what a peer wrote without one at its end has none. */
  readonly bytes: Uint8Array;
  /** Set where the bytes are not the peer's own: made or changed by us. */
  readonly by: Ours | undefined;
  /** True for a stretch of a line that is passed on as it is: no stage looks into it. */
  readonly isPiece: boolean;
  /** The whole line, on the first of the pieces in which it is passed on. */
  readonly whole: RelayFrame | undefined;
  #reading: Reading | undefined;

  /** The process that wrote it; undefined where we made it, or the client did. */
  readonly origin: FrameOrigin | undefined;

  constructor(from: Sender, bytes: Uint8Array, marks: Marks = {}) {
    this.from = from;
    this.bytes = bytes;
    this.by = marks.by;
    this.isPiece = marks.isPiece ?? false;
    this.whole = marks.whole;
    this.origin = marks.origin;
  }

  /** A frame that we originate, from the text of one message. */
  static ours(from: Sender, text: string): RelayFrame {
    return new RelayFrame(from, encoder.encode(`${text}\n`), { by: 'mcp-dbg' });
  }

  /** What the line says; read when it is first asked for. */
  get reading(): Reading {
    this.#reading ??= readFrame(this.bytes.at(-1) === LF ? this.bytes.subarray(0, -1) : this.bytes);
    return this.#reading;
  }

  /**
   * The messages in it: one as a rule, several of a batch, none of noise. Those of a line in pieces are told with its first
   * piece.
   */
  get messages(): readonly Message[] {
    if (this.isPiece) return this.whole?.messages ?? [];
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
