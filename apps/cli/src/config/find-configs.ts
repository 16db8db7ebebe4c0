import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

import type { ConfigSource } from './config-entry.ts';
import { HOSTS, HOST_IDS, type HostId, type World } from './hosts.ts';

/**
 * The config files that are there: those of the person, and those of the project that the current folder belongs to.
 * Of one host's files in a project the nearest comes first.
 */
export function findConfigs(world: World): readonly ConfigSource[] {
  const folders = projectFolders(world);
  const own = HOST_IDS.flatMap((host) =>
    HOSTS[host]
      .userFiles(world)
      .map((path): ConfigSource => ({ path, host, scope: 'user', folder: startOf(host, world) })),
  );
  const projects = HOST_IDS.flatMap((host) =>
    HOSTS[host].projectFiles.flatMap((file) =>
      folders.map((folder): ConfigSource => ({ path: join(folder, file), host, scope: 'project', folder })),
    ),
  );
  const ownPaths = new Set(own.map(({ path }) => path));
  return [...own, ...projects.filter(({ path }) => !ownPaths.has(path))].filter(({ path }) => existsSync(path));
}

/** A file that the person named. Its path says whose it is, and so what is filled in; else it is nobody's. */
export function namedConfig(file: string, world: World): ConfigSource {
  const path = resolve(world.cwd, file);
  const known = hostOf(path, world);
  if (known === undefined) return { path, host: 'plain', scope: 'named', folder: world.cwd };
  return { path, scope: 'named', host: known.host, folder: known.project ?? startOf(known.host, world) };
}

/**
 * The folders of the project, the nearest first: the current one and those above it up to the root of the repository or
 * below the home folder. Where there is neither, what stands above belongs to somebody else.
 */
export function projectFolders({ cwd, home }: Pick<World, 'cwd' | 'home'>): readonly string[] {
  const folders: string[] = [];
  for (let folder = cwd; folder !== home; folder = dirname(folder)) {
    folders.push(folder);
    if (existsSync(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) return [cwd];
  }
  return folders;
}

interface KnownFile {
  readonly host: HostId;
  /** The folder of the project; undefined for a person's own file. */
  readonly project?: string;
}

function hostOf(path: string, world: World): KnownFile | undefined {
  const slashed = path.split(sep).join('/');
  for (const host of HOST_IDS) {
    const { userFiles, projectFiles } = HOSTS[host];
    if (userFiles(world).some((own) => own === path || isNamedLike(own, path))) return { host };
    const file = projectFiles.find((each) => host !== 'plain' && slashed.endsWith(`/${each}`));
    if (file !== undefined) return { host, project: path.slice(0, -file.length - 1) || sep };
  }
  return path.endsWith('.toml') ? { host: 'codex' } : undefined;
}

/** True for a copy of a host's file, where the file's name says whose it is. */
function isNamedLike(own: string, path: string): boolean {
  const name = basename(path);
  return basename(own) === name && name !== 'mcp.json' && name !== 'config.toml';
}

function startOf(host: HostId, { cwd, home }: World): string {
  return HOSTS[host].startsIn === 'home' ? home : cwd;
}
