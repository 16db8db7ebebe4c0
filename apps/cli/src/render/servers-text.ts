import { maskArgv } from '@mcp-dbg/capture/redact';

import type { ConfigEntry } from '../config/config-entry.ts';
import { HOSTS } from '../config/hosts.ts';
import { type LoadedConfig, faultText } from '../config/load-configs.ts';
import { clashesIn } from '../config/look-up.ts';
import { commandText } from './command-text.ts';
import type { Theme } from './theme.ts';
import { tilded } from './tilded.ts';
import { visible } from './visible.ts';

/** The longest column of names. */
const MAX_NAME_COLUMNS = 24;

/** All config files with their servers, for a person: what each would run, without values of variables and secrets. */
export function serversText(configs: readonly LoadedConfig[], home: string, theme: Theme): string {
  const clashes = clashesIn(configs);
  return configs.map((config) => fileText(config, clashes, home, theme)).join('\n');
}

type Clashes = ReadonlyMap<string, readonly string[]>;

function fileText(config: LoadedConfig, clashes: Clashes, home: string, theme: Theme): string {
  const { source } = config;
  const whose = [HOSTS[source.host].name, source.scope === 'project' ? 'this project, asks before it runs' : ''];
  const head = `${theme.heading(visible(tilded(source.path, home)))}  ${theme.dim(whose.filter(Boolean).join(', '))}\n`;
  if (config.kind === 'fault') return `${head}  ${theme.bad(`cannot be read: ${visible(faultText(config.fault))}`)}\n`;
  if (config.entries.length === 0) return `${head}  ${theme.dim('no servers')}\n`;
  const longest = config.entries.reduce((most, { name }) => Math.max(most, visible(name).length), 0);
  const width = Math.min(MAX_NAME_COLUMNS, longest);
  const rows = config.entries.map((entry) => {
    const name = visible(entry.name).padEnd(width);
    const remarks = remarksOn(entry, clashes, home).map(
      (remark) => `\n  ${' '.repeat(width)}  ${theme.warn(visible(remark))}`,
    );
    return `  ${theme.tool(name)}  ${entryText(entry, theme)}${remarks.join('')}\n`;
  });
  return head + rows.join('') + config.notes.map((note) => `  ${theme.warn(visible(note))}\n`).join('');
}

function entryText(entry: ConfigEntry, theme: Theme): string {
  switch (entry.kind) {
    case 'unusable':
      return theme.bad(`cannot be used: ${visible(entry.why)}`);
    case 'http': {
      const [url = ''] = maskArgv([entry.url]);
      return visible(url) + given('headers', [...entry.headers.keys(), ...entry.headersFrom.keys()], theme);
    }
    case 'stdio':
      return visible(commandText(maskArgv(entry.argv))) + given('env', [...entry.env.keys(), ...entry.passedOn], theme);
  }
}

function given(what: string, names: readonly string[], theme: Theme): string {
  return names.length === 0 ? '' : `  ${theme.dim(`${what}: ${names.map((name) => visible(name)).join(', ')}`)}`;
}

function remarksOn(entry: ConfigEntry, clashes: Clashes, home: string): readonly string[] {
  const others = (clashes.get(entry.name) ?? []).filter((path) => path !== entry.source.path);
  return [
    ...(entry.isOff ? ['switched off in this file'] : []),
    ...(others.length === 0
      ? []
      : [`another one in ${others.map((path) => tilded(path, home)).join(', ')}; choose with --config FILE`]),
  ];
}
