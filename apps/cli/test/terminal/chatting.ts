import { fixture } from '@mcp-dbg/testkit';

import { script } from '../driver.ts';
import { type TerminalRun, inTerminal } from './terminal.ts';

/** A model that says what it heard. */
export const parrot: string = script({ say: '<{{query}}>', repeat: true });

/** No colours. */
export const bare = { NO_COLOR: '1' };

/** Starts a chat with the good server and waits for its prompt. */
export async function chatting(...words: readonly string[]): Promise<TerminalRun> {
  const terminal = inTerminal(['chat', fixture('echo'), '-q', ...words], { env: bare });
  await terminal.shows(/model: .*\r\n> |no model: .*\r\n> /);
  return terminal;
}
