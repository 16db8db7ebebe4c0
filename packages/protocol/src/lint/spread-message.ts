import {
  type BatchReading,
  type Frame,
  type Message,
  type NotJsonReading,
  type NotJsonRpcReading,
  type Reading,
  readText,
} from '@mcp-dbg/wire';

/** A line that is no message by itself, nor a part of one. */
export interface LooseLine {
  readonly frame: Frame;
  readonly reading: NotJsonReading | NotJsonRpcReading;
}

/** What a line made certain. */
export interface Settled {
  /** A message that was spread over several lines: how many, and the first of them. */
  readonly spread?: { readonly frame: Frame; readonly lines: number; readonly reading: Message | BatchReading };
  /** Lines that are no message and no part of one. */
  readonly loose: readonly LooseLine[];
}

/** Lines, and bytes, of one spread message that are held at most. */
const MAX_LINES = 10_000;
const MAX_HELD = 4 * 1024 * 1024;

const NOTHING: Settled = { loose: [] };

/** Tells the lines of a pretty-printed message from noise: both are lines that nobody can read by themselves. */
export class SpreadMessage {
  #held: LooseLine[] = [];
  #bytes = 0;

  /** Takes the next line of one sender. */
  take(frame: Frame, reading: Reading): Settled {
    if (reading.kind !== 'not-json' && reading.kind !== 'not-json-rpc') return this.end();
    const line = { frame, reading };
    const text = reading.text ?? '';
    if (this.#held.length === 0) return /^\s*[{[]\s*$/.test(text) ? this.#hold(line) : { loose: [line] };
    const held = this.#hold(line);
    if (held !== NOTHING || !/^[}\]]/.test(text)) return held;
    const [first] = this.#held;
    const lines = this.#held.length;
    const whole = readText(this.#held.map((each) => each.reading.text ?? '').join('\n'));
    if (first === undefined || whole.kind === 'not-json' || whole.kind === 'not-json-rpc') return this.end();
    this.#clear();
    return { spread: { frame: first.frame, lines, reading: whole }, loose: [] };
  }

  /** Nothing follows: what is held is no message. */
  end(): Settled {
    if (this.#held.length === 0) return NOTHING;
    const loose = this.#held;
    this.#clear();
    return { loose };
  }

  #hold(line: LooseLine): Settled {
    this.#held.push(line);
    this.#bytes += line.frame.bytes.length;
    return this.#held.length > MAX_LINES || this.#bytes > MAX_HELD ? this.end() : NOTHING;
  }

  #clear(): void {
    this.#held = [];
    this.#bytes = 0;
  }
}
