import type { Frame, IdText, Sender } from '@mcp-dbg/wire';

/** What a frame, or a request with its answer, is. `noise` is a line that is no JSON-RPC. */
export type ExchangeKind = 'request' | 'notification' | 'response' | 'batch' | 'noise';

/**
 * How a request fared. `tool-error` is a result that says `isError`; `lost` had no answer when its server's process
 * ended; `orphan` is an answer that no request waits for.
 */
export type ExchangeStatus = 'ok' | 'tool-error' | 'error' | 'cancelled' | 'lost' | 'pending' | 'orphan';

/** What places a frame in its stream; see {@link Frame}. A reader that does not keep frames keeps this of them. */
export type Placed = Pick<Frame, 'n' | 'from' | 'us' | 'endUs' | 'by'>;

/**
 * A request with its answer as far as it has come, or a frame that stands alone: a notification, noise, an answer to
 * nothing. Never changes; what became of a request is a new value with the same `n`.
 */
export interface Exchange<F extends Placed = Frame> {
  /** The number of the frame that opened it. */
  readonly n: number;
  /** Microseconds on the observer's clock when its first byte was seen. */
  readonly us: number;
  readonly from: Sender;
  readonly kind: ExchangeKind;
  readonly id: IdText | undefined;
  readonly method: string | undefined;
  /** The tool that a `tools/call` names. */
  readonly tool: string | undefined;
  /** Undefined where nothing is asked: notifications, noise. */
  readonly status: ExchangeStatus | undefined;
  /** Milliseconds from the request's last byte to its answer's last byte. */
  readonly ms: number | undefined;
  /**
   * The protocol version that holds: the one that a request names, else the one that the connection's handshake came
   * to. What is no request has the version of the exchange that it belongs to, else the connection's. Undefined while
   * none was named.
   */
  readonly version: string | undefined;
  /** True for a `server/discover` that opens a connection: how a client learns the server's era. */
  readonly probe: boolean;
  /**
   * The number of the exchange that this one belongs to: the request of a progress, log or cancellation notification
   * or of what a server asks meanwhile, the stream of a subscription, the first round of a call that needed input, the
   * request that an orphan answers once more.
   */
  readonly of: number | undefined;
  /** Which round of a call this is, from 1, where the server asked for input (spec 2026-07-28, patterns/mrtr). */
  readonly round: number | undefined;
  readonly frame: F;
  readonly answer: F | undefined;
}
