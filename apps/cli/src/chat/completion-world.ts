import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Session } from '@mcp-dbg/core';

import type { Io } from '../io.ts';
import type { CompletionWorld } from './completions.ts';
import { SLASH_COMMANDS } from './slash/slash-commands.ts';

/** What a line of this chat can be completed with at this moment. */
export function completionWorld(session: Session | undefined, models: readonly string[], io: Io): CompletionWorld {
  const routes = session === undefined ? [] : [session.routes.byName, session.routes.leftOut];
  const tools = routes.flatMap((each) => [...each.values()]);
  return {
    commands: Object.keys(SLASH_COMMANDS),
    servers: session?.servers.map(({ name }) => name) ?? [],
    tools: new Map(tools.map(({ spec, tool }) => [spec.name, tool.inputSchema])),
    models,
    list: (folder) => namesIn(folder.startsWith('~/') ? join(io.home, folder.slice(2)) : resolve(io.cwd, folder)),
  };
}

/** The names in a folder, folders with a slash at their end; none where it cannot be read. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => entry.name + (entry.isDirectory() ? '/' : ''));
  } catch {
    return [];
  }
}
