import { randomBytes } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

import { isAlive } from '@mcp-dbg/capture/node';

import { CliError } from '../exit-code.ts';
import { makePrivateFile, readSmallFile, statusOf } from '../private-file.ts';

/** Milliseconds between two looks at a lock, and until it is given up. */
const LOOK_MS = 50;
const GIVE_UP_MS = 60_000;
/** Milliseconds after which a lock is nobody's: whoever takes one gives every step of his a limit below this. */
const STALE_MS = 120_000;
/** Bytes of a lock at most. */
const MAX_LOCK = 100;

/**
 * Does something while no other process does it under the same lock, a file that is gone afterwards. A lock of a process
 * that has died is taken away. Throws CliError `UNAVAILABLE` where it is held for a minute.
 */
export async function underLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  const own = `${process.pid} ${randomBytes(8).toString('hex')}\n`;
  for (let waited = 0; !makePrivateFile(path, own); waited += LOOK_MS) {
    if (waited >= GIVE_UP_MS) throw new CliError('UNAVAILABLE', `${JSON.stringify(path)} is held by another process`);
    const holder = abandoned(path);
    if (holder === undefined) await wait(LOOK_MS);
    else takeAway(path, holder);
  }
  try {
    return await task();
  } finally {
    if (read(path) === own) rmSync(path, { force: true });
  }
}

/** What a lock says whose process is no more; undefined for one that is held, or gone. */
function abandoned(path: string): string | undefined {
  const status = statusOf(path);
  const text = read(path);
  if (status === undefined || text === undefined) return undefined;
  const pid = Number(/^(\d{1,9}) /.exec(text)?.[1]);
  const isOld = Date.now() - status.mtimeMs > STALE_MS;
  return isOld || (pid > 0 && !isAlive(pid)) ? text : undefined;
}

/** Removes a lock that is still the one that was read: another process may have put its own there just now. */
function takeAway(path: string, text: string): void {
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = read(aside);
  rmSync(aside, { force: true });
  if (taken !== undefined && taken !== text) makePrivateFile(path, taken);
}

function read(path: string): string | undefined {
  try {
    return readSmallFile(path, MAX_LOCK);
  } catch {
    return undefined;
  }
}
