import type { Writable } from 'node:stream';

/** A server's stdin. What is written is shown to the tap first. A server that no longer reads closes it (EPIPE). */
export class Inlet {
  /** Resolves when the server can no longer be written to: it closed its stdin, or ended. */
  readonly closed: Promise<void>;
  readonly #sink: Writable;
  readonly #show: (bytes: Uint8Array) => void;
  readonly #atEnd: () => void;
  #ended = false;

  constructor(sink: Writable, show: (bytes: Uint8Array) => void, atEnd: () => void) {
    this.#sink = sink;
    this.#show = show;
    this.#atEnd = atEnd;
    this.closed = new Promise((resolve) => sink.once('close', resolve));
    // EPIPE and ECONNRESET mean that the server closed its stdin; 'close' follows.
    sink.on('error', () => {});
  }

  get writable(): boolean {
    return this.#sink.writable;
  }

  /** Passes bytes on; false asks the caller to wait for `onDrain`. */
  write(bytes: Uint8Array): boolean {
    this.#show(bytes);
    return this.#sink.write(bytes);
  }

  onDrain(go: () => void): void {
    this.#sink.on('drain', go);
  }

  /** Gives the server the end of its stdin, after everything written. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#atEnd();
    this.#sink.end();
  }
}
