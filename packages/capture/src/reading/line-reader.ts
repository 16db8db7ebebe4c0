import type { FrameReader, Outline, Placed } from '@mcp-dbg/protocol';
import type { Sender } from '@mcp-dbg/wire';

/** A run of bytes of the file. */
export interface Span {
  readonly offset: number;
  readonly size: number;
}

/** A finished line of a client or a server. One is used again and again: it holds during the call only. */
export class LinePlace {
  n = 0;
  from: Sender = 'client';
  /** When the first byte was seen, and the last (microseconds since the capture was opened). */
  us = 0;
  endUs = 0;
  /** The bytes, without the newline, stand here in a window that changes with the next read. */
  window: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** True where the window holds this line alone, and never changes. */
  isOwn = false;
  /** False where the stream ended before the newline came. */
  terminated = true;
  /** Whose bytes they are, where they are not the peer's own. */
  by: string | undefined;
  /** Where the bytes stand in the file, if they stand together there. */
  offset = 0;
  /** Where they stand if they do not. */
  spans: readonly Span[] | undefined;
  /** The row of a scan that has its members; 0 where there is none. */
  row = 0;
}

/** How a reading of a capture takes lines: whole, or as little of each as it needs. */
export interface LineReader<F extends Placed> extends FrameReader<F> {
  /** What is to be kept of a line. */
  take(line: LinePlace): F;
  /** What the line that was taken last says. */
  readonly outline: Outline;
  /** Keeps bytes of a line that is not finished; they stand in a window that may change. */
  keep(window: Uint8Array, start: number, end: number): Uint8Array;
}
