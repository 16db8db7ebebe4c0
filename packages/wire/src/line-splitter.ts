const LF = 0x0a;

/** The bytes of one line without its newline. */
export interface Line {
  readonly bytes: Uint8Array;
  /** False when the stream ended before the newline came. */
  readonly terminated: boolean;
}

/**
 * Cuts a byte stream into lines at 0x0A and nowhere else (MCP stdio framing: one message a line, `\n` delimited).
 * However the stream is chunked, the lines are the same; the cost is linear in its size. A line that lies in one
 * chunk is a view of that chunk, so whoever keeps lines must not write to the chunks.
 */
export class LineSplitter {
  #parts: Uint8Array[] = [];

  /** True while bytes of an unfinished line are held. */
  get midLine(): boolean {
    return this.#parts.length > 0;
  }

  /** Takes the next chunk and gives the lines that it completed. */
  push(chunk: Uint8Array): readonly Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      lines.push({ bytes: this.#take(chunk.subarray(start, end)), terminated: true });
      start = end + 1;
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
    return lines;
  }

  /**
   * Takes the next chunk of a message that ends where no `more` follows, whatever stands in it, and gives it when it is
   * whole. A last newline is no part of it.
   */
  pushMessage(chunk: Uint8Array, more: boolean): Line | undefined {
    if (more) {
      if (chunk.length > 0) this.#parts.push(chunk);
      return undefined;
    }
    return { bytes: this.#take(chunk.at(-1) === LF ? chunk.subarray(0, -1) : chunk), terminated: true };
  }

  /** Ends the stream and gives what stood after the last newline, if anything did. */
  end(): Line | undefined {
    return this.midLine ? { bytes: this.#take(), terminated: false } : undefined;
  }

  #take(last?: Uint8Array): Uint8Array {
    const parts = last === undefined ? this.#parts : [...this.#parts, last];
    this.#parts = [];
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : join(parts);
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
