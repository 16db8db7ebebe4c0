import { type FileHandle } from 'node:fs/promises';

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
    yield* records(path, chunksOf(file));
  } finally {
    await file.close();
  }
}

/**
 * Reads a capture from a stream such as stdin, as {@link openCapture} reads a file; `name` is what errors call it.
 * The chunks must not change after they came. Throws CaptureError (`UNAVAILABLE`, `NOT_A_CAPTURE`, `NEWER_FORMAT`).
 */
export async function* openCaptureStream(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<CaptureRecord | TornStretch, void, undefined> {
  yield* records(name, stream);
}

async function* records(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CaptureRecord | TornStretch, void, undefined> {
  const decoder = new CaptureDecoder();
  let isEmpty = true;
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
    if (error instanceof CaptureError) throw error;
    throw unreadable(name, error);
  }
  if (isEmpty) throw new CaptureError('NOT_A_CAPTURE', `Cannot read "${name}": it is empty, so it is not a capture`);
  yield* decoded(name, () => decoder.end());
}
