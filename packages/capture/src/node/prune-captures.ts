import { type CaptureFile, captureFiles, inBatches } from './capture-files.ts';
import { captureOfCrashReport, crashReportFiles, removeCapture } from './crash-files.ts';
import { type Peek, byStart, peekCapture } from './peek-capture.ts';

/** What the captures of a folder and their crash reports may take together before the oldest are deleted, in bytes. */
export const MAX_FOLDER_BYTES: number = 512 * 1024 * 1024;

/**
 * Deletes the oldest captures of a folder, with their crash reports, until all of them take no more than `maxBytes`. One
 * whose writer may still run is never deleted, nor is any file that is no capture. Gives the paths that were deleted;
 * what cannot be read or deleted is left alone. Never rejects.
 */
export async function pruneCaptures(folder: string, maxBytes: number = MAX_FOLDER_BYTES): Promise<readonly string[]> {
  const files = await captureFiles(folder);
  const reports = await reportBytes(folder);
  const bytesOf = ({ path, size }: CaptureFile): number => size + (reports.get(path) ?? 0);
  let total = files.reduce((sum, file) => sum + bytesOf(file), 0);
  if (total <= maxBytes) return [];
  const deletable = (await inBatches(files, deletableAt)).toSorted(byStart);
  const deleted: string[] = [];
  for (const file of deletable) {
    if (total <= maxBytes) break;
    if (!(await removeCapture(file.path))) continue;
    total -= bytesOf(file);
    deleted.push(file.path);
  }
  return deleted;
}

/** By the path of a capture, how many bytes its crash reports have. */
async function reportBytes(folder: string): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  for (const { path, size } of await crashReportFiles(folder)) {
    const capture = captureOfCrashReport(path) ?? '';
    bytes.set(capture, (bytes.get(capture) ?? 0) + size);
  }
  return bytes;
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
