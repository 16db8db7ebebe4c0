import type { HttpServer, ServerAccess } from '@mcp-dbg/core';

import type { Io } from '../io.ts';
import type { Terminal } from './terminal-person.ts';

/**
 * Gives the right to speak to each server behind a URL: what an earlier sign-in left, and a new one where there is a
 * terminal to ask at. A server that gets an Authorization header of the person's own needs none. Everything for that is
 * loaded with the first such server.
 */
export function serverAccess(
  io: Io,
  terminal: Terminal | undefined,
): (config: HttpServer) => Promise<ServerAccess | undefined> {
  const open = new Map<string, ServerAccess>();
  return async ({ url, headers = {} }) => {
    if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return undefined;
    const [{ Access }, { signInFolder }, { SignInStore }, { terminalPerson }] = await Promise.all([
      import('@mcp-dbg/core/oauth'),
      import('./sign-in-folder.ts'),
      import('./sign-in-store.ts'),
      import('./terminal-person.ts'),
    ]);
    const known = open.get(url);
    if (known !== undefined) return known;
    const access = new Access({ server: url, store: new SignInStore(signInFolder(io)), grant: { kind: 'person' } });
    let signingIn: Promise<unknown> | undefined;
    const made: ServerAccess = {
      fetch: (next) => access.fetch(next),
      ...(terminal && {
        // Of many requests that need it at once, one asks.
        signIn: async (signal) => {
          signingIn ??= access
            .signIn({ person: terminalPerson(terminal, io, undefined), signal })
            .finally(() => (signingIn = undefined));
          await signingIn;
        },
      }),
    };
    open.set(url, made);
    return made;
  };
}
