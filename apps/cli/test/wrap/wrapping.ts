import { HOSTS, type HostId } from '../../src/config/hosts.ts';
import { readEntry } from '../../src/config/read-entry.ts';
import type { ConfigSource } from '../../src/config/config-entry.ts';
import { readTables } from '../../src/config/server-tables.ts';
import { type FileChange, type Wish, changeFile } from '../../src/wrap/change-file.ts';
import type { ConfigFile } from '../../src/wrap/config-file.ts';
import type { Kept } from '../../src/wrap/pieces.ts';
import { wrappedIn } from '../../src/wrap/wrapped-argv.ts';

/** What the entries of these tests start when they are wrapped. */
export const WORDS = ['/opt/node', '/opt/mcp-dbg/dist/bin.js', 'proxy', '--label', 'it', '--'] as const;

/** A config file that is no file, as the editing sees it. */
function fileOf(text: string): ConfigFile {
  return { path: '/x', real: '/x', text, bytes: Buffer.from(text) };
}

/** What becomes of the entries of these names: wrapped with these words, or unwrapped where there are none. */
export function changed(
  text: string,
  host: HostId,
  names: readonly string[],
  words: Wish['words'],
  kept?: readonly (Kept | undefined)[],
): FileChange {
  const file = fileOf(text);
  const source: ConfigSource = { path: '/x', host, scope: 'user', folder: '/' };
  const read = readTables(text, source, []);
  if (read.kind === 'fault')
    throw new Error(`${HOSTS[host].name} cannot read ${JSON.stringify(text)}: ${read.fault.message}`);
  const [table] = read.tables;
  const wishes = names.map((name, index): Wish => {
    const entry = readEntry(name, table?.servers.get(name), source);
    if (entry.kind !== 'stdio') throw new Error(`${name} cannot be started: ${JSON.stringify(entry)}`);
    const wrapped = wrappedIn(entry.argv);
    return { entry, path: [...(table?.path ?? []), name], wrapped, words, kept: kept?.[index] };
  });
  return changeFile(file, wishes, words === undefined ? 'unwrap' : 'wrap');
}

/** The value that a text of JSON or TOML has, as the program reads it. */
export function entriesOf(text: string, host: HostId): ReadonlyMap<string, unknown> {
  const read = readTables(text, { path: '/x', host, scope: 'user', folder: '/' }, []);
  if (read.kind === 'fault') throw new Error(read.fault.message);
  return read.tables[0]?.servers ?? new Map();
}
