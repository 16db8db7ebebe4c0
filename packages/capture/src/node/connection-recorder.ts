import type { Source } from '../record.ts';

/** A turn in the life of a connection: of a server process, or of what leads to one behind a URL. */
export type ConnectionEvent =
  | { readonly kind: 'spawn'; readonly pid: number }
  | { readonly kind: 'eof'; readonly from: Source }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
  /** From here on each read is a whole message. No URL may have a query. */
  | { readonly kind: 'connect'; readonly url: string }
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly url: string;
      readonly status?: number;
      readonly type?: string;
      readonly error?: string;
    }
  | { readonly kind: 'disconnect' }
  /** A rule changed something on purpose. It stands before the reads that are passed on instead. */
  | {
      readonly kind: 'fault';
      readonly from: 'client' | 'server';
      /** What was done, such as `delay=2s`. */
      readonly action: string;
      /** The rule that asked for it, as it was written. */
      readonly rule: string;
      /** The frame as it came, newline included; absent where the rule is about none. */
      readonly original?: Uint8Array;
    }
  /** A sentence about the connection, such as what was dropped and why. */
  | {
      readonly kind: 'note';
      readonly text: string;
      readonly from?: 'client' | 'server';
      /** The frame that it is about as it came, where it was not passed on like that. */
      readonly original?: Uint8Array;
    };

/** Which server a connection leads to. */
export interface ConnectionTarget {
  /** The name this session has for the server. */
  readonly server?: string;
  /** The server's command line, where it is not the capture's own; secret-shaped values are masked. */
  readonly argv?: readonly string[];
}

/** Records one connection. Nothing here throws, whatever the disk does. */
export interface ConnectionRecorder {
  /**
   * Appends one read. When this returns, the bytes are in the file, or counted as missing. `by` says that they are
   * not the peer's own.
   */
  read(from: Source, bytes: Uint8Array, by?: 'mcp-dbg'): void;
  event(event: ConnectionEvent): void;
}
