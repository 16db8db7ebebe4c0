import { type CaptureFile, captureFiles, inBatches, remove } from './capture-files.ts';
import { type Peek, byStart, peekCapture } from './peek-capture.ts';

/** What the captures of a folder may take together before the oldest are deleted, in bytes. */
export const MAX_FOLDER_BYTES: number = 512 * 1024 * 1024;

/**
 * Deletes the oldest captures of a folder until all of them take no more than `maxBytes`. One whose writer may still
 * run is never deleted, nor is any file that is no capture. Gives the paths that were deleted; what cannot be read or
 * deleted is left alone. Never rejects.
 */
export async function pruneCaptures(folder: string, maxBytes: number = MAX_FOLDER_BYTES): Promise<readonly string[]> {
  const files = await captureFiles(folder);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  if (total <= maxBytes) return [];
  const deletable = (await inBatches(files, deletableAt)).toSorted(byStart);
  const deleted: string[] = [];
  for (const { path, size } of deletable) {
    if (total <= maxBytes) break;
    if (!(await remove(path))) continue;
    total -= size;
    deleted.push(path);
  }
  return deleted;
}

interface Deletable extends CaptureFile {
  readonly at: string;
}

/** Undefined where the file is no capture that can be read, or one whose writer may still run. */
async function deletableAt(file: CaptureFile): Promise<Deletable | undefined> {
  const peek: Peek | undefined = await peekCapture(file);
  if (peek === undefined || peek.state === 'open') return undefined;
  return { ...file, at: peek.open.at };
}
