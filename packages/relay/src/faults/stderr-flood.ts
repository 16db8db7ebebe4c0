/** How much is written at once, in bytes. */
const PIECE: number = 64 * 1024;
const LINE = 'A fault rule of mcp-dbg floods stderr with lines such as this one.\n';

/** Lines that fill so many bytes, piece by piece. */
export function* floodPieces(bytes: number): Generator<Uint8Array, void> {
  const whole = linesOf(PIECE);
  let left = bytes;
  for (; left > PIECE; left -= PIECE) yield whole;
  if (left > 0) yield linesOf(left);
}

/** Writes floods one after another, no faster than they are read, and holds none of them. */
export class StderrFlood {
  readonly #write: (piece: Uint8Array) => boolean;
  /** Bytes that are not written yet. */
  #left = 0;
  #isFull = false;
  #over: () => void = () => {};

  /** `write` gives false where no more is taken until {@link drained}. */
  constructor(write: (piece: Uint8Array) => boolean) {
    this.#write = write;
  }

  add(bytes: number): void {
    this.#left += bytes;
    this.#pump();
  }

  /** More is taken. */
  drained(): void {
    this.#isFull = false;
    this.#pump();
  }

  /** Nobody reads it any more. */
  giveUp(): void {
    this.#left = 0;
    this.#over();
  }

  /** Resolves when all is written, or nobody reads it any more. */
  async over(): Promise<void> {
    if (this.#left > 0) await new Promise<void>((resolve) => (this.#over = resolve));
  }

  #pump(): void {
    while (this.#left > 0 && !this.#isFull) {
      const size = Math.min(this.#left, PIECE);
      this.#left -= size;
      this.#isFull = !this.#write(linesOf(size));
    }
    if (this.#left === 0) this.#over();
  }
}

function linesOf(bytes: number): Uint8Array {
  const text = LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes - 1);
  return new TextEncoder().encode(`${text}\n`);
}
