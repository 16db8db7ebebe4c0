import type { EraChoice, ServerConfig, SessionOptions } from '@mcp-dbg/core';

import { type Choice, chooseServers } from './config/choose-servers.ts';
import { type Company, readyChoices } from './config/ready-choices.ts';
import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { visible } from './render/visible.ts';
import { VERSION } from './version.ts';

/** The options of every command that connects to servers, as commander gives them. */
export interface ServerOptions {
  readonly json?: boolean;
  readonly era?: EraChoice;
  /** A config file of a host. */
  readonly config?: string;
  /** Names of servers of config files. */
  readonly server?: readonly string[];
  readonly env?: readonly string[];
  readonly header?: readonly string[];
  readonly cwd?: string;
  readonly capture?: string | false;
  readonly root?: readonly string[];
  readonly logLevel?: string;
  readonly manualInput?: boolean;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds. */
  readonly probeTimeout?: number;
}

/** How many servers there may be, and who is there in place of the person at the terminal. */
export interface NamingLimits {
  /** Servers at most. */
  readonly most?: number;
  readonly company?: Company;
  /** True where a folder that a config file does not name is left to whoever starts the server (false). */
  readonly leavesFolders?: boolean;
}

/** True where options or a command after `--` say which server is meant, so that no word of the command line does. */
export function namesServer(command: readonly string[] | undefined, { server = [] }: ServerOptions): boolean {
  return command !== undefined || server.length > 0;
}

/**
 * Makes the configurations of the servers that a command line names: by targets, by names of config files, by one file for
 * all that is in it, or by one command after `--`. Asks a person before it uses what a project's file would run.
 */
export async function serversOf(
  targets: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: ServerOptions,
  io: Io,
  { most = Infinity, company = companyOf(io, options.json === true), leavesFolders = false }: NamingLimits = {},
): Promise<readonly ServerConfig[]> {
  const { config: file, server: names = [] } = options;
  if (command !== undefined && targets.length > 0) {
    throw new CliError('USAGE', `Name the server either before -- or after it, not both (${targets.join(' ')})`);
  }
  if (command !== undefined && (file !== undefined || names.length > 0))
    throw new CliError('USAGE', 'A command after -- needs neither --config nor --server');
  const { choices, notes } = await chooseServers({ targets, command, file, names }, io);
  if (choices.length === 0)
    throw new CliError(
      'USAGE',
      'Name a server: a script, a program, a name of a config file (mcp-dbg servers lists them), or a command after --',
    );
  if (choices.length > most) throw tooMany(choices, file);
  for (const note of notes) company.say(note);
  return equipped(distinct(await readyChoices(choices, io, company, leavesFolders)), options);
}

/** The person at the terminal. With `json` stderr is kept for the one line that says why a command failed. */
function companyOf(io: Io, json: boolean): Company {
  return {
    person: json ? undefined : 'at the terminal',
    say: (note) => void (json || io.stderr.write(`mcp-dbg: ${visible(note)}\n`)),
  };
}

function tooMany(choices: readonly Choice[], file: string | undefined): CliError {
  const names = choices.map((choice) => (choice.kind === 'ready' ? choice.config.name : choice.chosen.entry.name));
  const how = file === undefined ? '' : '; choose with --server NAME';
  return new CliError(
    'USAGE',
    `This command takes one server, and these are ${names.length}: ${names.join(', ')}${how}`,
  );
}

/** Gives each server the folder and the variables that the options have for it. */
export function equipped(named: readonly ServerConfig[], options: ServerOptions): readonly ServerConfig[] {
  const variables = (options.env ?? []).map((text) => readVariable(text, named));
  const headers = (options.header ?? []).map(readHeader);
  if (headers.length > 0 && named.every((config) => config.url === undefined)) {
    throw new CliError('USAGE', '--header is for servers behind a URL; a program gets variables with -e');
  }
  if (named.length > 0 && named.every((config) => config.url !== undefined)) {
    const unused = [...(variables.length > 0 ? ['-e'] : []), ...(options.cwd === undefined ? [] : ['--cwd'])];
    const verb = unused.length === 1 ? 'is' : 'are';
    if (unused.length > 0)
      throw new CliError(
        'USAGE',
        `${unused.join(' and ')} ${verb} for servers that are started here; one behind a URL gets headers with --header`,
      );
  }
  return named.map((config) => {
    if (config.url !== undefined)
      return { ...config, headers: { ...without(config.headers, headers), ...Object.fromEntries(headers) } };
    const own = variables.filter(({ server }) => server === undefined || server === config.name);
    return {
      ...config,
      env: { ...config.env, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) },
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    };
  });
}

/** The headers of a config file, less those that the command line has too, in whatever case. */
function without(
  own: Readonly<Record<string, string>> = {},
  others: readonly (readonly [string, string])[],
): Readonly<Record<string, string>> {
  const taken = new Set(others.map(([name]) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(own).filter(([name]) => !taken.has(name.toLowerCase())));
}

/** A number tells apart servers of one name, so that each can be addressed. */
function distinct(configs: readonly ServerConfig[]): readonly ServerConfig[] {
  const taken = new Set<string>();
  return configs.map((config) => {
    let { name } = config;
    for (let count = 2; taken.has(name); count++) name = `${config.name}-${count}`;
    taken.add(name);
    return { ...config, name };
  });
}

/** The options as a session takes them. */
export function sessionOptions({
  era,
  timeout,
  probeTimeout,
  logLevel,
}: ServerOptions): Pick<SessionOptions, 'clientInfo' | 'era' | 'timeoutMs' | 'probeMs' | 'logLevel'> {
  return {
    clientInfo: { name: 'mcp-dbg', version: VERSION },
    ...(era && { era }),
    ...(logLevel !== undefined && { logLevel }),
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
