import type { FileHandle } from 'node:fs/promises';

import { CaptureDecoder } from '../capture-decoder.ts';
import { CaptureError } from '../capture-error.ts';
import type { CaptureRecord, CaughtUp, TornStretch } from '../record.ts';
import { decoded, openFile } from './capture-input.ts';
import { FileGrowth } from './file-growth.ts';
import { isAlive } from './process-life.ts';
import { unreadable } from './unreadable-capture.ts';

const CHUNK_BYTES = 1024 * 1024;

/** How long after a record the word `caught-up` comes at the latest, while nothing more is there to read (milliseconds). */
const LINGER_MS = 250;

/**
 * Reads a capture from its start and goes on as it is written, record by record. Ends after `close` where nothing stands
 * behind it, when the writer's process is gone and everything that it left was read, or at once when `signal` is
 * aborted. What is there of a record that is still being written is waited for; it counts as torn only at the end.
 *
 * `caught-up` comes when everything written so far was given, soon after it was and not behind every record, so that
 * whoever pairs requests with answers can wait a little for an answer, and still show what has none. A file that is
 * renamed is followed on. Throws CaptureError as `openCapture` does, and `UNAVAILABLE` where the file is deleted,
 * replaced, or cut before what was read.
 */
export async function* followCapture(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<CaptureRecord | TornStretch | CaughtUp, void, undefined> {
  const file = await openFile(path);
  const growth = new FileGrowth(path);
  try {
    yield* follow(new GrowingCapture(path, file), growth, signal);
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw unreadable(path, error);
  } finally {
    growth.close();
    await file.close();
  }
}

async function* follow(
  capture: GrowingCapture,
  growth: FileGrowth,
  signal: AbortSignal,
): AsyncGenerator<CaptureRecord | TornStretch | CaughtUp, void, undefined> {
  /** When the word `caught-up` is due; undefined when nothing was given since the last. */
  let due: number | undefined;
  let wasOver = false;
  while (!signal.aborted) {
    const step = await capture.read();
    for (const record of step.records) {
      if (signal.aborted) return;
      yield record;
    }
    if (step.records.length > 0) due ??= performance.now() + LINGER_MS;
    if (step.hasMore) {
      wasOver = false;
      continue;
    }
    // One more look after the writer's end: it may have written between our last look and its end.
    if (wasOver) return yield* capture.end();
    wasOver = capture.isOver;
    if (wasOver) continue;
    if (due !== undefined && performance.now() >= due) {
      due = undefined;
      yield { t: 'caught-up' };
    }
    await growth.next(signal, due === undefined ? undefined : Math.max(1, due - performance.now()));
  }
}

/** What one look at a growing file brought. */
interface Step {
  readonly records: readonly (CaptureRecord | TornStretch)[];
  /** True where bytes were read, so that more may be there. */
  readonly hasMore: boolean;
}

/** A capture file that may grow between one look and the next. */
class GrowingCapture {
  readonly #path: string;
  readonly #file: FileHandle;
  #decoder = new CaptureDecoder();
  #position = 0;
  /** How many records were given, and how many of them are to be skipped as the file is read anew. */
  #given = 0;
  #skipped = 0;
  #c: string | undefined;
  #pid: number | undefined;
  #last: (CaptureRecord | TornStretch)['t'] | undefined;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** True where nothing more is to be expected: the writer closed the capture, or its process is gone. */
  get isOver(): boolean {
    return this.#last === 'close' || (this.#pid !== undefined && !isAlive(this.#pid));
  }

  /** Reads the next stretch, if there is one. */
  async read(): Promise<Step> {
    const { size, nlink } = await this.#file.stat();
    if (size < this.#position) this.#startAnew();
    const length = Math.min(CHUNK_BYTES, size - this.#position);
    if (length <= 0) {
      const records = this.#take(decoded(this.#path, () => this.#decoder.settle()));
      if (this.#skipped > 0) throw this.#lost('it was cut shorter while it was followed');
      if (nlink === 0 && records.length === 0 && !this.isOver) {
        throw this.#lost('it was deleted or replaced while it was followed');
      }
      return { records, hasMore: false };
    }
    // No larger than what is there: a record keeps the whole buffer alive that it was read with.
    const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafeSlow(length), 0, length, this.#position);
    this.#position += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    return { records: this.#take(decoded(this.#path, () => this.#decoder.push(chunk))), hasMore: bytesRead > 0 };
  }

  /** What is left of a record that nobody will complete. */
  end(): readonly (CaptureRecord | TornStretch)[] {
    return this.#take(decoded(this.#path, () => this.#decoder.end()));
  }

  /**
   * A writer that finds the disk full cuts the file back to its last whole record, of which bytes may have been read
   * already. So it is read from the start, and what was given is not given again.
   */
  #startAnew(): void {
    this.#decoder = new CaptureDecoder();
    this.#position = 0;
    this.#skipped = this.#given;
  }

  #take(records: readonly (CaptureRecord | TornStretch)[]): readonly (CaptureRecord | TornStretch)[] {
    const [first] = records;
    if (this.#skipped > 0 && this.#skipped === this.#given && first?.t === 'open' && first.c !== this.#c) {
      throw this.#lost('another capture took its place while it was followed');
    }
    const fresh = records.slice(this.#skipped);
    this.#skipped -= records.length - fresh.length;
    for (const record of fresh) {
      this.#given += 1;
      this.#last = record.t;
      if (record.t !== 'open') continue;
      this.#c ??= record.c;
      this.#pid = record.pid;
    }
    return fresh;
  }

  #lost(why: string): CaptureError {
    return new CaptureError(
      'UNAVAILABLE',
      `Cannot go on reading "${this.#path}": ${why}; start again on what is there`,
    );
  }
}
