import { constants } from 'node:os';

import type { ProxyErrorCode } from './errors.ts';
import type { Exit } from './server-process.ts';

/** How to end such that whoever waits for us sees what it would have seen of the server. */
export type OwnEnd =
  | { readonly kind: 'exit'; readonly code: number }
  /** Send ourselves the signal; exit with `code` should that leave us alive. */
  | { readonly kind: 'raise'; readonly signal: NodeJS.Signals; readonly code: number };

/** Signals that would dump our core (signal(7)), and the one that Node ignores. */
const NOT_RAISED: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGSYS',
  'SIGIOT',
  'SIGPIPE',
]);

/** Our own end after the server's: the same code, or death by the same signal (128+n where that cannot be). */
export function ownEnd(exit: Exit): OwnEnd {
  if (exit.signal === null) return { kind: 'exit', code: exit.code };
  const code = 128 + constants.signals[exit.signal];
  return NOT_RAISED.has(exit.signal) ? { kind: 'exit', code } : { kind: 'raise', signal: exit.signal, code };
}

/** Exit codes for a server that could not be started, as env(1), nice(1) and timeout(1) use them. */
export const START_FAILURE_CODES: Readonly<Record<ProxyErrorCode, number>> = {
  COMMAND_MISSING: 127,
  NOT_EXECUTABLE: 126,
  FOLDER_MISSING: 125,
  START_FAILED: 125,
};
