import type { Exchange, Placed } from '@mcp-dbg/protocol';

import type { EventRecord } from './reading/capture-reading.ts';
import type { CapturedFrame } from './reading/whole-frames.ts';

/** What every line of a log carries. */
interface OfCapture {
  /** Microseconds since the capture was opened; of a frame or a line, when its first byte was seen. */
  readonly us: number;
}

interface OfConnection extends OfCapture {
  readonly conn: number;
  /** The name that the session has for the connection's server, where it has one. */
  readonly server?: string;
}

/** A request with its answer, or a frame that stands alone. */
export interface ExchangeEntry<F extends Placed = CapturedFrame> extends OfConnection {
  readonly kind: 'exchange';
  readonly exchange: Exchange<F>;
}

/** One line of a server's stderr. */
export interface StderrEntry extends OfConnection {
  readonly kind: 'stderr';
  /** The line without its newline. */
  readonly bytes: Uint8Array;
  /** False when the stream ended before the newline came. */
  readonly terminated: boolean;
}

/** Something that happened to a process or to the capture itself. */
export interface EventEntry extends OfCapture {
  readonly kind: 'event';
  /** Undefined for what concerns the whole capture. */
  readonly conn: number | undefined;
  readonly server?: string;
  readonly event: EventRecord;
}

/** One line of a log. */
export type Entry<F extends Placed = CapturedFrame> = ExchangeEntry<F> | StderrEntry | EventEntry;
