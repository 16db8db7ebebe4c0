import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** What is waited for in vain is a hang, on the slowest and busiest machine too. */
const LIMIT_MS = 60_000;
const PAUSE_MS = 5;

/** True while a process of this id runs; a dead one that its parent has not waited for yet (Linux) does not. */
export function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    // "pid (name) state …": the name may hold anything, so the state is sought from the right.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    // Where there is /proc, it ended just now; elsewhere the signal's word stands.
    return !existsSync('/proc/self/stat');
  }
}

/**
 * Ends when `condition` gives true (or a promise of it), looking every 5 ms.
 * @throws Error naming `what` after `limitMs` milliseconds, 60 s unless given.
 */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs: number = LIMIT_MS,
): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`Waited ${limitMs / 1000} s in vain for: ${what}`);
    await wait(PAUSE_MS);
  }
}
