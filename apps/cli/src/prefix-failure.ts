import { CoreError } from '@mcp-dbg/core';

import { CliError } from './exit-code.ts';

/** Does something; a known failure's sentence begins with what could not be done. */
export function prefixFailure<Result>(what: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    if (error instanceof CliError) throw new CliError(error.code, message, { cause: error });
    if (error instanceof CoreError) throw new CoreError(error.code, message, { cause: error });
    throw error;
  }
}
