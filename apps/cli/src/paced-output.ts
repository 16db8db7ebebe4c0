import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A stream that is written to at its reader's pace, until that reader is gone, as after `| head`. */
export class PacedOutput implements Disposable {
  readonly #stream: Writable;
  readonly #gone = new AbortController();
  readonly #leave = (): void => this.#gone.abort();

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.once('close', this.#leave).once('error', this.#leave);
  }

  /** Aborted when the reader is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Resolves when more can be written: false when the reader is gone. */
  async write(text: string | Uint8Array): Promise<boolean> {
    const stream = this.#stream;
    if (stream.destroyed || this.gone.aborted) return false;
    if (stream.write(text)) return true;
    await once(stream, 'drain', { signal: this.gone }).catch(() => undefined);
    return !stream.destroyed && !this.gone.aborted;
  }

  [Symbol.dispose](): void {
    this.#stream.off('close', this.#leave).off('error', this.#leave);
  }
}
