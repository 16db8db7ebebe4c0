import type { Observer, ProcessEvent } from '@mcp-dbg/proxy';

/** A turn in the life of a connection to a URL. Every URL is without its query, where secrets stand. */
export type HttpEvent =
  | { readonly kind: 'connect'; readonly url: string }
  /** A request over HTTP, when its answer began or it failed. */
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly url: string;
      /** Absent where there was no answer. */
      readonly status?: number;
      /** The media type of the answer. */
      readonly type?: string;
      /** Why there was no answer, such as `ECONNREFUSED`. */
      readonly error?: string;
    }
  | { readonly kind: 'disconnect' };

/**
 * Is shown all bytes and events of one connection, in order. Of a server process every read is shown, of one behind a
 * URL every message: the body of a request or of its answer, or the data of one server-sent event.
 */
export type ConnectionObserver = Observer<ProcessEvent | HttpEvent>;
