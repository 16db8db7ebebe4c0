import { CaptureReading, type ReadingListener } from '../reading/capture-reading.ts';
import { RecordScan } from '../record-scan.ts';
import type { ScanSource } from './scan-source.ts';
import type { Spot } from './spot.ts';
import type { Spots } from './spots.ts';

const LF = 0x0a;

/**
 * Goes through a capture as fast as it can be done: frames are told of without their bytes, and read only as far as
 * is needed to know what they are. What is told is what a reading of every frame tells. Throws CaptureError
 * (`NOT_A_CAPTURE`, `NEWER_FORMAT`).
 */
export class CaptureScan {
  readonly #spots: Spots;
  readonly #source: ScanSource;
  readonly #reading: CaptureReading<Spot>;
  readonly #records: RecordScan;

  constructor(source: ScanSource, spots: Spots, listener: ReadingListener<Spot>) {
    this.#source = source;
    this.#spots = spots;
    this.#reading = new CaptureReading(spots, listener);
    this.#records = new RecordScan(source, this.#reading);
  }

  /** How many frames began so far. */
  get frames(): number {
    return this.#reading.frames;
  }

  /** Takes the next part of the file; false when that was the last. */
  step(): boolean {
    if (this.#source.fill()) {
      this.#spots.isTrusted = this.#isUtf8();
      this.#records.run();
      return true;
    }
    this.#spots.isTrusted = false;
    this.#records.end();
    this.#reading.end();
    return false;
  }

  /** Checks up to the last newline, as what stands behind it may be cut off in the middle of a character. */
  #isUtf8(): boolean {
    const { window, at, isUtf8 } = this.#source;
    const end = window.lastIndexOf(LF);
    return isUtf8(window.subarray(at, Math.max(at, end)));
  }
}
