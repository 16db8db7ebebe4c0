import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CaptureDecoder, type CaptureRecord, type Source, type TornStretch } from '@mcp-dbg/capture';
import { CaptureWriter, type ConnectionEvent } from '@mcp-dbg/capture/node';

/** One thing to record. */
export type Step =
  | { readonly from: Source; readonly bytes: Uint8Array; readonly conn?: number; readonly by?: 'mcp-dbg' }
  | { readonly event: ConnectionEvent; readonly conn?: number };

/** Runs with a folder of its own, which is gone afterwards. */
export async function inFolder<Result>(run: (folder: string) => Result | Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-dbg-capture-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a capture of these steps, in the place of one that is there, and closes it unless it is told not to. */
export function record(path: string, steps: readonly Step[], close = true): Buffer {
  rmSync(path, { force: true });
  const writer = new CaptureWriter({ path, argv: ['python3', 'weather.py'] });
  const highest = Math.max(1, ...steps.map(({ conn = 1 }) => conn));
  const connections = Array.from({ length: highest }, () => writer.connection());
  for (const step of steps) {
    const connection = connections[(step.conn ?? 1) - 1];
    if ('event' in step) connection?.event(step.event);
    else connection?.read(step.from, step.bytes, step.by);
  }
  if (close) writer.close();
  return readFileSync(writer.path);
}

/** Decodes text that comes in the given pieces. */
export function decode(...chunks: readonly Uint8Array[]): readonly (CaptureRecord | TornStretch)[] {
  const decoder = new CaptureDecoder();
  // Plain arrays, so that two readings compare equal whatever the pieces were.
  const plain = chunks.map(({ buffer, byteOffset, length }) => new Uint8Array(buffer, byteOffset, length));
  return [...plain.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

/** The concatenated data of one source of one connection. */
export function stream(records: readonly (CaptureRecord | TornStretch)[], from: Source, conn = 1): Buffer {
  return Buffer.concat(
    records.flatMap((each) => (each.t === 'data' && each.from === from && each.conn === conn ? [each.bytes] : [])),
  );
}

/** Cuts bytes at the given places. */
export function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}
