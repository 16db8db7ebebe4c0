import { isAbsolute } from 'node:path';

import { CliError } from '../exit-code.ts';
import type { ConfigEntry, ConfigInput, StdioEntry } from './config-entry.ts';
import type { UsableEntry } from './fill-entry.ts';
import { HOSTS } from './hosts.ts';
import type { LoadedConfig } from './load-configs.ts';

/** A server of a config file that was chosen to be started. */
export interface Chosen {
  readonly entry: UsableEntry;
  /** What its file asks a person for. */
  readonly inputs: readonly ConfigInput[];
}

/**
 * Finds the server of a name; undefined where no file has it. Throws CliError: `USAGE` where files have different servers of
 * that name, `BAD_CONFIG` where none that has it can be used.
 */
export function lookUp(name: string, configs: readonly LoadedConfig[]): Chosen | undefined {
  const all = standing(byName(configs).get(name) ?? []);
  const [first, ...others] = distinctRuns(all);
  if (first === undefined) {
    const [unusable] = all;
    if (unusable?.entry.kind === 'unusable') throw unusableError(unusable.entry.name, unusable.entry);
    return undefined;
  }
  if (others.length === 0) return first;
  const files = [first, ...others].map(({ entry: { source } }) => `${source.path} (${HOSTS[source.host].name})`);
  throw new CliError(
    'USAGE',
    `Several config files have a server ${JSON.stringify(name)}, and not the same: ${files.join(', ')}; choose with --config FILE`,
  );
}

/** All servers that their files do not switch off, and sentences about what was left out. */
export function allOf(configs: readonly LoadedConfig[]): {
  readonly chosen: readonly Chosen[];
  readonly notes: readonly string[];
} {
  const chosen: Chosen[] = [];
  const notes: string[] = [];
  for (const config of configs) {
    if (config.kind === 'fault') continue;
    for (const entry of config.entries) {
      if (entry.isOff) notes.push(`${entry.name} is left out: the file switches it off`);
      else if (entry.kind === 'unusable') notes.push(`${entry.name} is left out: ${entry.why}`);
      else chosen.push({ entry, inputs: config.inputs });
    }
  }
  return { chosen, notes };
}

/** The names that files understand differently, and the paths of these files. */
export function clashesIn(configs: readonly LoadedConfig[]): ReadonlyMap<string, readonly string[]> {
  const clashes = new Map<string, readonly string[]>();
  for (const [name, all] of byName(configs)) {
    const distinct = distinctRuns(standing(all));
    if (distinct.length > 1)
      clashes.set(
        name,
        distinct.map(({ entry }) => entry.source.path),
      );
  }
  return clashes;
}

/** All names of servers that can be used, without repeats. */
export function namesOf(configs: readonly LoadedConfig[]): readonly string[] {
  const entries = configs.flatMap((config) => (config.kind === 'content' ? config.entries : []));
  return [...new Set(entries.filter(({ kind }) => kind !== 'unusable').map(({ name }) => name))];
}

interface Candidate {
  readonly entry: ConfigEntry;
  readonly inputs: readonly ConfigInput[];
}

function byName(configs: readonly LoadedConfig[]): ReadonlyMap<string, readonly Candidate[]> {
  const names = new Map<string, Candidate[]>();
  for (const config of configs) {
    if (config.kind === 'fault') continue;
    for (const entry of config.entries) {
      const candidate = { entry, inputs: config.inputs };
      const others = names.get(entry.name);
      if (others === undefined) names.set(entry.name, [candidate]);
      else others.push(candidate);
    }
  }
  return names;
}

/** Servers of one name, less those that a nearer folder of the project, or one that is not switched off, stands before. */
function standing(all: readonly Candidate[]): readonly Candidate[] {
  const nearest = all.filter(
    ({ entry: { source } }, index) =>
      source.scope !== 'project' ||
      all.findIndex(({ entry: other }) => other.source.scope === 'project' && other.source.host === source.host) ===
        index,
  );
  const on = nearest.filter(({ entry }) => !entry.isOff);
  return on.length > 0 ? on : nearest;
}

/** Of those that would run the same one each: a person's own before a project's, which would have to be approved. */
function distinctRuns(all: readonly Candidate[]): readonly Chosen[] {
  const usable = all.flatMap(({ entry, inputs }): readonly Chosen[] =>
    entry.kind === 'unusable' ? [] : [{ entry, inputs }],
  );
  const ownFirst = usable.toSorted((a, b) => rank(a) - rank(b));
  const runs = new Map<string, Chosen>();
  for (const each of ownFirst) {
    const run = whatRuns(each.entry);
    if (!runs.has(run)) runs.set(run, each);
  }
  return [...runs.values()];
}

function rank({ entry }: Chosen): number {
  return entry.source.scope === 'project' ? 1 : 0;
}

/** All that decides what is started, as text. */
function whatRuns(entry: UsableEntry): string {
  return JSON.stringify(
    entry.kind === 'http'
      ? [entry.url, [...entry.headers], [...entry.headersFrom]]
      : [
          entry.argv,
          [...entry.env],
          entry.passedOn,
          entry.envFile,
          entry.cwd,
          isRelative(entry) ? entry.source.folder : null,
        ],
  );
}

/** True where the folder that a server is started in decides what is started. */
function isRelative({ argv, envFile, cwd }: StdioEntry): boolean {
  const isFound = argv.some((word) => /^\.{1,2}(?:$|[/\\])|^(?![/~])[^$]*\.(?:py|[cm]?[jt]s)$/.test(word));
  return isFound || [envFile, cwd].some((path) => path !== undefined && !isAbsolute(path) && !/^[~$]/.test(path));
}

function unusableError(name: string, { source, why }: ConfigEntry & { readonly kind: 'unusable' }): CliError {
  return new CliError('BAD_CONFIG', `Cannot use ${JSON.stringify(name)} of ${JSON.stringify(source.path)}: ${why}`);
}
