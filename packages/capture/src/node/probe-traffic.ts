import { LineSplitter, readFrame } from '@mcp-dbg/wire';

import { CaptureDecoder } from '../capture-decoder.ts';
import { CaptureError } from '../capture-error.ts';

/** True where the client of a whole capture asked something, and nothing but `server/discover`. */
export function asksOnlyDiscover(capture: Uint8Array): boolean {
  // Most captures do not hold these letters so early, and need not be read.
  if (!Buffer.from(capture.buffer, capture.byteOffset, capture.length).includes('server/discover')) return false;
  const readings = clientLines(capture).map((line) => readFrame(line));
  const asked = readings.filter(({ kind }) => kind === 'request' || kind === 'batch');
  return asked.length > 0 && asked.every((each) => each.kind === 'request' && each.method === 'server/discover');
}

function clientLines(capture: Uint8Array): readonly Uint8Array[] {
  const splitter = new LineSplitter();
  const decoder = new CaptureDecoder();
  try {
    return [...decoder.push(capture), ...decoder.end()].flatMap((record) =>
      record.t === 'data' && record.from === 'client' ? splitter.push(record.bytes).map(({ bytes }) => bytes) : [],
    );
  } catch (error) {
    if (error instanceof CaptureError) return [];
    throw error;
  }
}
