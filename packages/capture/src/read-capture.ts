import type { Entry } from './entry.ts';
import { CaptureReading } from './reading/capture-reading.ts';
import { EntryListener } from './reading/entry-listener.ts';
import { type CapturedFrame, WholeFrames } from './reading/whole-frames.ts';
import { placeOf } from './data-place.ts';
import type { CaptureRecord, CaughtUp, TornStretch } from './record.ts';

/**
 * Reads the records of a capture as what happened: exchanges, lone frames and noise, lines of stderr, events of the
 * processes, in order of their first byte. Frames are numbered from 1 across all connections. An entry comes out when
 * no answer that is waited for can change it or one before it; what still waits at the end is `pending`.
 *
 * Nobody waits for the answer to a cancelled request or to `subscriptions/listen`, and no more than 10,000 entries or
 * 32 MiB are held back: past that the oldest comes out as it is, and a line that takes longer to end comes out behind
 * others that began later. An answer to what came out before is an entry of kind `response` of its own, with the
 * request's id, method, tool and status. At a `caught-up`, everything that is held back comes out as it is.
 */
export async function* readCapture(
  records: Iterable<CaptureRecord | TornStretch> | AsyncIterable<CaptureRecord | TornStretch | CaughtUp>,
): AsyncGenerator<Entry, void, undefined> {
  const frames = new WholeFrames();
  const entries = new EntryListener<CapturedFrame>(({ bytes }) => bytes.length);
  const reading = new CaptureReading(frames, entries);
  for await (const record of records) {
    if (record.t === 'caught-up') entries.soFar();
    else if (record.t === 'data') reading.data(placeOf(record), record.bytes);
    else reading.record(record);
    yield* entries.take();
  }
  reading.end();
  yield* entries.take();
}
