/**
 * Why a server could not be started. `COMMAND_MISSING`: no such command or file, or the interpreter its `#!` names
 * is missing. `NOT_EXECUTABLE`: it is there but cannot be run. `FOLDER_MISSING`: the working folder is not there.
 * `START_FAILED`: the system refused for another reason, such as too many processes.
 */
export type ProxyErrorCode = 'COMMAND_MISSING' | 'NOT_EXECUTABLE' | 'FOLDER_MISSING' | 'START_FAILED';

/** A failure of this package, in words for a person; matched by `code`. Never sent to a peer. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: ProxyErrorCode;
  constructor(code: ProxyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
