import { Writable } from 'node:stream';

import { columnsOf } from './size.ts';

/** Lets a line editor write to the terminal only while it is `open`: what is typed ahead must not land in an answer. */
export class EchoGate extends Writable {
  isOpen = false;
  readonly #terminal: Writable;
  readonly #onResize = (): boolean => this.emit('resize');

  constructor(terminal: Writable) {
    super();
    this.#terminal = terminal;
    terminal.on('resize', this.#onResize);
  }

  /** The terminal's width, which the editor asks for. */
  get columns(): number {
    return columnsOf(this.#terminal);
  }

  override _write(chunk: Uint8Array, _: BufferEncoding, done: () => void): void {
    if (this.isOpen) this.#terminal.write(chunk);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#terminal.off('resize', this.#onResize);
    done(error);
  }
}
