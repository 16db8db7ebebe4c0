import type { ConfigFault, ConfigSource } from './config-entry.ts';
import { HOSTS } from './hosts.ts';
import { membersOf } from './members.ts';
import { type Parsed, parseConfig } from './parse-config.ts';

/** Servers of a config file that stand together. */
interface ServerTable {
  /** The names on the way to it from the root of the file. */
  readonly path: readonly string[];
  /** True for those of one project in the person's own file. */
  readonly isLocal: boolean;
  /** By name, as the file has them. */
  readonly servers: ReadonlyMap<string, unknown>;
}

/** The servers of a file in all tables that its host reads, what counts more first; or why they cannot be read. */
export type TablesRead =
  | {
      readonly kind: 'tables';
      readonly tables: readonly ServerTable[];
      readonly root: ReadonlyMap<string, unknown>;
      readonly repeats: Extract<Parsed, { kind: 'value' }>['repeats'];
    }
  | { readonly kind: 'fault'; readonly fault: ConfigFault };

/**
 * Finds the tables of servers in the text of a config file. `projects` are the folders, nearest first, for which a host keeps
 * servers in the person's own file. Never throws.
 */
export function readTables(text: string, source: ConfigSource, projects: readonly string[]): TablesRead {
  const { keys } = HOSTS[source.host];
  const parsed = parseConfig(text, formatOf(source));
  if (parsed.kind === 'fault') return parsed;
  const root = membersOf(parsed.value);
  if (root === undefined) return { kind: 'fault', fault: { message: 'it does not hold an object' } };
  const key = keys.find((each) => root.get(each) !== undefined);
  if (key === undefined && source.scope === 'named' && source.host !== 'claude-code') {
    return { kind: 'fault', fault: { message: `it has no servers: there is no ${orList(keys)} in it` } };
  }
  const servers = key === undefined ? new Map<string, unknown>() : membersOf(root.get(key));
  if (servers === undefined) return { kind: 'fault', fault: { message: `${key} is not an object` } };
  const own = key === undefined ? [] : [{ path: [key], isLocal: false, servers }];
  const local = source.host === 'claude-code' ? localTables(root, projects) : [];
  return {
    kind: 'tables',
    tables: [...local, ...own],
    root,
    repeats: parsed.repeats.filter((repeat) => repeat.key === key),
  };
}

/** Claude Code keeps what is for one project only in the person's own file, under the project's folder. */
function localTables(root: ReadonlyMap<string, unknown>, projects: readonly string[]): readonly ServerTable[] {
  const all = membersOf(root.get('projects'));
  return projects.flatMap((folder) => {
    const servers = membersOf(membersOf(all?.get(folder))?.get('mcpServers'));
    return servers === undefined ? [] : [{ path: ['projects', folder, 'mcpServers'], isLocal: true, servers }];
  });
}

/** The format of a file: its name's ending says TOML, or else its host says which. */
export function formatOf({ path, host }: ConfigSource): 'json' | 'toml' {
  return path.endsWith('.toml') ? 'toml' : HOSTS[host].format;
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
