import { setImmediate } from 'node:timers/promises';

import { CaptureError } from '../capture-error.ts';
import type { Entry } from '../entry.ts';
import type { Filter } from '../filter/filter-subject.ts';
import { CaptureQuery, type QueryOptions } from '../query/capture-query.ts';
import { CaptureStatsScan } from '../stats/capture-stats-scan.ts';
import type { StatsDocument } from '../stats/stats-document.ts';
import { ScanFile } from './scan-file.ts';

/** Parts of a file after which others get their turn: some megabytes. */
const STEPS_AT_A_TIME = 16;

/**
 * Looks for entries of a capture file. Gives those of `readCapture` that a filter matches, in the same order; the rest
 * of the file is read only as far as is needed, which takes a fraction of the time. Throws CaptureError (`NOT_FOUND`,
 * `NOT_A_FILE`, `UNAVAILABLE`, `NOT_A_CAPTURE`, `NEWER_FORMAT`).
 */
export async function* queryFile(
  path: string,
  filter: Filter,
  options: QueryOptions = {},
): AsyncGenerator<Entry, void, undefined> {
  const file = new ScanFile(path);
  try {
    const query = new CaptureQuery(file, filter, options);
    for (let step = 1, goesOn = true; goesOn; step++) {
      const found: Entry[] = [];
      goesOn = named(path, () => query.step(found));
      yield* found;
      if (step % STEPS_AT_A_TIME === 0) await setImmediate();
    }
  } finally {
    file.close();
  }
}

/** Counts what is in a capture file, or what of it a filter matches. Throws as {@link queryFile} does. */
export async function statsOfFile(path: string, filter?: Filter): Promise<StatsDocument> {
  const file = new ScanFile(path);
  try {
    const stats = new CaptureStatsScan(file, filter);
    for (let step = 1; named(path, () => stats.step()); step++) {
      if (step % STEPS_AT_A_TIME === 0) await setImmediate();
    }
    return stats.document;
  } finally {
    file.close();
  }
}

/** Who reads bytes knows no paths; a person needs to be told which file it is about. */
function named<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof CaptureError) || error.code === 'UNAVAILABLE') throw error;
    throw new CaptureError(error.code, `Cannot read "${path}": ${error.message}`, { cause: error });
  }
}
