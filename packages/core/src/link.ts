import type { IdText } from '@mcp-dbg/wire';

import type { CoreError } from './errors.ts';
import type { ConnectionEnd } from './server-events.ts';
import type { Receiver } from './traffic.ts';

export interface SendOptions {
  /** Gives the request up, where each has a stream of its own that can be ended. */
  readonly signal?: AbortSignal | undefined;
  /** The message's exact text, on one line, where it has to go out as it stands. */
  readonly text?: string | undefined;
  /** Sent beside the message, where there is such a place. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Told when the request can get no answer any more although the link lives on. */
  readonly onLost?: ((why: CoreError) => void) | undefined;
}

/** A message that was sent. */
export interface Sent {
  /** The number of its frame. */
  readonly n: number;
  /** Resolves when what comes next may be sent; rejects with {@link CoreError} when the server did not take it. */
  readonly taken: Promise<void>;
}

/**
 * The bytes' side of a connection: one server, behind pipes or a URL, its frames in both directions, and which request
 * each answer belongs to. Everything is told as events while it happens.
 */
export interface Link {
  /** The server's process; null where it is behind a URL. */
  readonly pid: number | null;
  /** Resolves when the server is of no more use: it ended, or cannot be reached any more. What it wrote was read. */
  readonly ended: Promise<ConnectionEnd>;
  /** How that was, once it is so. */
  readonly end: ConnectionEnd | undefined;
  /** True where each request has a stream of its own, whose end is what cancels it in the modern era. */
  readonly hasStreams: boolean;
  /** Hands every message of the server to `receive` from now on, and to nobody else. Gives the way to stop that. */
  onMessage(receive: Receiver): () => void;
  /** Sends one message. Throws {@link CoreError} `CONNECTION_LOST` when the server is gone. */
  send(message: object, options?: SendOptions): Sent;
  /** Forgets a request of ours that nobody waits for any more. */
  forget(id: IdText): void;
  /** Tells the version that was agreed on. */
  agreed(protocolVersion: string): void;
  /** Ends the connection, and a process with all that it started. Resolves when nothing of it is left. */
  stop(): Promise<ConnectionEnd>;
}
