import { resolve } from 'node:path';

import { maskArgv } from '@mcp-dbg/capture/redact';
import type { ServerConfig, StdioServer } from '@mcp-dbg/core';

import { visible } from '../render/visible.ts';
import type { SavedServer } from './session-file.ts';

/**
 * A server as a file is to have it: it says in which folder it ran, and names what it was ever given, `before` too.
 * No value of a variable is in it, and no secret of its command.
 */
export function toSaved(
  { name, argv, shownArgv = argv, cwd: folder, env }: StdioServer,
  before: readonly SavedServer[],
  cwd: string,
): SavedServer {
  const [command = argv[0], ...args] = maskArgv(shownArgv);
  return {
    name,
    argv: [command, ...args],
    ...([command, ...args].some((word, index) => word !== argv[index]) && { masked: true }),
    cwd: resolve(cwd, folder ?? '.'),
    env: [...new Set([...neededBy(name, before), ...Object.keys(env ?? {})])].toSorted(),
  };
}

/** A server as the file has it. No person named it on this command line, so it is not trusted. */
export function toConfig({ name, argv, cwd }: SavedServer): ServerConfig {
  return { name, argv, ...(cwd !== undefined && { cwd }), trusted: false };
}

/** A sentence for each server that once had variables which it is not given now. */
export function missingVariables(saved: readonly SavedServer[], servers: readonly ServerConfig[]): readonly string[] {
  return servers.flatMap((server) => {
    if (server.url !== undefined) return [];
    const { name, env = {} } = server;
    const missing = neededBy(name, saved).filter((variable) => !Object.hasOwn(env, variable));
    if (missing.length === 0) return [];
    const prefix = servers.length > 1 ? `${name}:` : '';
    const again = missing.map((variable) => `-e ${prefix}${variable}=VALUE`).join(' ');
    return [
      visible(`${name} had ${missing.join(', ')} when the session was saved, and has not now; give it again: ${again}`),
    ];
  });
}

function neededBy(name: string, saved: readonly SavedServer[]): readonly string[] {
  return saved.find((server) => server.name === name)?.env ?? [];
}
