import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { CaptureDecoder } from '../capture-decoder.ts';
import { CaptureError } from '../capture-error.ts';
import type { CaptureRecord, TornStretch } from '../record.ts';
import { notAFile, notOpened, unreadable } from './unreadable-capture.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads a capture file from its start to the end that it has when it gets there, so the file of a writer that still
 * runs can be read too. Holds a few records at a time, of at most 16 MiB each, whatever the size of the file; a record
 * that is kept may keep the whole stretch of the file alive that it was read with. Throws CaptureError (`NOT_FOUND`,
 * `NOT_A_FILE`, `UNAVAILABLE`, `NOT_A_CAPTURE`, `NEWER_FORMAT`).
 */
export async function* openCapture(path: string): AsyncGenerator<CaptureRecord | TornStretch, void, undefined> {
  const file = await openFile(path);
  try {
    const decoder = new CaptureDecoder();
    for (let chunk = await next(file); chunk.length > 0; chunk = await next(file)) {
      yield* decode(path, () => decoder.push(chunk));
    }
    yield* decode(path, () => decoder.end());
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
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

async function next(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES, null);
  return buffer.subarray(0, bytesRead);
}

/** The decoder knows no paths; a person needs to be told which file it is about. */
function decode<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    throw new CaptureError(error.code, `Cannot read "${path}": ${error.message}`, { cause: error });
  }
}
