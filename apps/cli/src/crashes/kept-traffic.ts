import { type Frame, type FrameCounter, type Sender, StderrTail } from '@mcp-dbg/wire';

/** Bytes of one line that are kept at most: what is longer is known by its beginning. */
const MAX_LINE = 512 * 1024;
/** Bytes of the end of a longer line that are kept beside that. */
const MAX_TAIL = 256;

/** What is kept of the first frames, which say who talks to whom, and of the last ones: bytes, and frames. */
const FIRST = { bytes: 256 * 1024, frames: 500 };
const LAST = { bytes: 2 * 1024 * 1024, frames: 4000 };

/** Bytes of the end of stderr that are kept. */
export const MAX_STDERR: number = 16 * 1024;

const LF = 0x0a;
const NOTHING: Buffer = Buffer.alloc(0);

/** A frame of which at least the beginning is kept. */
export interface KeptFrame extends Frame {
  /** How many bytes the line has, without its newline. */
  readonly size: number;
  /** Where only the beginning is kept in `bytes`: the last bytes of the line, which may be some of those. */
  readonly tail: Uint8Array;
  /** True where the server had ended its output before: what still comes of it is not from the server. */
  readonly isPostEnd: boolean;
  /** True where bytes are missing before it. */
  readonly isPostGap: boolean;
}

/**
 * Keeps what a report on a crash needs of the traffic of one connection, in bounded memory: its first and its last
 * frames, and the end of stderr. It cuts lines and copies them, and reads none: that is cheaper than a turn of the event
 * loop, so it can be done with every read.
 */
export class KeptTraffic {
  readonly #counter: FrameCounter;
  readonly #lines: Readonly<Record<Sender, OpenLine>> = { client: new OpenLine(), server: new OpenLine() };
  readonly #first: KeptFrame[] = [];
  readonly #last = new LastFrames();
  #firstBytes = 0;
  #isBeginning = true;
  readonly #stderr = new StderrTail();
  #stderrEnd: Buffer = Buffer.alloc(0);
  #stderrBytes = 0;
  #frames = 0;
  #isServerDone = false;
  #isPostGap = false;
  #isTorn = false;

  /** The counter numbers frames as they begin, those of all connections of a capture. */
  constructor(counter: FrameCounter) {
    this.#counter = counter;
  }

  /** Takes one read (microseconds on the caller's clock). The bytes are copied. */
  read(from: Sender, bytes: Uint8Array, us: number, by?: string): void {
    const line = this.#lines[from];
    for (let at = 0; at < bytes.length;) {
      if (!line.isOpen) line.begin(this.#counter.next(), us);
      line.by ??= by;
      const end = bytes.indexOf(LF, at);
      line.add(bytes, at, end === -1 ? bytes.length : end);
      if (end === -1) return;
      this.#finish(line, from, us, true);
      at = end + 1;
    }
  }

  readStderr(bytes: Uint8Array): void {
    this.#stderr.push(bytes);
    this.#stderrBytes += bytes.length;
    this.#stderrEnd = Buffer.concat([this.#stderrEnd, bytes.subarray(-MAX_STDERR)]).subarray(-MAX_STDERR);
  }

  /** Nothing more comes of one sender. */
  end(from: Sender, us: number): void {
    const line = this.#lines[from];
    if (line.isOpen) this.#finish(line, from, us, false);
    this.#isServerDone ||= from === 'server';
  }

  /** Bytes of one sender are missing from here on. What its line broke off in is no frame. */
  tear(from: Sender): void {
    this.#isPostGap = true;
    this.#isTorn = true;
    this.#lines[from].take();
  }

  get isServerDone(): boolean {
    return this.#isServerDone;
  }

  get isTorn(): boolean {
    return this.#isTorn;
  }

  /** How many frames there were. */
  get count(): number {
    return this.#frames;
  }

  /** The first frames; all there were, where none was dropped behind them. */
  get first(): readonly KeptFrame[] {
    return this.#first;
  }

  /** The last frames behind the first ones, in order. */
  get last(): readonly KeptFrame[] {
    return this.#last.frames;
  }

  get stderr(): { readonly end: Uint8Array; readonly bytes: number; readonly last: string | undefined } {
    return { end: this.#stderrEnd, bytes: this.#stderrBytes, last: this.#stderr.last };
  }

  #finish(line: OpenLine, from: Sender, endUs: number, terminated: boolean): void {
    const { n, us, by, size, tail } = line;
    const frame: KeptFrame = {
      n,
      from,
      us,
      endUs,
      bytes: line.take(),
      terminated,
      size,
      tail,
      ...(by !== undefined && { by }),
      isPostEnd: this.#isServerDone,
      isPostGap: this.#isPostGap,
    };
    this.#isPostGap = false;
    this.#frames++;
    const { length } = frame.bytes;
    this.#isBeginning &&= this.#first.length < FIRST.frames && this.#firstBytes + length <= FIRST.bytes;
    if (!this.#isBeginning) {
      this.#last.add(frame);
      return;
    }
    this.#firstBytes += length;
    this.#first.push(frame);
  }
}

/** A line of which the newline has not come. */
class OpenLine {
  isOpen = false;
  n = 0;
  us = 0;
  by: string | undefined;
  size = 0;
  tail: Buffer = NOTHING;
  #parts: Buffer[] = [];
  #kept = 0;

  begin(n: number, us: number): void {
    this.isOpen = true;
    this.n = n;
    this.us = us;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    this.size += end - start;
    if (this.size > MAX_LINE)
      this.tail = Buffer.concat([this.tail, bytes.subarray(Math.max(start, end - MAX_TAIL), end)]);
    if (this.tail.length > MAX_TAIL) this.tail = this.tail.subarray(-MAX_TAIL);
    const kept = Math.min(end, start + MAX_LINE - this.#kept);
    if (kept <= start) return;
    this.#kept += kept - start;
    // What is read into is used again for the next read.
    this.#parts.push(Buffer.from(bytes.subarray(start, kept)));
  }

  /** Gives what was kept, and is ready for the next line. */
  take(): Uint8Array {
    const [only = Buffer.alloc(0)] = this.#parts;
    const bytes = this.#parts.length > 1 ? Buffer.concat(this.#parts) : only;
    this.isOpen = false;
    this.by = undefined;
    this.size = 0;
    this.tail = NOTHING;
    this.#parts = [];
    this.#kept = 0;
    return bytes;
  }
}

/** The newest frames that fit. */
class LastFrames {
  #kept: KeptFrame[] = [];
  #start = 0;
  #bytes = 0;

  add(frame: KeptFrame): void {
    this.#kept.push(frame);
    this.#bytes += frame.bytes.length;
    while (this.#bytes > LAST.bytes || this.#kept.length - this.#start > LAST.frames) {
      this.#bytes -= this.#kept[this.#start]?.bytes.length ?? 0;
      this.#start++;
    }
    // Only now and then, so that each frame costs the same however many are kept.
    if (this.#start < LAST.frames) return;
    this.#kept = this.frames;
    this.#start = 0;
  }

  get frames(): KeptFrame[] {
    return this.#kept.slice(this.#start);
  }
}
