import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { CaptureError } from '../capture-error.ts';
import { codeOf, reasonOf } from './system-reason.ts';

/** Opens a regular file to read. Throws CaptureError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`). */
export async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK the opening of a named pipe would wait for its writer.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new CaptureError('NOT_FOUND', `There is no capture at "${path}"; give the path of a .mcpcap file`, {
        cause: error,
      });
    }
    throw unreadable(path, error);
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new CaptureError(
    'NOT_A_FILE',
    `Cannot read "${path}" as a capture: it is not a regular file; name a .mcpcap file`,
  );
}

/** Runs a step of the decoder, which knows no names; a person needs to be told which capture an error is about. */
export function decoded<Result>(name: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    throw new CaptureError(error.code, `Cannot read "${name}": ${error.message}`, { cause: error });
  }
}

export function unreadable(name: string, cause: unknown): CaptureError {
  return new CaptureError('UNAVAILABLE', `Cannot read the capture "${name}": ${reasonOf(cause)}`, { cause });
}
