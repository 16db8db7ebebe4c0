import type { FetchLike } from '@modelcontextprotocol/client';

import { CoreError } from './errors.ts';
import { orAborted } from './or-aborted.ts';

/** The right to speak to a server that wants to know who asks. `Access` of `@mcp-dbg/core/oauth` gives one. */
export interface ServerAccess {
  /**
   * A fetch whose requests to the server carry the proof. It throws {@link CoreError} `SIGN_IN_NEEDED` for a request that
   * only a person could make good; the server did nothing with it then.
   */
  readonly fetch: (next: FetchLike) => FetchLike;
  /** Lets a person sign in, for as long as that takes; undefined where there is nobody. */
  readonly signIn?: (signal: AbortSignal | undefined) => Promise<void>;
}

/** Does something; once more after a sign-in, where nothing else is missing. No time limit runs meanwhile, but the signal ends it. */
export async function withSignIn<T>(
  access: ServerAccess | undefined,
  signal: AbortSignal | undefined,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const isNeeded = error instanceof CoreError && error.code === 'SIGN_IN_NEEDED';
    if (!isNeeded || access?.signIn === undefined) throw error;
    const { signIn } = access;
    await orAborted(async () => await signIn(signal), signal).catch((why: unknown) => {
      throw signal?.aborted === true && !(why instanceof CoreError) ? interrupted(why) : why;
    });
    return await task();
  }
}

function interrupted(cause: unknown): CoreError {
  return new CoreError('INTERRUPTED', 'The sign-in was interrupted', { cause });
}
