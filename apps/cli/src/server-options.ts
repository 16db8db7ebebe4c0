import { type EraChoice, type ServerConfig, commandServer, resolveServer } from '@mcp-dbg/core';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';

/** The options of every command that connects to servers, as commander gives them. */
export interface ServerOptions {
  readonly era?: EraChoice;
  readonly env?: readonly string[];
  readonly cwd?: string;
  readonly capture?: string | false;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds. */
  readonly probeTimeout?: number;
}

/** Makes the configurations of the servers that a command line names, by targets or by one command after `--`. */
export function serversOf(
  targets: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: ServerOptions,
  io: Io,
): readonly ServerConfig[] {
  if (command !== undefined && targets.length > 0) {
    throw new CliError('USAGE', `Name the server either before -- or after it, not both (${targets.join(' ')})`);
  }
  const named = command === undefined ? targets.map((target) => resolveServer(target, io)) : [commandServer(command)];
  if (named.length === 0) throw new CliError('USAGE', 'Name a server: a script, a program, or a command after --');
  const variables = (options.env ?? []).map((text) => readVariable(text, named));
  return named.map((config) => {
    const own = variables.filter(({ server }) => server === undefined || server === config.name);
    return {
      ...config,
      env: Object.fromEntries(own.map(({ name, value }) => [name, value])),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    };
  });
}

/** Reads `K=V`, or `NAME:K=V` where several servers are named. */
function readVariable(text: string, servers: readonly ServerConfig[]): { readonly server?: string; readonly name: string; readonly value: string } {
  const cut = text.indexOf('=');
  if (cut < 1) throw new CliError('USAGE', `-e takes NAME=VALUE, not ${JSON.stringify(text.slice(0, 40))}`);
  const key = text.slice(0, cut);
  const value = text.slice(cut + 1);
  if (servers.length === 1) return { name: key, value };
  const colon = key.indexOf(':');
  const server = key.slice(0, Math.max(colon, 0));
  if (!servers.some((config) => config.name === server)) {
    const names = servers.map((config) => config.name).join(', ');
    throw new CliError('USAGE', `With several servers -e takes SERVER:NAME=VALUE; servers: ${names}`);
  }
  return { server, name: key.slice(colon + 1), value };
}
