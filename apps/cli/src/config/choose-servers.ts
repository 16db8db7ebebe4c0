import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { CoreError, type ServerConfig, commandServer, resolveServer } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { labelOfCommand } from '../label-of-command.ts';
import type { LoadedConfig } from './load-configs.ts';
import type { Chosen } from './look-up.ts';

/** A server that a command line names: one that is ready, or one of a config file that has to be filled in. */
export type Choice =
  | { readonly kind: 'ready'; readonly config: ServerConfig }
  | { readonly kind: 'entry'; readonly chosen: Chosen };

/** What a command line names, and what a person should know of what was left out. */
export interface Choices {
  readonly choices: readonly Choice[];
  readonly notes: readonly string[];
}

/** How a command line names servers. */
export interface Naming {
  /** Scripts, programs, names, commands and URLs, in order. */
  readonly targets: readonly string[];
  /** A whole command after `--`. */
  readonly command: readonly [string, ...string[]] | undefined;
  /** `--config`. */
  readonly file: string | undefined;
  /** `--server`, in order. */
  readonly names: readonly string[];
}

/**
 * Finds the servers that a command line names; nothing is started or asked. A path that exists wins over a name of a config
 * file, and that over a command on PATH. Where only a file is named, all of it is meant. Throws CliError or CoreError.
 */
export async function chooseServers({ targets, command, file, names }: Naming, io: Io): Promise<Choices> {
  if (command !== undefined) return { choices: [ready(commandServer(command))], notes: [] };
  const configs = new Configs(file, io);
  if (file !== undefined && targets.length === 0 && names.length === 0) return await configs.all();
  const choices: Choice[] = [];
  for (const target of targets) choices.push(await chooseTarget(target, configs, io));
  for (const name of names) choices.push((await configs.find(name)) ?? (await configs.unknown(name)));
  return { choices, notes: [] };
}

async function chooseTarget(target: string, configs: Configs, io: Io): Promise<Choice> {
  if (/^https?:\/\//i.test(target) || isFile(resolve(io.cwd, target))) return ready(resolveServer(target, io));
  const found = await configs.find(target);
  if (found !== undefined) return found;
  if (configs.file !== undefined) return await configs.unknown(target);
  try {
    return ready(resolveServer(target, io));
  } catch (error) {
    // What is plainly a path is no name of a config file.
    if (!(error instanceof CoreError) || /^(?:\.{0,2}\/|[a-z]+:\/\/)/i.test(target)) throw error;
    throw new CoreError(error.code, error.message + (await configs.hint(target)), { cause: error });
  }
}

/** Named after its command, by which it is addressed. */
function ready(config: ServerConfig): Choice {
  const name = config.url === undefined ? labelOfCommand(config.argv) : config.name;
  return { kind: 'ready', config: { ...config, name } };
}

function isFile(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The config files, read when a name has to be looked up. */
class Configs {
  readonly file: string | undefined;
  readonly #io: Io;
  #loaded: readonly LoadedConfig[] | undefined;

  constructor(file: string | undefined, io: Io) {
    this.file = file;
    this.#io = io;
  }

  /** The server of a name; undefined where there is none. */
  async find(name: string): Promise<Choice | undefined> {
    const { lookUp } = await import('./look-up.ts');
    const chosen = lookUp(name, await this.#load());
    return chosen && { kind: 'entry', chosen };
  }

  /** All servers of the file. */
  async all(): Promise<Choices> {
    const { allOf } = await import('./look-up.ts');
    const { chosen, notes } = allOf(await this.#load());
    if (chosen.length > 0) return { choices: chosen.map((each): Choice => ({ kind: 'entry', chosen: each })), notes };
    throw new CliError('BAD_CONFIG', `The config file ${JSON.stringify(this.file)} has no server that can be used`);
  }

  /** Throws CliError `USAGE`: no file has the name. */
  async unknown(name: string): Promise<never> {
    const { namesOf } = await import('./look-up.ts');
    const names = namesOf(await this.#load());
    const where = this.file === undefined ? 'No config file' : `The config file ${JSON.stringify(this.file)}`;
    const has = names.length === 0 ? '' : `; it has ${names.slice(0, 20).join(', ')}`;
    const next = this.file === undefined ? `${await this.hint(name)}; mcp-dbg servers lists all` : has;
    throw new CliError(
      'USAGE',
      `${where} has ${this.file === undefined ? 'a' : 'no'} server ${JSON.stringify(name)}${next}`,
    );
  }

  /** What else could have been meant by a name that no file has, and which files could not be read. */
  async hint(name: string): Promise<string> {
    const [{ nearestWord }, { namesOf }, { faultText }] = await Promise.all([
      import('@mcp-dbg/capture'),
      import('./look-up.ts'),
      import('./load-configs.ts'),
    ]);
    const configs = await this.#load();
    const meant = nearestWord(name, namesOf(configs));
    const broken = configs.flatMap((config) =>
      config.kind === 'fault' ? [`${config.source.path} (${faultText(config.fault)})`] : [],
    );
    return [
      meant === undefined ? '' : `; a config file has ${JSON.stringify(meant)}`,
      broken.length === 0 ? '' : `; not read: ${broken.join(', ')}`,
    ].join('');
  }

  async #load(): Promise<readonly LoadedConfig[]> {
    const { loadConfigs, loadNamedConfig } = await import('./load-configs.ts');
    this.#loaded ??= this.file === undefined ? loadConfigs(this.#io) : [loadNamedConfig(this.file, this.#io)];
    return this.#loaded;
  }
}
