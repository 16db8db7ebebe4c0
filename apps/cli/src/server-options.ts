import { type EraChoice, type ServerConfig, type SessionOptions, commandServer, resolveServer } from '@mcp-dbg/core';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { labelOfCommand } from './label-of-command.ts';
import { VERSION } from './version.ts';

/** The options of every command that connects to servers, as commander gives them. */
export interface ServerOptions {
  readonly era?: EraChoice;
  readonly env?: readonly string[];
  readonly header?: readonly string[];
  readonly cwd?: string;
  readonly capture?: string | false;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds. */
  readonly probeTimeout?: number;
}

/** Makes the configurations of the servers that a command line names, by targets or by one command after `--`. */
export async function serversOf(
  targets: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: ServerOptions,
  io: Io,
): Promise<readonly ServerConfig[]> {
  if (command !== undefined && targets.length > 0) {
    throw new CliError('USAGE', `Name the server either before -- or after it, not both (${targets.join(' ')})`);
  }
  const named = distinct(
    command === undefined ? targets.map((target) => resolveServer(target, io)) : [commandServer(command)],
  );
  if (named.length === 0) throw new CliError('USAGE', 'Name a server: a script, a program, or a command after --');
  return equipped(named, options);
}

/** Gives each server the folder and the variables that the options have for it. */
export function equipped(named: readonly ServerConfig[], options: ServerOptions): readonly ServerConfig[] {
  const variables = (options.env ?? []).map((text) => readVariable(text, named));
  const headers = (options.header ?? []).map(readHeader);
  if (headers.length > 0 && named.every((config) => config.url === undefined)) {
    throw new CliError('USAGE', '--header is for servers behind a URL; a program gets variables with -e');
  }
  return named.map((config) => {
    if (config.url !== undefined) return { ...config, headers: { ...config.headers, ...Object.fromEntries(headers) } };
    const own = variables.filter(({ server }) => server === undefined || server === config.name);
    return {
      ...config,
      env: { ...config.env, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) },
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    };
  });
}

/** Names each server after its command; a number tells apart those of one name, so that each can be addressed. */
function distinct(configs: readonly ServerConfig[]): readonly ServerConfig[] {
  const taken = new Set<string>();
  return configs.map((config) => {
    const label = config.url === undefined ? labelOfCommand(config.argv) : config.name;
    let name = label;
    for (let count = 2; taken.has(name); count++) name = `${label}-${count}`;
    taken.add(name);
    return { ...config, name };
  });
}

/** The options as a session takes them. */
export function sessionOptions({
  era,
  timeout,
  probeTimeout,
}: ServerOptions): Pick<SessionOptions, 'clientInfo' | 'era' | 'timeoutMs' | 'probeMs'> {
  return {
    clientInfo: { name: 'mcp-dbg', version: VERSION },
    ...(era && { era }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
    ...(probeTimeout !== undefined && { probeMs: probeTimeout * 1000 }),
  };
}

/** Reads `Name: value`, the form of the Inspector and of curl. */
function readHeader(text: string): readonly [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\0\r\n]*)$/.exec(text) ?? [];
  // The value may be a secret, so it is not shown.
  if (name === undefined || value === undefined) throw new CliError('USAGE', '--header takes "Name: value"');
  return [name, value];
}

/** Reads `K=V`, or `NAME:K=V` where several servers are named. */
function readVariable(
  text: string,
  servers: readonly ServerConfig[],
): { readonly server?: string; readonly name: string; readonly value: string } {
  const cut = text.indexOf('=');
  if (cut < 1) throw new CliError('USAGE', `-e takes NAME=VALUE, not ${JSON.stringify(text.slice(0, 40))}`);
  const key = text.slice(0, cut);
  const value = text.slice(cut + 1);
  const server = servers.find((config) => key.startsWith(`${config.name}:`))?.name;
  if (server !== undefined) return { server, name: key.slice(server.length + 1), value };
  if (servers.length === 1) return { name: key, value };
  const names = servers.map((config) => config.name).join(', ');
  throw new CliError('USAGE', `With several servers -e takes SERVER:NAME=VALUE; the servers: ${names}`);
}
