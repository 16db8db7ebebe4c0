/** What went wrong with a capture, stable for programs. */
export type CaptureErrorCode =
  /** The text does not start as a capture does. */
  | 'NOT_A_CAPTURE'
  /** The capture was written in a newer major version of the format. */
  | 'NEWER_FORMAT'
  /** There is no file at the path. */
  | 'NOT_FOUND'
  /** Another file has the name. */
  | 'FILE_EXISTS'
  /** What was asked for cannot be done with any capture. */
  | 'BAD_ARGUMENTS'
  /** The path is a folder, a device, a pipe or a socket. */
  | 'NOT_A_FILE'
  /** The file could not be opened, made or read; the system's reason is the `cause`. */
  | 'UNAVAILABLE'
  /** A filter cannot be read; the error is a `FilterError`, which says where. */
  | 'BAD_FILTER';

/** The one error of this package. The message says what failed, why, and what to do next. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly code: CaptureErrorCode;

  constructor(code: CaptureErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
