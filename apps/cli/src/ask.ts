import { type Answer, CoreError, type JsonObject, type ListMethod, type ListedEntry, listEntries } from '@mcp-dbg/core';

import { CliError } from './exit-code.ts';
import { nextStep } from './next-step.ts';
import type { OpenServer } from './open-server.ts';

/** Asks what a command is for. Throws CliError `REQUEST_FAILED` where the server refuses, stays silent or ends. */
export async function ask({ live, signal, waiting }: OpenServer, method: string, params: JsonObject): Promise<Answer> {
  waiting(`an answer to ${method}`);
  // A progress token lets the server ask for more time.
  return await orFailed(live.connection.request(method, params, { signal, onProgress: () => {} }));
}

/** Fetches a list, all pages; what is wrong with it is told. Throws as {@link ask} does. */
export async function listed(
  { live, signal, waiting, tell }: OpenServer,
  method: ListMethod,
): Promise<readonly ListedEntry[]> {
  waiting(`an answer to ${method}`);
  return await orFailed(listEntries(live.connection, method, signal, (rule, message) => tell(`${message} [${rule}]`)));
}

/** Makes a failure of what was asked out of a failure of core: the server was there, so it is not one of reaching it. */
export async function orFailed<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof CoreError) || error.code === 'INTERRUPTED') throw error;
    throw new CliError('REQUEST_FAILED', error.message + nextStep(error.code, error), { cause: error });
  }
}
