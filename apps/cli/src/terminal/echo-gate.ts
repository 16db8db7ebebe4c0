import { Writable } from 'node:stream';

import { columnsOf } from './size.ts';

/** Lets a line editor write to the terminal only while it is `open`: what is typed ahead must not land in an answer. */
export class EchoGate extends Writable {
  isOpen = false;
  /** The terminal's width as the editor is to take it. */
  columns: number;
  readonly #terminal: Writable;

  constructor(terminal: Writable) {
    super();
    this.#terminal = terminal;
    this.columns = columnsOf(terminal);
  }

  override _write(chunk: Uint8Array, _: BufferEncoding, done: () => void): void {
    if (this.isOpen) this.#terminal.write(chunk);
    done();
  }
}
