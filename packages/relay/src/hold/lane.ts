import type { Sender } from '@mcp-dbg/wire';

import type { RelayFrame } from '../relay-frame.ts';
import type { StageContext } from '../stage.ts';

const LF = 0x0a;

/** The way of one sender's frames to its peer. Nothing is put into the middle of a line that passes in pieces. */
export class Lane {
  readonly #pass: (frame: RelayFrame) => void;
  #isMidLine = false;
  readonly #later: RelayFrame[] = [];

  constructor(from: Sender, context: StageContext) {
    this.#pass = (frame) => (from === 'client' ? context.toServer(frame) : context.toClient(frame));
  }

  send(frame: RelayFrame): void {
    if (this.#isMidLine && !frame.isPiece) {
      this.#later.push(frame);
      return;
    }
    this.#isMidLine = frame.isPiece && frame.bytes.at(-1) !== LF;
    this.#pass(frame);
    if (!this.#isMidLine) this.end();
  }

  /** No line goes on any more: passes on what waited for its end. */
  end(): void {
    this.#isMidLine = false;
    for (const frame of this.#later.splice(0)) this.#pass(frame);
  }
}
