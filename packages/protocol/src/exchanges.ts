import { type Frame, type Reading, readFrame } from '@mcp-dbg/wire';

import type { Exchange } from './exchange.ts';
import { outlineOf } from './outline.ts';
import type { FrameReader } from './frame-reader.ts';
import { type Change, Pairing } from './pairing.ts';
import { callOf } from './rounds.ts';

/** What one frame is, and what it did to the exchanges of its connection. */
export interface Sighting extends Change<Frame> {
  readonly frame: Frame;
  readonly reading: Reading;
}

/**
 * Reads the frames of one connection as MCP means them. The same reading serves a live view, which shows each
 * sighting, and a capture, which keeps the newest value of each exchange by its `n`. What is held is bounded; see
 * {@link Pairing}.
 */
export class Exchanges {
  readonly #pairing = new Pairing<Frame>(OF_FRAMES);

  /** Takes the next frame, in the order in which frames were completed, with its reading where there is one already. */
  see(frame: Frame, reading: Reading = readFrame(frame.bytes)): Sighting {
    const { began, answered, cancelled } = this.#pairing.see(frame, outlineOf(reading));
    return { frame, reading, began, answered, cancelled };
  }

  /** The exchanges that wait for an answer now, in order of their requests. */
  get pending(): readonly Exchange[] {
    return this.#pairing.pending;
  }

  /** Ends the server's process: gives every exchange that it leaves unanswered, as `lost`. */
  end(): readonly Exchange[] {
    return this.#pairing.end();
  }
}

const OF_FRAMES: FrameReader<Frame> = {
  sizeOf: ({ bytes }) => bytes.length,
  callOf: ({ bytes }) => {
    const reading = readFrame(bytes);
    return reading.kind === 'request' ? callOf(reading.method, reading.text) : undefined;
  },
};
