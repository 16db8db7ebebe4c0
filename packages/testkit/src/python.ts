import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processIsAlive } from './waiting.ts';

const run = promisify(execFile);
const PACKAGE = 'mcp==2.3.0';
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/mcp-dbg/', import.meta.url));
const PAUSE_MS = 100;
/** A failure is remembered for so long, so that one test run asks pip once. */
const FAILURE_LIFE_MS = 5 * 60_000;
/** A lock without a living owner's pid is dead after this; writing the pid takes far less. */
const LOCK_GRACE_MS = 10_000;

/** A Python that can import `mcp` 2.x, or the reason why there is none. */
export type PythonWithMcp = { readonly python: string } | { readonly missing: string };

/**
 * Gives the Python of a virtual environment that has the `mcp` package 2.3.0. The first call makes it (`python3 -m venv`
 * and pip: about half a minute, and the package registry must be in reach); it is kept under `node_modules/.cache`.
 * Any number of processes may ask at once. Never rejects for want of Python, pip or network: it says what is missing,
 * and the caller skips its tests aloud.
 */
export function pythonWithMcp(cache: string = CACHE): Promise<PythonWithMcp> {
  const folder = join(cache, `venv-${PACKAGE.replace('==', '-')}`);
  const ready = { python: join(folder, 'bin/python') };
  const remembered = async (): Promise<PythonWithMcp | undefined> =>
    existsSync(ready.python) ? ready : recentFailure(`${folder}.failed`);
  return (async () => {
    await mkdir(cache, { recursive: true });
    const release = await lock(`${folder}.lock`, async () => (await remembered()) === undefined);
    try {
      return (await remembered()) ?? (await make(folder)) ?? ready;
    } finally {
      await release();
    }
  })();
}

/** Builds beside `folder` and renames, so that `folder` is whole whenever it exists. */
async function make(folder: string): Promise<PythonWithMcp | undefined> {
  const making = `${folder}.making`;
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  try {
    await rm(making, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', making]);
    await run(join(making, 'bin/python'), [
      ...pip,
      '--retries',
      '1',
      '--timeout',
      '10',
      '--only-binary',
      ':all:',
      PACKAGE,
    ]);
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
    return undefined;
  } catch (error) {
    const missing = `Python with ${PACKAGE} could not be set up: ${reason(error)}`;
    await rm(making, { recursive: true, force: true });
    await writeFile(`${folder}.failed`, missing);
    return { missing };
  }
}

function reason(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const last = stderr.split('\n').at(-1) ?? '';
  return last === '' ? String(error) : last;
}

async function recentFailure(file: string): Promise<PythonWithMcp | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs > FAILURE_LIFE_MS) return undefined;
  return { missing: await readFile(file, 'utf8') };
}

/** Takes the lock, an exclusively made folder, or gives up waiting for it as soon as it is no longer `needed`. */
async function lock(folder: string, needed: () => Promise<boolean>): Promise<() => Promise<void>> {
  while (await needed()) {
    try {
      await mkdir(folder);
      await writeFile(join(folder, 'pid'), String(process.pid));
      return () => rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (await isAbandoned(folder)) await rm(folder, { recursive: true, force: true });
      else await wait(PAUSE_MS);
    }
  }
  return () => Promise.resolve();
}

async function isAbandoned(folder: string): Promise<boolean> {
  const pid = await readFile(join(folder, 'pid'), 'utf8').catch(() => '');
  if (pid !== '') return !processIsAlive(Number(pid));
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > LOCK_GRACE_MS;
}
