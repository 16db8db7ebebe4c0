import { readFileSync } from 'node:fs';

import { codeOf } from './system-reason.ts';

/** True while a process of this id runs. A dead one that its parent has not waited for yet (Linux) runs no more. */
export function isAlive(pid: number): boolean {
  return hasProcess(pid) && !isZombie(pid);
}

/** True while the system knows a process of this id, be it one that has died and was not waited for yet. */
export function hasProcess(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user is there as well.
    return codeOf(error) === 'EPERM';
  }
}

function isZombie(pid: number): boolean {
  try {
    // "pid (name) state …": the name may hold anything, so the state is sought from the right.
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return status.charAt(status.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return false;
  }
}
