import { DataPlace } from '../data-place.ts';
import { CaptureReading, type ReadingListener } from '../reading/capture-reading.ts';
import { LinePlace } from '../reading/line-reader.ts';
import { RecordScan } from '../record-scan.ts';
import { type LineScan, MAX_ROWS, PLACES, ROW } from '../skim/line-scan.ts';
import type { ScanSource } from './scan-source.ts';
import type { Spot } from './spot.ts';
import type { Spots } from './spots.ts';

/**
 * Goes through a capture as fast as it can be done: frames are told of without their bytes, and read only as far as
 * is needed to know what they are. What is told is what a reading of every frame tells. Throws CaptureError
 * (`NOT_A_CAPTURE`, `NEWER_FORMAT`).
 */
export class CaptureScan {
  readonly #source: ScanSource;
  readonly #reading: CaptureReading<Spot>;
  readonly #records: RecordScan;
  readonly #line = new LinePlace();

  constructor(source: ScanSource, spots: Spots, listener: ReadingListener<Spot>) {
    this.#source = source;
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
      do this.#takeRows();
      while (this.#records.step());
      return true;
    }
    this.#records.end();
    this.#reading.end();
    return false;
  }

  /** Takes the records that are like most: one line of JSON each. The others are left to be taken with care. */
  #takeRows(): void {
    const start = this.#records.dataStart;
    if (start === undefined || !this.#source.isWindowUtf8) return;
    const { scan, window } = this.#source;
    scan.numbers[PLACES.startLength / 4] = start.length;
    scan.memory.set(start, PLACES.start);
    let count = MAX_ROWS;
    while (count === MAX_ROWS) {
      count = scan.records(this.#source.at, window.length);
      const base = this.#source.offset - this.#source.at;
      for (let index = 0; index < count; index++) {
        this.#takeRow(scan, PLACES.rows + index * ROW.size * 4, window, base);
      }
      this.#source.at = scan.numbers[PLACES.next / 4] ?? 0;
    }
  }

  #takeRow({ numbers, doubles }: LineScan, row: number, window: Uint8Array, base: number): void {
    const line = this.#line;
    const at = row / 4;
    const conn = numbers[at + ROW.conn] ?? 0;
    line.us = doubles[row / 8 + ROW.us] ?? 0;
    line.endUs = line.us;
    line.from = numbers[at + ROW.from] === 0 ? 'client' : 'server';
    line.window = window;
    line.start = numbers[at + ROW.start] ?? 0;
    line.end = numbers[at + ROW.end] ?? 0;
    line.offset = base + line.start;
    line.row = row;
    if (!this.#reading.line(conn, line)) this.#takeAsData(conn, line);
  }

  /** A line that ends one which began before, with the newline that a row leaves out. */
  #takeAsData(conn: number, { us, from, start, end, offset, window }: LinePlace): void {
    const place = { us, conn, from, by: undefined, more: false, start, end: end + 1, offset };
    this.#reading.data(Object.assign(new DataPlace(), place), window);
  }
}
