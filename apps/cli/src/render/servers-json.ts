import { maskArgv } from '@mcp-dbg/capture/redact';

import type { ConfigEntry } from '../config/config-entry.ts';
import type { LoadedConfig } from '../config/load-configs.ts';
import { clashesIn } from '../config/look-up.ts';
import { safeJson } from './visible.ts';

/** The same for programs, as one document; see docs/guides/servers-of-config-files.md. */
export function serversJson(configs: readonly LoadedConfig[]): string {
  const files = configs.map((config) => {
    const { path, host, scope } = config.source;
    return { path, host, scope, error: config.kind === 'fault' ? config.fault : null };
  });
  const clashes = clashesIn(configs);
  const servers = configs.flatMap((config) =>
    config.kind === 'fault' ? [] : config.entries.map((entry) => serverJson(entry, clashes.get(entry.name) ?? [])),
  );
  return safeJson(JSON.stringify({ files, servers }));
}

function serverJson(entry: ConfigEntry, clashing: readonly string[]): object {
  const { name, source, isOff } = entry;
  const clashes = clashing.filter((path) => path !== source.path);
  const head = { name, file: source.path, host: source.host, scope: source.scope };
  return { ...head, ...launchJson(entry), disabled: isOff, clashes };
}

/** Names of variables and headers, never their values; secrets of a command or a URL are masked. */
function launchJson(entry: ConfigEntry): object {
  switch (entry.kind) {
    case 'unusable':
      return { kind: entry.kind, why: entry.why };
    case 'http':
      return {
        kind: entry.kind,
        url: maskArgv([entry.url])[0],
        headers: [...entry.headers.keys(), ...entry.headersFrom.keys()],
      };
    case 'stdio':
      return {
        kind: entry.kind,
        argv: maskArgv(entry.argv),
        cwd: entry.cwd ?? entry.source.folder,
        env: [...entry.env.keys(), ...entry.passedOn],
        envFile: entry.envFile ?? null,
      };
  }
}
