import { ByteQueue } from './byte-queue.ts';
import type { DataPlace } from './data-place.ts';
import { HEADER_START } from './header.ts';
import { type CaptureRecord, type DataRecord, type TornStretch } from './record.ts';
import { RecordScan, type RecordSink } from './record-scan.ts';

/** What may be missing behind a record that is whole: its newline, and the start of the next header. */
const SETTLED_BYTES = 1 + HEADER_START.length;

/**
 * Reads a capture from chunks of any size. Total: a torn tail, a damaged stretch, concatenated files and unknown kinds
 * of records are all read, and what cannot be trusted comes out as a torn stretch. A data record is given out when
 * the header after it, or the end, confirms it. Linear in the size of the file; holds at most a few records.
 */
export class CaptureDecoder {
  readonly #queue = new ByteQueue();
  readonly #records = new Records();
  readonly #scan = new RecordScan(this.#queue, this.#records);

  /**
   * Takes the next chunk, which must not change afterwards, and gives what it completed. Throws CaptureError
   * `NOT_A_CAPTURE` where the text does not start as a capture does, and `NEWER_FORMAT`.
   */
  push(chunk: Uint8Array): readonly (CaptureRecord | TornStretch)[] {
    if (!this.#queue.push(chunk)) return [];
    this.#scan.run();
    return this.#records.take();
  }

  /**
   * Gives the data record that stands last so far, if it is whole and nothing contradicts it: for whoever follows a file
   * that grows. Should something else than a header follow it after all, the stretch from there on comes out as torn.
   */
  settle(): readonly (CaptureRecord | TornStretch)[] {
    // Not joined before all of a record is there: a large one may come in many pieces.
    if (this.#queue.lacks > SETTLED_BYTES) return [];
    this.#queue.open();
    this.#scan.settle();
    return this.#records.take();
  }

  /** Ends the text and gives what was left. Throws as {@link CaptureDecoder.push} does. */
  end(): readonly (CaptureRecord | TornStretch)[] {
    this.#queue.open();
    this.#scan.end();
    return this.#records.take();
  }
}

class Records implements RecordSink {
  #found: (CaptureRecord | TornStretch)[] = [];

  data({ seq, us, conn, from, by, more, start, end }: DataPlace, window: Uint8Array): void {
    const bytes = window.subarray(start, end);
    // Key by key: this is done for every read of a capture, and a spread takes several times as long.
    this.#found.push(
      by === undefined && !more
        ? { t: 'data', seq, us, conn, from, bytes }
        : { t: 'data', seq, us, conn, from, bytes, ...(by !== undefined && { by }), ...(more && { more }) },
    );
  }

  record(record: Exclude<CaptureRecord, DataRecord> | TornStretch): void {
    this.#found.push(record);
  }

  take(): readonly (CaptureRecord | TornStretch)[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }
}
