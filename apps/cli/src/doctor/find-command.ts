import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

import type { Surroundings } from './hosts.ts';
import type { Launch } from './launch.ts';
import type { CommandPlace, MissingPath } from './start-facts.ts';

/** Folders below the home folder into which version managers and installers put programs. */
const PERSONAL = [
  '.local/bin',
  '.cargo/bin',
  '.pyenv/shims',
  '.volta/bin',
  '.bun/bin',
  '.deno/bin',
  '.asdf/shims',
  '.local/share/mise/shims',
  'go/bin',
];
const SYSTEM = ['/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin', '/usr/bin'];
/** Places that are told of at most. */
const MAX_PLACES = 3;

/** Looks for the command of a launch as the system would, and wherever else programs usually are. */
export function findCommand({ argv: [name], env, cwd }: Launch, world: Surroundings): CommandPlace {
  const path = env['PATH'] ?? '';
  if (name === '' || name.includes('/')) {
    const file = resolve(cwd, name);
    return { name, path, found: name !== '' && existsSync(file) ? file : undefined, elsewhere: [] };
  }
  const found = foldersOf(path)
    .map((folder) => resolve(cwd, folder, name))
    .find(isProgram);
  if (found !== undefined) return { name, path, found, elsewhere: [] };
  const places = [
    ...foldersOf(world.env['PATH'] ?? ''),
    ...[world.cwd, cwd].flatMap((folder) =>
      ['.venv/bin', 'venv/bin', 'node_modules/.bin'].map((each) => join(folder, each)),
    ),
    ...nvmFolders(world),
    ...PERSONAL.map((folder) => join(world.home, folder)),
    ...SYSTEM,
  ];
  const elsewhere = new Set(places.map((folder) => resolve(world.cwd, folder, name)).filter(isProgram));
  return { name, path, found, elsewhere: [...elsewhere].slice(0, MAX_PLACES) };
}

/** Arguments of a launch that name a file or a folder from where we stand, but not from its own folder. */
export function missingPaths({ argv: [, ...args], cwd }: Launch, world: Surroundings): readonly MissingPath[] {
  return args.flatMap((word) => {
    const here = resolve(world.cwd, word);
    const isPath = word !== '' && !word.startsWith('-') && !isAbsolute(word) && /[./\\]/.test(word);
    return isPath && existsSync(here) && !existsSync(resolve(cwd, word)) ? [{ word, here }] : [];
  });
}

/** Pythons of virtual environments in the folders of the files that a launch names, around them, and in our own. */
export function findPythons({ argv, cwd }: Launch, world: Surroundings): readonly string[] {
  const folders = argv
    .map((word) => [word, resolve(world.cwd, word), resolve(cwd, word)] as const)
    .flatMap(([word, ...paths]) => (/[./\\]/.test(word) ? paths.filter((path) => existsSync(path)).map(dirname) : []))
    .flatMap((folder) => [folder, dirname(folder)]);
  const pythons = [...folders, world.cwd]
    .flatMap((folder) => [join(folder, '.venv'), join(folder, 'venv')])
    .flatMap((venv) => [join(venv, 'bin', 'python'), join(venv, 'Scripts', 'python.exe')])
    .filter(isProgram);
  return [...new Set(pythons)].filter((python) => python !== argv[0]);
}

/** Where nvm keeps programs, the newest Node first. */
function nvmFolders({ env, home }: Surroundings): readonly string[] {
  const versions = join(env['NVM_DIR'] ?? join(home, '.nvm'), 'versions', 'node');
  try {
    const numeric = new Intl.Collator('en', { numeric: true });
    return readdirSync(versions)
      .toSorted((one, other) => numeric.compare(other, one))
      .map((version) => join(versions, version, 'bin'));
  } catch {
    return [];
  }
}

function foldersOf(path: string): readonly string[] {
  return path.split(delimiter).filter((folder) => folder !== '');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
