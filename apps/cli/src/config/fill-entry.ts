import { basename, resolve, sep } from 'node:path';

import type { ServerConfig } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import type { ConfigSource, HttpEntry, StdioEntry } from './config-entry.ts';
import { type Place, type Reference, partsOf } from './dialect.ts';
import { type Filled, type Known, fillIn } from './fill-in.ts';
import { HOSTS, type World } from './hosts.ts';

/** A server of a config file, ready to be started. */
export interface FilledEntry {
  readonly config: ServerConfig;
  /** What a person should know of it, in sentences. */
  readonly notes: readonly string[];
}

/** An entry that can be started. */
export type UsableEntry = StdioEntry | HttpEntry;

/** All that an entry refers to. */
export function referencesOf(entry: UsableEntry): readonly Reference[] {
  const { dialect } = HOSTS[entry.source.host];
  return textsOf(entry).flatMap((text) => partsOf(text, dialect).filter((part) => typeof part !== 'string'));
}

/** What editors say of themselves, for the servers of a file: the current folder stands for the one that is open. */
export function placesOf({ folder }: ConfigSource, { cwd, home }: World): Readonly<Record<Place, string>> {
  const workspace = folder === home ? cwd : folder;
  return {
    workspaceFolder: workspace,
    workspaceFolderBasename: basename(workspace),
    userHome: home,
    pathSeparator: sep,
    cwd: workspace,
  };
}

/** The path of the file that holds variables of an entry; undefined where it has none. */
export function envFileOf(entry: UsableEntry, known: Known): string | undefined {
  if (entry.kind === 'http' || entry.envFile === undefined) return undefined;
  return pathIn(entry, new Filling(entry, known).text(entry.envFile, 'envFile'), known);
}

/**
 * Fills in an entry as its host would, `fromFile` the variables of its file. A server of a config file is not trusted: no
 * person named its command. Throws CliError `BAD_CONFIG` where it cannot be started like that; no value is in the message.
 */
export function fillEntry(
  entry: UsableEntry,
  known: Known,
  fromFile: Readonly<Record<string, string | undefined>>,
): FilledEntry {
  const filling = new Filling(entry, known);
  const config = entry.kind === 'http' ? fillHttp(entry, filling, known) : fillStdio(entry, filling, known, fromFile);
  return { config, notes: filling.notes };
}

function fillStdio(
  entry: StdioEntry,
  filling: Filling,
  known: Known,
  fromFile: Readonly<Record<string, string | undefined>>,
): ServerConfig {
  const { name, argv, source } = entry;
  const words = argv.map((word, index) => filling.both(word, index === 0 ? 'command' : `args[${index - 1}]`));
  const [command = '', ...args] = words.map(({ text }) => homed(text, entry, known));
  if (command.trim() === '') throw filling.wrong('its command is empty');
  const [shown = command, ...others] = words.map(({ shown }) => shown);
  const cwd = entry.cwd === undefined ? source.folder : pathIn(entry, filling.text(entry.cwd, 'cwd'), known);
  return {
    name,
    trusted: false,
    argv: [command, ...args],
    shownArgv: [shown, ...others],
    cwd,
    env: variablesOf(entry, filling, known, fromFile),
  };
}

function variablesOf(
  entry: StdioEntry,
  filling: Filling,
  known: Known,
  fromFile: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(fromFile)) if (value !== undefined) all.set(key, value);
  for (const key of entry.passedOn) {
    const value = known.variables[key];
    if (value === undefined) filling.note(`${key} is not set, and is not passed on`);
    else all.set(key, value);
  }
  for (const [key, raw] of entry.env) {
    if (raw === null) {
      all.delete(key);
      continue;
    }
    const value = filling.text(raw, `env.${key}`);
    const path = all.get(key) ?? known.variables[key];
    // VS Code alone puts what a file says behind the PATH that there is.
    const isMore = entry.source.host === 'vscode' && key.toUpperCase() === 'PATH' && path !== undefined;
    all.set(key, isMore ? `${path}:${value}` : value);
  }
  return Object.fromEntries(all);
}

function fillHttp(entry: HttpEntry, filling: Filling, { variables }: Known): ServerConfig {
  const { text: url, unset } = filling.both(entry.url, 'url');
  if (unset[0] !== undefined) throw filling.wrong(`its url needs ${unset[0]}, which is not set; set it`);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw filling.wrong('its url is not one of http or https');
  const headers = new Map<string, string>();
  for (const [name, raw] of entry.headers) headers.set(name, filling.text(raw, `headers.${name}`));
  for (const [name, { prefix, variable, isNeeded }] of entry.headersFrom) {
    const value = variables[variable];
    if (value !== undefined) headers.set(name, prefix + value);
    else if (isNeeded) throw filling.wrong(`its token is the value of ${variable}, which is not set; set it`);
    else filling.note(`${variable} is not set, and the header ${name} is left out`);
  }
  for (const [name, value] of headers)
    if (/[\0\r\n]/.test(value)) throw filling.wrong(`its header ${name} has a line break`);
  if (entry.isSse) filling.note('the file says sse, an older transport; it is asked for Streamable HTTP');
  return { name: entry.name, trusted: false, url: new URL(url).href, headers: Object.fromEntries(headers) };
}

/** The texts of one entry being filled in, and what has to be said of it. */
class Filling {
  readonly notes: string[] = [];
  readonly #entry: UsableEntry;
  readonly #known: Known;

  constructor(entry: UsableEntry, known: Known) {
    this.#entry = entry;
    this.#known = known;
  }

  note(text: string): void {
    this.notes.push(`${this.#entry.name}: ${text}`);
  }

  text(raw: string, at: string): string {
    return this.both(raw, at).text;
  }

  both(raw: string, at: string): Pick<Filled, 'text' | 'shown' | 'unset'> {
    const { name, dialect } = HOSTS[this.#entry.source.host];
    const { text, shown, unset, foreign } = fillIn(raw, dialect, this.#known);
    const [first] = foreign;
    if (first !== undefined) throw this.wrong(`its ${at} has ${first}, which only the editor can fill in`);
    const what = dialect.unset === 'empty' ? 'is left empty' : 'stays as it is written';
    const as = this.#entry.source.host === 'plain' ? '' : `, as in ${name}`;
    for (const variable of unset) this.note(`${variable} is not set; in ${at} it ${what}${as}`);
    if (text.includes('\0')) throw this.wrong(`its ${at} has a NUL character`);
    return { text, shown, unset };
  }

  wrong(why: string): CliError {
    const { name, source } = this.#entry;
    return new CliError('BAD_CONFIG', `Cannot use ${JSON.stringify(name)} of ${JSON.stringify(source.path)}: ${why}`);
  }
}

function textsOf(entry: UsableEntry): readonly string[] {
  if (entry.kind === 'http') return [entry.url, ...entry.headers.values()];
  const { argv, env, envFile, cwd } = entry;
  return [...argv, ...env.values(), envFile, cwd].filter((text) => typeof text === 'string');
}

function pathIn(entry: UsableEntry, path: string, known: Known): string {
  return resolve(entry.source.folder, homed(path, entry, known));
}

/** VS Code takes a tilde at the beginning for the home folder; no shell does it here. */
function homed(text: string, { source }: UsableEntry, { places }: Known): string {
  return source.host === 'vscode' ? text.replace(/^~(?=$|[/\\])/, () => places.userHome) : text;
}
