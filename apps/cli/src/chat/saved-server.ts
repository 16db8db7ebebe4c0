import { resolve } from 'node:path';

import { maskArgv } from '@mcp-dbg/capture/redact';
import { type ServerConfig, shownUrl } from '@mcp-dbg/core';

import { visible } from '../render/visible.ts';
import type { SavedServer } from './session-file.ts';

/**
 * A server as a file is to have it: it says in which folder it ran, and names what it was ever given, `before` too.
 * No value of a variable or a header is in it, and no secret of its command or its URL.
 */
export function toSaved(config: ServerConfig, before: readonly SavedServer[], cwd: string): SavedServer {
  const { name } = config;
  if (config.url !== undefined) {
    const url = shownUrl(config.url);
    const headers = [...new Set([...neededBy(name, before), ...Object.keys(config.headers ?? {})])].toSorted();
    return { name, url, ...(url !== config.url && { masked: true }), headers };
  }
  const { argv, shownArgv = argv, cwd: folder, env } = config;
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
export function toConfig(saved: SavedServer): ServerConfig {
  const { name } = saved;
  if (saved.url !== undefined) return { name, url: saved.url, trusted: false };
  const { argv, cwd } = saved;
  return { name, argv, ...(cwd !== undefined && { cwd }), trusted: false };
}

/** A sentence for each server that once had variables, or headers, which it is not given now. */
export function missingValues(saved: readonly SavedServer[], servers: readonly ServerConfig[]): readonly string[] {
  return servers.flatMap((server) => {
    const { name } = server;
    const given = (server.url === undefined ? server.env : server.headers) ?? {};
    const missing = neededBy(name, saved).filter((each) => !Object.hasOwn(given, each));
    if (missing.length === 0) return [];
    const prefix = servers.length > 1 ? `${name}:` : '';
    const option = (each: string): string =>
      server.url === undefined ? `-e ${prefix}${each}=VALUE` : `--header "${each}: VALUE"`;
    const again = missing.map(option).join(' ');
    return [
      visible(`${name} had ${missing.join(', ')} when the session was saved, and has not now; give it again: ${again}`),
    ];
  });
}

function neededBy(name: string, saved: readonly SavedServer[]): readonly string[] {
  const server = saved.find((each) => each.name === name);
  return server === undefined ? [] : server.url === undefined ? server.env : server.headers;
}
