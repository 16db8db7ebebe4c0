import { type FileHandle } from 'node:fs/promises';

import { CaptureDecoder } from '../capture-decoder.ts';
import { CaptureError } from '../capture-error.ts';
import type { CaptureRecord, TornStretch } from '../record.ts';
import { decoded, openFile } from './capture-input.ts';
import { empty, unreadable } from './unreadable-capture.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads a capture file from its start to the end that it has when it gets there, so the file of a writer that still
 * runs can be read too. Holds a few records at a time, of at most 16 MiB each, whatever the size of the file; a record
 * that is kept may keep the whole stretch of the file alive that it was read with. Errors about what is in it call it
 * `name`. Throws CaptureError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`, `NOT_A_CAPTURE`, `NEWER_FORMAT`).
 */
export async function* openCapture(
  path: string,
  name: string = path,
): AsyncGenerator<CaptureRecord | TornStretch, void, undefined> {
  const file = await openFile(path);
  try {
    yield* records(name, chunksOf(file));
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
    for await (const chunk of chunks) {
      isEmpty &&= chunk.length === 0;
      yield* decoded(name, () => decoder.push(chunk));
    }
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw unreadable(name, error);
  }
  if (isEmpty) throw empty(name);
  yield* decoded(name, () => decoder.end());
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
