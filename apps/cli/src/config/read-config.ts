import type { ConfigContent, ConfigEntry, ConfigFault, ConfigInput, ConfigSource } from './config-entry.ts';
import { HOSTS } from './hosts.ts';
import { membersOf } from './members.ts';
import { parseConfig } from './parse-config.ts';
import { readEntry } from './read-entry.ts';
import { readInputs } from './read-inputs.ts';

/** What came of reading a file. */
export type ConfigRead =
  | ({ readonly kind: 'content' } & ConfigContent)
  | { readonly kind: 'fault'; readonly fault: ConfigFault };

/**
 * Reads the text of a config file as its host does. `projects` are the folders, nearest first, for which a host keeps
 * servers in the person's own file. Never throws; one bad entry does not cost the others.
 */
export function readConfig(text: string, source: ConfigSource, projects: readonly string[] = []): ConfigRead {
  const { format, keys } = HOSTS[source.host];
  const parsed = parseConfig(text, formatOf(source.path) ?? format);
  if (parsed.kind === 'fault') return parsed;
  const root = membersOf(parsed.value);
  if (root === undefined) return { kind: 'fault', fault: { message: 'it does not hold an object' } };
  const key = keys.find((each) => root.get(each) !== undefined);
  if (key === undefined && source.scope === 'named' && source.host !== 'claude-code') {
    return { kind: 'fault', fault: { message: `it has no servers: there is no ${orList(keys)} in it` } };
  }
  const own = key === undefined ? new Map<string, unknown>() : membersOf(root.get(key));
  if (own === undefined) return { kind: 'fault', fault: { message: `${key} is not an object` } };
  const local = source.host === 'claude-code' ? localServers(root, projects) : [];
  const { found, notes } = merged([...local, own]);
  const repeats = parsed.repeats.filter((repeat) => repeat.key === key);
  const entries: readonly ConfigEntry[] = Array.from(found, ([name, value]) => readEntry(name, value, source));
  const inputs: readonly ConfigInput[] = HOSTS[source.host].dialect.inputs ? readInputs(root.get('inputs')) : [];
  const said = repeats.map(({ name }) => `${JSON.stringify(name)} is there more than once; the last one counts`);
  return { kind: 'content', entries, inputs, notes: [...notes, ...said] };
}

/** Claude Code keeps what is for one project only in the person's own file, under the project's folder. */
function localServers(
  root: ReadonlyMap<string, unknown>,
  projects: readonly string[],
): readonly ReadonlyMap<string, unknown>[] {
  const all = membersOf(root.get('projects'));
  return projects.flatMap((folder) => {
    const servers = membersOf(membersOf(all?.get(folder))?.get('mcpServers'));
    return servers === undefined ? [] : [servers];
  });
}

/** Puts lists of servers together; of one name the first counts. */
function merged(lists: readonly ReadonlyMap<string, unknown>[]): {
  readonly found: ReadonlyMap<string, unknown>;
  readonly notes: readonly string[];
} {
  const found = new Map<string, unknown>();
  const notes: string[] = [];
  for (const [name, value] of lists.flatMap((list) => [...list])) {
    if (!found.has(name)) found.set(name, value);
    else notes.push(`${JSON.stringify(name)} is there for this project and for all; the one for this project counts`);
  }
  return { found, notes };
}

function formatOf(path: string): 'toml' | undefined {
  return path.endsWith('.toml') ? 'toml' : undefined;
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
