import type { Readable } from 'node:stream';

/** How long a pipe of an ended process may be silent before it counts as ended too: a grandchild may hold it open. */
const QUIET_MS = 500;

/**
 * One of a server's output pipes. Each read is shown to the tap, then taken; a taker that says `false` stalls this
 * pipe, and no other, until `resume`. Nothing is held here.
 */
export class Outlet {
  /** Resolves once, when the last byte was taken: at the pipe's end, or when nobody will take more. */
  readonly ended: Promise<void>;
  readonly #source: Readable;
  readonly #show: (bytes: Uint8Array) => void;
  readonly #finish: () => void;
  #finished = false;
  #stalled = false;
  #exited = false;
  #quiet: NodeJS.Timeout | undefined;

  constructor(source: Readable, show: (bytes: Uint8Array) => void, atEnd: () => void) {
    this.#source = source;
    this.#show = show;
    let resolve: () => void;
    this.ended = new Promise((done) => (resolve = done));
    this.#finish = () => {
      if (this.#finished) return;
      this.#finished = true;
      clearTimeout(this.#quiet);
      atEnd();
      resolve();
    };
    source.once('end', this.#finish);
    source.once('close', this.#finish);
    // A pipe that breaks (ECONNRESET) has ended; 'close' follows.
    source.on('error', () => {});
  }

  /** Starts the reading. */
  start(take: (bytes: Uint8Array) => boolean): void {
    this.#source.on('data', (bytes: Buffer) => {
      this.#show(bytes);
      this.#stalled = !take(bytes);
      if (this.#stalled) this.#source.pause();
      if (this.#exited) this.#waitForQuiet();
    });
  }

  /** Goes on after a stall. */
  resume(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#source.resume();
    if (this.#exited) this.#waitForQuiet();
  }

  /** Closes our end: the server's next write fails with EPIPE, as it would if its reader had gone. */
  close(): void {
    this.#source.destroy();
    this.#finish();
  }

  /** Tells that the process exited: from now on a silence of 500 ms, while somebody takes, is the end. */
  processExited(): void {
    this.#exited = true;
    this.#waitForQuiet();
  }

  #waitForQuiet(): void {
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    if (this.#finished || this.#stalled) return;
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      // We may have been held up ourselves, and bytes may wait: one more look at the pipe comes before the verdict.
      setImmediate(() => {
        if (this.#quiet === undefined && !this.#stalled) this.close();
      });
    }, QUIET_MS);
  }
}
