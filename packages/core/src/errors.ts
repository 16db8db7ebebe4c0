/**
 * What went wrong with a server or a session. `CONNECTION_LOST`: the server ended or closed its stdout, so the
 * request got no answer. `TIMEOUT`: no answer in time. `INTERRUPTED`: the caller gave up. `SERVER_ERROR`: the
 * server answered with a JSON-RPC error. `BAD_ANSWER`: it answered something that cannot be used. `NO_COMMON_VERSION`:
 * no protocol version in common. `SERVER_DOWN`: it failed too often and is not started again yet. `BAD_SERVER`: what
 * was named cannot be run as a server. `CLOSED`: the session is over, or the server was taken out of it. `UNKNOWN_TOOL`:
 * no server has that tool. `UNKNOWN_SERVER`: the session has no such server. `NOT_OFFERED`: the server does not offer what
 * is wanted of it. `INPUT_REQUIRED`: it asked for something before it would answer, and did not get it. `BAD_TURNS`: what
 * should be a saved conversation is none. `UNAUTHORIZED`: the server answered 401 or 403 over HTTP.
 * `SIGN_IN_NEEDED`: the server wants a token that only a person can get. `SIGN_IN_FAILED`: no token was given.
 * `UNSAFE_SIGN_IN`: to ask for one would give something away.
 */
export type CoreErrorCode =
  | 'CONNECTION_LOST'
  | 'TIMEOUT'
  | 'INTERRUPTED'
  | 'SERVER_ERROR'
  | 'BAD_ANSWER'
  | 'NO_COMMON_VERSION'
  | 'SERVER_DOWN'
  | 'BAD_SERVER'
  | 'CLOSED'
  | 'UNKNOWN_TOOL'
  | 'UNKNOWN_SERVER'
  | 'NOT_OFFERED'
  | 'INPUT_REQUIRED'
  | 'BAD_TURNS'
  | 'UNAUTHORIZED'
  | 'SIGN_IN_NEEDED'
  | 'SIGN_IN_FAILED'
  | 'UNSAFE_SIGN_IN';

export interface CoreErrorOptions extends ErrorOptions {
  readonly rpc?: unknown;
  readonly status?: number;
  readonly untouched?: boolean;
  readonly isRemote?: boolean;
}

/** A failure of this package in words for a person; matched by `code`. Never sent to a peer. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
  readonly code: CoreErrorCode;
  /** The JSON-RPC error as received, for `SERVER_ERROR`. */
  readonly rpc: unknown;
  /** The status that a request was refused with over HTTP. */
  readonly status: number | undefined;
  /** True where it is certain that the server did nothing with the request, so that it may be sent again. */
  readonly untouched: boolean;
  /** True where it is about the way to a server behind a URL: there is no process to look at. */
  readonly isRemote: boolean;
  constructor(code: CoreErrorCode, message: string, options: CoreErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.rpc = options.rpc;
    this.status = options.status;
    this.untouched = options.untouched === true;
    this.isRemote = options.isRemote === true;
  }
}
