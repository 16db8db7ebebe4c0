import { setTimeout as wait } from 'node:timers/promises';

const LIMIT_MS = 10_000;
const PAUSE_MS = 5;

/** True while a process of this id exists; one that ended and was not yet waited for by its parent counts as alive. */
export function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Ends when `condition` gives true (or a promise of it), looking every 5 ms.
 * @throws Error naming `what` after 10 s.
 */
export async function waitFor(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const limit = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`Waited ${LIMIT_MS / 1000} s in vain for: ${what}`);
    await wait(PAUSE_MS);
  }
}
