import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { codeOf } from './system-reason.ts';

/**
 * Makes a folder that only its owner can enter, and those above it that are missing. Node's own `recursive` never
 * comes back where a file system answers ENOENT whatever is made, as /proc does. Throws what the system throws.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
