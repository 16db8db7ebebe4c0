import type { Entry } from '../entry.ts';
import { wholeBytes } from '../frame-bytes.ts';
import { CaptureReading } from '../reading/capture-reading.ts';
import { type CapturedFrame, WholeFrames } from '../reading/whole-frames.ts';
import { placeOf } from '../data-place.ts';
import type { CaptureRecord, TornStretch } from '../record.ts';
import { CaptureStats } from './capture-stats.ts';
import type { StatsDocument } from './stats-document.ts';

/**
 * Counts what the records of a capture hold; of exchanges and lines of stderr those of which `counts` says that they
 * count. For records that come as a stream: of a file, `statsOfFile` tells the same in a fraction of the time.
 */
export async function readStats(
  records: Iterable<CaptureRecord | TornStretch> | AsyncIterable<CaptureRecord | TornStretch>,
  counts?: (entry: Entry) => boolean,
): Promise<StatsDocument> {
  const stats = new CaptureStats<CapturedFrame>({ ...wholeBytes, ...(counts !== undefined && { counts }) });
  const reading = new CaptureReading(new WholeFrames(), stats);
  for await (const record of records) {
    if (record.t === 'data') reading.data(placeOf(record), record.bytes);
    else reading.record(record);
  }
  reading.end();
  return stats.document(reading.frames);
}
