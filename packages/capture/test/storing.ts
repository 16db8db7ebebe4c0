import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { record } from './writing.ts';

/** Writes a closed capture of about `size` bytes that says it was started at `at`, by the process `pid`. */
export function stored(folder: string, name: string, at: string, { size = 1000, pid = 1, close = true } = {}): string {
  const path = join(folder, `${name}.mcpcap`);
  const file = record(path, [{ from: 'client', bytes: Buffer.alloc(size, 'x') }], close);
  const text = file
    .toString('latin1')
    .replace(/"at":"[^"]+"/, `"at":"${at}"`)
    .replace(/"pid":\d+/, `"pid":${pid}`);
  writeFileSync(path, text, 'latin1');
  return path;
}

/** The id of a process that is gone. */
export async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}
