/** Whose bytes a read holds: what the client wrote, what the server wrote, or the server's stderr. */
export type Pipe = 'client' | 'server' | 'stderr';

/** A turn in the life of a server process. */
export type ProcessEvent =
  | { readonly kind: 'spawn'; readonly pid: number }
  /** One pipe came to its end; on `client` the server was given the end of its stdin. */
  | { readonly kind: 'eof'; readonly from: Pipe }
  /** We sent the server's process group this signal. */
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: NodeJS.Signals | null };

/**
 * Is shown every read and every event of one server process, in order, before the bytes are passed on. It must
 * not write to `bytes`. What it throws is swallowed: an observer can neither change nor break the stream.
 */
export interface Observer<Event = ProcessEvent> {
  /** `by` is there where the bytes are not the peer's own: mcp-dbg originated or changed them, or held them back. */
  read?(from: Pipe, bytes: Uint8Array, by?: 'mcp-dbg'): void;
  event?(event: Event): void;
}

/** Shows everything to each observer in turn; the failure of one is its own affair. */
export function fanOut<Event = ProcessEvent>(observers: readonly Observer<Event>[]): Required<Observer<Event>> {
  const each = (show: (observer: Observer<Event>) => void): void => {
    for (const observer of observers) {
      try {
        show(observer);
      } catch {
        // The stream goes on: that is what an observer is promised to be unable to change.
      }
    }
  };
  return {
    read: (from, bytes, by) => each((observer) => observer.read?.(from, bytes, by)),
    event: (event) => each((observer) => observer.event?.(event)),
  };
}
