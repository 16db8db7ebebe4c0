import type { ConfigContent, ConfigEntry, ConfigFault, ConfigInput, ConfigSource } from './config-entry.ts';
import { HOSTS } from './hosts.ts';
import { readEntry } from './read-entry.ts';
import { readInputs } from './read-inputs.ts';
import { readTables } from './server-tables.ts';

/** What came of reading a file. */
export type ConfigRead =
  | ({ readonly kind: 'content' } & ConfigContent)
  | { readonly kind: 'fault'; readonly fault: ConfigFault };

/**
 * Reads the text of a config file as its host does. `projects` are the folders, nearest first, for which a host keeps
 * servers in the person's own file. Never throws; one bad entry does not cost the others.
 */
export function readConfig(text: string, source: ConfigSource, projects: readonly string[] = []): ConfigRead {
  const read = readTables(text, source, projects);
  if (read.kind === 'fault') return read;
  const { found, notes } = merged(read.tables.map(({ servers }) => servers));
  const entries: readonly ConfigEntry[] = Array.from(found, ([name, value]) => readEntry(name, value, source));
  const inputs: readonly ConfigInput[] = HOSTS[source.host].dialect.inputs ? readInputs(read.root.get('inputs')) : [];
  const said = read.repeats.map(({ name }) => `${JSON.stringify(name)} is there more than once; the last one counts`);
  return { kind: 'content', entries, inputs, notes: [...notes, ...said] };
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
