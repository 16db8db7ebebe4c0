/** Bytes of an unfinished line that are kept at most. */
const MAX_LINE = 64 * 1024;

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
/** A line of a stack trace that only says where: V8's frames, the version that Node adds, Python's file lines. */
const SAYS_WHERE = /^(?:at \S.*:\d+\)?$|at (?:async )?[\w$.<>]+ \(|Node\.js v\d|File ".*", line \d+)/;

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
  // Box drawing is the frame that some libraries put around a traceback.
  const text = line.replaceAll(/[│╭╮╰╯─|]/gu, ' ').trim();
  return SAYS_SOMETHING.test(text) && !SAYS_WHERE.test(text) ? text : undefined;
}
