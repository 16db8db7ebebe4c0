import { CoreError } from '@mcp-dbg/core';
import type { Person } from '@mcp-dbg/core/oauth';

import type { Io } from '../io.ts';
import { visible } from '../render/visible.ts';
import { openCallback } from './callback.ts';
import { openBrowser } from './open-browser.ts';

/** How a person is told and asked something. */
export interface Terminal {
  readonly say: (text: string) => void;
  /** Shows what is to be copied: no row of it is cut. */
  readonly sayWhole: (text: string) => void;
  /** Asks on one line; undefined when the person gives up, or once the signal is aborted. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>;
}

const WHETHER = 'Open that page in a browser here? [y]es, [n]o: ';
const WAITING = 'Waiting for the browser. Of one on another machine, paste the address at which it ends: ';

/**
 * Lets a person sign in: shows the page and whose it is, opens it after a yes, and waits for the browser to come back, or
 * for its last address to be pasted, as it must be where the browser is on another machine.
 */
export function terminalPerson(terminal: Terminal, io: Io, port: number | undefined): Person {
  return {
    receive: async (earlier) => {
      const callback = await openCallback(port, earlier);
      return {
        redirectUrl: callback.redirectUrl,
        authorize: async (page, signal) => {
          const settled = new AbortController();
          const over = AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]);
          const came = callback.came(page.searchParams.get('state') ?? '', over);
          const pasted = asked(page, callback.redirectUrl, terminal, io, over);
          try {
            return await Promise.race([came, pasted]);
          } finally {
            settled.abort();
            // Until then the question stands on the terminal.
            await Promise.allSettled([came, pasted]);
          }
        },
        [Symbol.asyncDispose]: async () => await callback[Symbol.asyncDispose](),
      };
    },
  };
}

/** Shows the page and asks what to do with it. Gives the address that was pasted. */
async function asked(page: URL, redirectUrl: string, terminal: Terminal, io: Io, signal: AbortSignal): Promise<URL> {
  const scopes = page.searchParams.get('scope');
  terminal.say(`Sign in at ${visible(page.host)}${scopes === null ? '' : `, for ${visible(scopes)}`}. The page:`);
  terminal.sayWhole(visible(page.href));
  for (let question = WHETHER; ; question = WAITING) {
    const answer = (await terminal.ask(question, signal))?.trim();
    signal.throwIfAborted();
    if (answer === undefined) throw new CoreError('SIGN_IN_FAILED', 'Nobody signed in');
    if (answer.startsWith(redirectUrl)) return new URL(answer);
    if (answer.includes('://')) terminal.say(`That is not the address: it begins with ${redirectUrl}`);
    if (question === WHETHER && /^y(es)?$/i.test(answer) && !(await openBrowser(page, io)))
      terminal.say('No browser could be opened here; open the page by yourself.');
  }
}
