import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { PopularServer } from './popular-servers.ts';

const run = promisify(execFile);

/**
 * Installs a server into a folder of its own in `cache`, unless it is there, and gives the words that start it. No
 * script of an npm package is run. A folder is whole whenever it exists: it is made beside its name and renamed.
 */
export async function installServer(server: PopularServer, cache: string): Promise<readonly string[]> {
  const { from, name, version, bin } = server;
  const folder = join(cache, `${name.replaceAll(/[^\w.-]/g, '_')}-${version}`);
  // A command of a virtual environment holds its path, which changes here; a module does not.
  const start = from === 'npm' ? [join(folder, 'node_modules/.bin', bin)] : [join(folder, 'bin/python'), '-m', bin];
  if (existsSync(folder)) return start;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  try {
    await (from === 'npm' ? installNpm : installPyPI)(making, server);
    renameSync(making, folder);
    return start;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

async function installNpm(folder: string, { name, version, beside = [] }: PopularServer): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...flags, `${name}@${version}`, ...beside], { cwd: folder });
}

async function installPyPI(folder: string, { name, version, beside = [] }: PopularServer): Promise<void> {
  await run('python3', ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  await run(join(folder, 'bin/python'), [...pip, `${name}==${version}`, ...beside]);
}
