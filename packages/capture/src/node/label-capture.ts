import { type Stats, closeSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { CaptureError } from '../capture-error.ts';
import { relabelledName, safeLabel } from './capture-folder.ts';
import { renameCrashReports } from './crash-files.ts';
import { peekCapture } from './peek-capture.ts';
import { codeOf, reasonOf } from './system-reason.ts';

/**
 * Gives a capture another label and gives its new path. The label is a part of the file name, so the file is renamed in
 * its folder; its bytes stay as they are, and a writer or a follower that has it open goes on. Nothing is ever
 * overwritten. Its crash reports are renamed along. Of the label only what {@link safeLabel} leaves is used. Throws CaptureError (`BAD_ARGUMENTS` where that
 * is nothing, `FILE_EXISTS`, `NOT_FOUND`, `NOT_A_FILE`, `NOT_A_CAPTURE`, `UNAVAILABLE`).
 */
export async function labelCapture(path: string, label: string): Promise<string> {
  const safe = safeLabel(label);
  if (safe === '') {
    throw new CaptureError(
      'BAD_ARGUMENTS',
      `Cannot label a capture ${JSON.stringify(label)}: a label needs letters or digits (A-Z, a-z, 0-9); give another`,
    );
  }
  const old = resolve(path);
  await checkCapture(old);
  const target = join(dirname(old), relabelledName(basename(old), safe));
  if (target === old) return target;
  rename(old, target);
  renameCrashReports(old, target);
  return target;
}

async function checkCapture(path: string): Promise<void> {
  const status = statusOf(path);
  if (status === undefined) {
    throw new CaptureError('NOT_FOUND', `There is no capture at "${path}"; give the path of a .mcpcap file`);
  }
  if (!status.isFile()) {
    throw new CaptureError('NOT_A_FILE', `Cannot label "${path}": it is not a regular file; name a .mcpcap file`);
  }
  if ((await peekCapture({ path, size: status.size })) !== undefined) return;
  throw new CaptureError(
    'NOT_A_CAPTURE',
    `Cannot label "${path}": it is no capture that can be read; name a .mcpcap file`,
  );
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new CaptureError('UNAVAILABLE', `Cannot read "${path}": ${reasonOf(error)}`, { cause: error });
  }
}

/** Takes the new name before anybody else can, so that the renaming, which would overwrite, finds only our own file. */
function rename(old: string, target: string): void {
  let isTaken = false;
  try {
    closeSync(openSync(target, 'wx', 0o600));
    isTaken = true;
    renameSync(old, target);
  } catch (error) {
    if (isTaken) rmSync(target, { force: true });
    if (!isTaken && codeOf(error) === 'EEXIST') {
      throw new CaptureError(
        'FILE_EXISTS',
        `Cannot rename "${old}": there is a "${target}" already; give another label`,
      );
    }
    throw new CaptureError('UNAVAILABLE', `Cannot rename "${old}": ${reasonOf(error)}`, { cause: error });
  }
}
