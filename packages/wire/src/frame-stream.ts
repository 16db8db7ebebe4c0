import type { Frame, Sender } from './frame.ts';
import { type Line, LineSplitter } from './line-splitter.ts';

interface Half {
  readonly lines: LineSplitter;
  n: number;
  us: number;
  by: string | undefined;
}

/** Numbers frames from 1. Streams that belong together share one, so that a number names one frame among them all. */
export class FrameCounter {
  #last = 0;

  /** The number given last; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  next(): number {
    return ++this.#last;
  }
}

/**
 * Turns the reads of one connection into frames, both senders together. A frame gets its number with its first
 * byte and comes out with its last, so frames of the two senders may come out of order.
 */
export class FrameStream {
  readonly #halves: Readonly<Record<Sender, Half>> = { client: half(), server: half() };
  readonly #counter: FrameCounter;

  constructor(counter: FrameCounter = new FrameCounter()) {
    this.#counter = counter;
  }

  /**
   * Takes one read (microseconds on the caller's clock) and gives the frames it completed. `by` says whose bytes they
   * are where they are not the sender's own; a frame with some of them has it.
   */
  read(from: Sender, bytes: Uint8Array, us: number, by?: string): readonly Frame[] {
    const current = this.#halves[from];
    const frames: Frame[] = [];
    if (bytes.length > 0 && !current.lines.midLine) this.#begin(current, us);
    if (bytes.length > 0) current.by ??= by;
    const lines = current.lines.push(bytes);
    lines.forEach((line, index) => {
      frames.push(frame(from, current, line, us));
      const another = index + 1 < lines.length || current.lines.midLine;
      if (another) {
        this.#begin(current, us);
        current.by = by;
      }
    });
    return frames;
  }

  /**
   * Takes one message, or a part of one where there is more to come, on a wire that has messages in place of lines. A
   * last newline is no part of it.
   */
  readMessage(from: Sender, bytes: Uint8Array, us: number, more: boolean, by?: string): readonly Frame[] {
    const current = this.#halves[from];
    if (bytes.length > 0 && !current.lines.midLine) this.#begin(current, us);
    current.by ??= by;
    const line = current.lines.pushMessage(bytes, more);
    return line === undefined ? [] : [frame(from, current, line, us)];
  }

  /** When the first byte of the oldest unfinished frame was seen; undefined when every frame is finished. */
  get unfinishedSince(): number | undefined {
    const { client, server } = this.#halves;
    if (!client.lines.midLine) return server.lines.midLine ? server.us : undefined;
    return server.lines.midLine ? Math.min(client.us, server.us) : client.us;
  }

  /** Ends one sender's stream and gives its unterminated last frame, if there is one. */
  end(from: Sender, us: number): Frame | undefined {
    const current = this.#halves[from];
    const line = current.lines.end();
    return line === undefined ? undefined : frame(from, current, line, us);
  }

  #begin(current: Half, us: number): void {
    current.n = this.#counter.next();
    current.us = us;
    current.by = undefined;
  }
}

function half(): Half {
  return { lines: new LineSplitter(), n: 0, us: 0, by: undefined };
}

function frame(from: Sender, { n, us, by }: Half, line: Line, endUs: number): Frame {
  const whole = { n, from, us, endUs, bytes: line.bytes, terminated: line.terminated };
  return by === undefined ? whole : { ...whole, by };
}
