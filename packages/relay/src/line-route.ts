import type { RelayFrame } from './relay-frame.ts';

const LF = 0x0a;

/** Who takes the client's frames. */
export interface FrameTaker<Process> {
  /** The process in use. */
  readonly life: Process | undefined;
  /** Takes a frame, or a line that begins with this piece; gives the process that got just these bytes. */
  fromClient(frame: RelayFrame): Process | undefined;
  /** Gives the process in use the next piece of a line. */
  goOn(piece: RelayFrame): void;
}

/**
 * Keeps the pieces of a line together on their way to the server: where its beginning waits, was dropped, or went to a
 * process that is gone, the rest is not passed on.
 */
export class LineRoute<Process> {
  readonly #taker: FrameTaker<Process>;
  #isMidLine = false;
  #process: Process | undefined;

  constructor(taker: FrameTaker<Process>) {
    this.#taker = taker;
  }

  pass(frame: RelayFrame): void {
    if (!this.#isMidLine || !frame.isPiece) {
      this.#process = this.#taker.fromClient(frame);
      this.#isMidLine = frame.whole !== undefined;
    } else if (this.#process !== undefined && this.#process === this.#taker.life) this.#taker.goOn(frame);
    if (frame.bytes.at(-1) === LF) this.#isMidLine = false;
  }
}
