import { LineSplitter } from '@mcp-dbg/wire';

/** Cuts what comes from a socket into lines, and gives up on one that is longer than allowed. */
export class BoundedLines {
  readonly #splitter = new LineSplitter();
  readonly #most: number;
  #pending = 0;

  /** `most` bytes in a line. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The lines that a chunk completes; undefined once a line is too long. */
  push(chunk: Uint8Array): readonly string[] | undefined {
    const lines = this.#splitter.push(chunk);
    const tail = chunk.length - (chunk.lastIndexOf(0x0a) + 1);
    this.#pending = lines.length > 0 ? tail : this.#pending + chunk.length;
    if (this.#pending > this.#most || lines.some(({ bytes }) => bytes.length > this.#most)) return undefined;
    return lines.map(({ bytes }) => new TextDecoder().decode(bytes));
  }
}
