const LF = 0x0a;
/** Bytes of a line that are held until its newline comes; what is longer is passed on in pieces. */
const MAX_LINE: number = 256 * 1024 * 1024;

/** A line with its newline, or a stretch of one that has none. */
export interface Cut {
  readonly bytes: Uint8Array;
  readonly isPiece: boolean;
  /** True for a piece that another of the same line came before. */
  readonly isRest: boolean;
}

/** Cuts a stream into lines, each with its newline; a line in one chunk is a view of it. Holds one line at most. */
export class LineCutter {
  #parts: Uint8Array[] = [];
  #length = 0;
  /** True behind a piece: what follows up to the newline belongs to it. */
  #isInPieces = false;

  push(chunk: Uint8Array): readonly Cut[] {
    const cuts: Cut[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#add(chunk.subarray(start, end + 1));
      cuts.push({ bytes: this.#take(), isPiece: this.#isInPieces, isRest: this.#isInPieces });
      this.#isInPieces = false;
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
    if (this.#length > MAX_LINE) {
      cuts.push({ bytes: this.#take(), isPiece: true, isRest: this.#isInPieces });
      this.#isInPieces = true;
    }
    return cuts;
  }

  /** Ends the stream and gives what stood behind its last newline; undefined where nothing did. */
  end(): Cut | undefined {
    if (this.#length === 0) return undefined;
    return { bytes: this.#take(), isPiece: true, isRest: this.#isInPieces };
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  #take(): Uint8Array {
    const [only] = this.#parts;
    const bytes = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    return bytes;
  }
}
