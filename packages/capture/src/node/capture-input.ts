import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { CaptureError } from '../capture-error.ts';
import { notAFile, notOpened } from './unreadable-capture.ts';

/** Opens a regular file to read. Throws CaptureError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`). */
export async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK the opening of a named pipe would wait for its writer.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw notOpened(path, error);
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw notAFile(path);
}

/** Runs a step of a reader that knows no names; a person needs to be told which capture an error is about. */
export function decoded<Result>(name: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof CaptureError) || error.code === 'UNAVAILABLE') throw error;
    throw new CaptureError(error.code, `Cannot read "${name}": ${error.message}`, { cause: error });
  }
}
