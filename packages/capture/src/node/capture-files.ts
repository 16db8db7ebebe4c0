import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { CAPTURE_EXTENSION } from './capture-folder.ts';

/** A regular file that is named as captures are. */
export interface CaptureFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** How many files are open at a time. */
const BATCH = 16;

/** The files of a folder that are named as captures are; none where it cannot be read. Links are left out. */
export async function captureFiles(folder: string): Promise<readonly CaptureFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith(CAPTURE_EXTENSION))
      .map(async (name) => {
        const path = join(folder, name);
        const found = await lstat(path).catch(() => undefined);
        return found?.isFile() === true ? { path, size: found.size } : undefined;
      }),
  );
  return files.filter((file) => file !== undefined);
}

/** Looks into files, a few at a time, and gives what was found, in their order. */
export async function inBatches<Found>(
  files: readonly CaptureFile[],
  look: (file: CaptureFile) => Promise<Found | undefined>,
): Promise<readonly Found[]> {
  const found: (Found | undefined)[] = [];
  for (let at = 0; at < files.length; at += BATCH) {
    found.push(...(await Promise.all(files.slice(at, at + BATCH).map(look))));
  }
  return found.filter((each) => each !== undefined);
}

/** Deletes a file; false where that is not possible. */
export async function remove(path: string): Promise<boolean> {
  return await unlink(path).then(
    () => true,
    () => false,
  );
}
