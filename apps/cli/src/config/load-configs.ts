import { CliError } from '../exit-code.ts';
import { readSmallFile } from '../private-file.ts';
import type { ConfigContent, ConfigFault, ConfigSource } from './config-entry.ts';
import { findConfigs, namedConfig, projectFolders } from './find-configs.ts';
import type { World } from './hosts.ts';
import { readConfig } from './read-config.ts';

/** Bytes of a config file at most: Claude Code keeps its whole history in one. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A config file that was looked at. */
export type LoadedConfig =
  | ({ readonly kind: 'content'; readonly source: ConfigSource } & ConfigContent)
  | { readonly kind: 'fault'; readonly source: ConfigSource; readonly fault: ConfigFault };

/** Reads all config files that are there. A broken one costs only itself. */
export function loadConfigs(world: World): readonly LoadedConfig[] {
  return findConfigs(world).map((source) => loaded(source, world));
}

/** Reads the one file that the person named. Throws CliError `BAD_CONFIG` where it cannot be used. */
export function loadNamedConfig(file: string, world: World): LoadedConfig & { readonly kind: 'content' } {
  const config = loaded(namedConfig(file, world), world);
  if (config.kind === 'content') return config;
  throw new CliError('BAD_CONFIG', `Cannot use the config file ${JSON.stringify(file)}: ${faultText(config.fault)}`);
}

/** Where and why a file cannot be read, as the end of a sentence. */
export function faultText({ message, line, column }: ConfigFault): string {
  return line === undefined ? message : `line ${line}, column ${column ?? 1}: ${message}`;
}

function loaded(source: ConfigSource, world: World): LoadedConfig {
  let text: string;
  try {
    text = readSmallFile(source.path, MAX_BYTES, 'followed');
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { kind: 'fault', source, fault: { message: error.message } };
  }
  const read = readConfig(text, source, projectFolders(world));
  return { ...read, source };
}
