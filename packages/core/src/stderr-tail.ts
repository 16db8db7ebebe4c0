/** Bytes of an unfinished line that are kept at most. */
const MAX_LINE = 64 * 1024;

/** Frames and rules around a traceback: they say nothing by themselves. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** Cuts stderr into lines and remembers the last one that says something. */
export class StderrTail {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #last: string | undefined;

  /** The last line that says something, or undefined. */
  get last(): string | undefined {
    return meaningful(this.#rest) ?? this.#last;
  }

  /** Takes a read and gives the lines that it completed. */
  push(bytes: Uint8Array): readonly string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) this.#last = meaningful(line) ?? this.#last;
    return lines.map((line) => line.replace(/\r$/, ''));
  }

  /** Ends the stream and gives its unfinished last line, if there is one. */
  end(): readonly string[] {
    const rest = this.#rest;
    this.#last = this.last;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}

function meaningful(line: string): string | undefined {
  const text = line.replaceAll(/[│╭╮╰╯─|]/gu, ' ').trim();
  return SAYS_SOMETHING.test(text) ? text : undefined;
}
