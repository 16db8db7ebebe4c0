import { lstat, readdir } from 'node:fs/promises';
import { renameSync } from 'node:fs';
import { join } from 'node:path';

import { remove } from './capture-files.ts';
import { CAPTURE_EXTENSION } from './capture-folder.ts';

/** How many crash reports stand beside one capture at most: a server that dies again and again must not fill the disk. */
export const MAX_CRASH_REPORTS = 20;

const REPORT = /^(.+)\.crash-([1-9]\d?)\.json$/s;

/** The path of the n-th crash report of a capture, from 1: beside it, and named after it. */
export function crashReportPath(capture: string, n: number): string {
  return `${stemOf(capture)}.crash-${n}.json`;
}

/** The path of the capture that a crash report is named after; undefined for a path that is not named as reports are. */
export function captureOfCrashReport(path: string): string | undefined {
  const stem = REPORT.exec(path)?.[1];
  return stem === undefined ? undefined : stem + CAPTURE_EXTENSION;
}

/** What a file is called that is named as a crash report is. */
export interface CrashReportFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/** The files of a folder that are named as crash reports are, whatever they are; none where it cannot be read. */
export async function crashReportFiles(folder: string): Promise<readonly CrashReportFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => REPORT.test(name))
      .map(async (name) => {
        const path = join(folder, name);
        const status = await lstat(path).catch(() => undefined);
        return status === undefined ? undefined : { path, size: status.size, writtenMs: status.mtimeMs };
      }),
  );
  return files.filter((file) => file !== undefined);
}

/** Deletes a capture and its crash reports; false where the capture cannot be deleted, and then its reports stay. */
export async function removeCapture(path: string): Promise<boolean> {
  if (!(await remove(path))) return false;
  for (let n = 1; n <= MAX_CRASH_REPORTS; n++) await remove(crashReportPath(path, n));
  return true;
}

/** Renames the crash reports of a capture that was renamed; one that cannot be is left. */
export function renameCrashReports(from: string, to: string): void {
  for (let n = 1; n <= MAX_CRASH_REPORTS; n++) {
    try {
      renameSync(crashReportPath(from, n), crashReportPath(to, n));
    } catch {
      // There is none, as a rule.
    }
  }
}

function stemOf(capture: string): string {
  return capture.endsWith(CAPTURE_EXTENSION) ? capture.slice(0, -CAPTURE_EXTENSION.length) : capture;
}
