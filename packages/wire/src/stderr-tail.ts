/** Bytes of an unfinished line that are kept at most. */
const MAX_LINE = 64 * 1024;

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
/** A line of a stack trace that only says where: V8's frames, the version that Node adds, Python's file lines. */
const SAYS_WHERE =
  /^(?:at \S.*:\d+\)?(?: \{)?$|at (?:async )?[\w$.<>]+ \(|Node\.js v\d|File ".*", line \d+|npm (?:error|ERR!) A complete log)/;
/** Characters of the last line that are quoted at most. */
const MAX_QUOTED = 500;
/** The last frame of a Node error that has properties: they follow, indented, up to a brace of its own. */
const BEFORE_PROPERTIES = /^\s+at .* \{\r?$/;

/** Cuts a server's stderr into lines and remembers the last one that says something. Holds one line at most. */
export class StderrTail {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #last: string | undefined;
  #inProperties = false;

  /** The last line that says something, its beginning where it is very long; or undefined. */
  get last(): string | undefined {
    return ((this.#inProperties ? undefined : meaningful(this.#rest)) ?? this.#last)?.slice(0, MAX_QUOTED);
  }

  /** Takes a read and gives the lines that it completed. */
  push(bytes: Uint8Array): readonly string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) this.#note(line);
    return lines.map((line) => line.replace(/\r$/, ''));
  }

  /** Ends the stream and gives its unfinished last line, if there is one. */
  end(): readonly string[] {
    const rest = this.#rest;
    this.#last = this.last;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }

  #note(line: string): void {
    if (this.#inProperties) {
      this.#inProperties = /^\s/.test(line);
      return;
    }
    this.#last = meaningful(line) ?? this.#last;
    this.#inProperties = BEFORE_PROPERTIES.test(line);
  }
}

function meaningful(line: string): string | undefined {
  // Box drawing is the frame that some libraries put around a traceback.
  const text = line.replaceAll(/^[\s│╭╮╰╯─|]+|[\s│╭╮╰╯─|]+$/gu, '');
  return SAYS_SOMETHING.test(text) && !SAYS_WHERE.test(text) ? text : undefined;
}
