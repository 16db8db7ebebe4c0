import { BLANK, type Outline, callOf, outlineOf } from '@mcp-dbg/protocol';
import { readFrame } from '@mcp-dbg/wire';

import { copyOf } from '../copy-of.ts';
import type { FrameBytes } from '../frame-bytes.ts';
import type { LinePlace, LineReader } from '../reading/line-reader.ts';
import type { CapturedFrame } from '../reading/whole-frames.ts';
import { Skim } from '../skim/skim.ts';
import type { ScanSource } from './scan-source.ts';
import type { Spot } from './spot.ts';

/** Takes of every line where it stands, and what it says without reading all of it. */
export class Spots implements LineReader<Spot> {
  outline: Outline = BLANK;
  /** Where the bytes of frames are: in the file. */
  readonly bytes: FrameBytes<Spot> = {
    sizeOf: ({ size, terminated }) => size + (terminated ? 1 : 0),
    bytesOf: (spot) => this.bytesOf(spot),
  };
  readonly #source: ScanSource;
  readonly #skim: Skim;

  constructor(source: ScanSource) {
    this.#source = source;
    this.#skim = new Skim(source);
  }

  take(line: LinePlace): Spot {
    const outline = line.row === 0 ? undefined : this.#skim.outlineOfRow(line.row);
    this.outline = outline ?? this.#outlineOf(line);
    return {
      n: line.n,
      from: line.from,
      us: line.us,
      endUs: line.endUs,
      terminated: line.terminated,
      size: line.end - line.start,
      offset: line.offset,
      spans: line.spans,
      by: line.by,
    };
  }

  #outlineOf({ window, start, end, isOwn }: LinePlace): Outline {
    const isUtf8 = (this.#source.isWindowUtf8 && !isOwn) || this.#source.isUtf8(window.subarray(start, end));
    return isUtf8 ? this.#skim.outline(window, start, end) : outlineOf(readFrame(window.subarray(start, end)));
  }

  keep(window: Uint8Array, start: number, end: number): Uint8Array {
    return copyOf(window, start, end);
  }

  sizeOf({ size }: Spot): number {
    return size;
  }

  callOf(spot: Spot): string | undefined {
    const reading = readFrame(this.bytesOf(spot));
    return reading.kind === 'request' ? callOf(reading.method, reading.text) : undefined;
  }

  /** The bytes of a frame, from the file. */
  bytesOf({ offset, size, spans }: Spot): Uint8Array {
    if (spans === undefined) return this.#source.read(offset, size);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const span of spans) {
      bytes.set(this.#source.read(span.offset, span.size), at);
      at += span.size;
    }
    return bytes;
  }

  /** The frame itself. */
  frameOf(spot: Spot): CapturedFrame {
    const { n, from, us, endUs, terminated, by } = spot;
    return { n, from, us, endUs, bytes: this.bytesOf(spot), terminated, ...(by !== undefined && { by }) };
  }
}
