import type { ConfigEntry, ConfigSource } from '../config/config-entry.ts';
import { findConfigs, namedConfig, projectFolders } from '../config/find-configs.ts';
import { faultText } from '../config/load-configs.ts';
import { readEntry } from '../config/read-entry.ts';
import { readTables } from '../config/server-tables.ts';
import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { Client, Scope } from './clients.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import type { EntryPath } from './entry-spots.ts';

/** An entry where it stands. */
export interface Place {
  readonly entry: ConfigEntry;
  readonly path: EntryPath;
  readonly scope: Scope | 'named';
  readonly file: ConfigFile;
}

/** A config file with its entries, or why it cannot be used, as the end of a sentence. */
export type Looked =
  | { readonly kind: 'places'; readonly source: ConfigSource; readonly places: readonly Place[] }
  | { readonly kind: 'fault'; readonly source: ConfigSource; readonly why: string };

/** Reads the config files of some clients that are there, or the one that is named as if it were of the only client. */
export function lookAt(clients: readonly Client[], config: string | undefined, io: Io): readonly Looked[] {
  const sources =
    config === undefined
      ? findConfigs(io).filter(({ host }) => clients.some((client) => client === host))
      : clients.map((host): ConfigSource => ({ ...namedConfig(config, io), host }));
  return sources.map((source) => looked(source, io));
}

function looked(source: ConfigSource, io: Io): Looked {
  try {
    const file = readConfigFile(source.path);
    const read = readTables(file.text, source, projectFolders(io));
    if (read.kind === 'fault') return { kind: 'fault', source, why: `${faultText(read.fault)}; mend that first` };
    const places = read.tables.flatMap(({ path, isLocal, servers }) =>
      Array.from(servers, ([name, value]): Place => ({
        entry: readEntry(name, value, source),
        path: [...path, name],
        scope: isLocal ? 'local' : source.scope,
        file,
      })),
    );
    return { kind: 'places', source, places };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { kind: 'fault', source, why: error.message };
  }
}
