import { Fifo } from '../fifo.ts';

/** How much is written at once, in bytes. */
const PIECE: number = 64 * 1024;
const LINE = 'A fault rule of mcp-dbg floods stderr with lines such as this one.\n';
const WHOLE = linesOf(PIECE);

/** Lines that fill so many bytes, piece by piece. */
export function* floodPieces(bytes: number): Generator<Uint8Array, void> {
  for (let left = bytes; left > 0;) {
    const piece = nextPiece(left);
    left -= piece.length;
    yield piece;
  }
}

/** Writes floods one after another, no faster than they are read, and holds none of them. */
export class StderrFlood {
  readonly #write: (piece: Uint8Array) => boolean;
  /** Bytes of the flood under way that are not written yet; 0 where none is. */
  #left = 0;
  /** The sizes of those behind it. */
  readonly #behind = new Fifo<number>();
  #isFull = false;
  #isGone = false;
  #over: () => void = () => {};

  /** `write` gives false where no more is taken until {@link drained}. */
  constructor(write: (piece: Uint8Array) => boolean) {
    this.#write = write;
  }

  add(bytes: number): void {
    if (this.#isGone || bytes <= 0) return;
    if (this.#left > 0) this.#behind.push(bytes);
    else this.#left = bytes;
    this.#pump();
  }

  /** More is taken. */
  drained(): void {
    this.#isFull = false;
    this.#pump();
  }

  /** Nobody reads it any more. */
  giveUp(): void {
    this.#isGone = true;
    this.#left = 0;
    this.#behind.takeAll();
    this.#over();
  }

  /** Resolves when all is written, or nobody reads it any more. */
  async over(): Promise<void> {
    if (this.#left > 0) await new Promise<void>((resolve) => (this.#over = resolve));
  }

  #pump(): void {
    while (this.#left > 0 && !this.#isFull) {
      const piece = nextPiece(this.#left);
      this.#left = this.#left - piece.length || (this.#behind.shift() ?? 0);
      this.#isFull = !this.#write(piece);
    }
    if (this.#left === 0) this.#over();
  }
}

/** The first piece of what is left. */
function nextPiece(left: number): Uint8Array {
  return left >= PIECE ? WHOLE : linesOf(left);
}

function linesOf(bytes: number): Uint8Array {
  const text = LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes - 1);
  return new TextEncoder().encode(`${text}\n`);
}
