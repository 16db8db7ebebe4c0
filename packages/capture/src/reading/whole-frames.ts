import { BLANK, type Outline, callOf, outlineOf } from '@mcp-dbg/protocol';
import { type Frame, readFrame } from '@mcp-dbg/wire';

import type { LinePlace, LineReader } from './line-reader.ts';

/** A frame of a capture, with all of its bytes. */
export type CapturedFrame = Frame;

/** Takes every line whole, as a view of what it came in, and reads all of it. */
export class WholeFrames implements LineReader<CapturedFrame> {
  #outline: Outline = BLANK;

  take({ n, from, us, endUs, window, start, end, terminated, by }: LinePlace): CapturedFrame {
    const bytes = window.subarray(start, end);
    this.#outline = outlineOf(readFrame(bytes));
    return { n, from, us, endUs, bytes, terminated, ...(by !== undefined && { by }) };
  }

  get outline(): Outline {
    return this.#outline;
  }

  keep(window: Uint8Array, start: number, end: number): Uint8Array {
    return window.subarray(start, end);
  }

  sizeOf({ bytes }: Frame): number {
    return bytes.length;
  }

  callOf({ bytes }: Frame): string | undefined {
    const reading = readFrame(bytes);
    return reading.kind === 'request' ? callOf(reading.method, reading.text) : undefined;
  }
}
