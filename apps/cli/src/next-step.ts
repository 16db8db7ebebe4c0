import { CoreError } from '@mcp-dbg/core';

/** What to do about a failure whose message says only what failed and why, by its code. */
const NEXT_STEPS: ReadonlyMap<string, string> = new Map([
  ['CONNECTION_LOST', 'run it by itself to see all it says; -e NAME=VALUE gives it a variable'],
  ['TIMEOUT', '--verbose shows all it wrote, --timeout SECONDS gives it longer'],
  ['BAD_ANSWER', '--verbose shows the raw bytes'],
  ['SERVER_ERROR', '--verbose shows the raw bytes'],
  ['SIGN_IN_NEEDED', 'mcp-dbg sign-in URL does that in a terminal; --header "Authorization: Bearer TOKEN" needs none'],
  ['NO_COMMON_VERSION', 'update the server, or leave --era out'],
]);

/** The next step after a failure, to stand behind its message; empty where the message has it. */
export function nextStep(code: string, error?: unknown): string {
  // A server behind a URL is nothing that could be run.
  const isRemote = error instanceof CoreError && error.isRemote;
  const step = isRemote ? undefined : NEXT_STEPS.get(code);
  return step === undefined ? '' : ` (${step})`;
}
