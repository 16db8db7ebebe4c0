/** `BAD_FAULT`: a fault rule that cannot be read. `NO_RESTART`: a restart was asked of a relay that does not restart. */
export type RelayErrorCode = 'BAD_FAULT' | 'NO_RESTART';

/** A failure of this package, in words for a person; matched by `code`. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly code: RelayErrorCode;
  constructor(code: RelayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
