import { setImmediate } from 'node:timers/promises';

import type { Entry } from '../entry.ts';
import type { Filter } from '../filter/filter-subject.ts';
import { CaptureQuery, type QueryOptions } from '../query/capture-query.ts';
import { CaptureStatsScan } from '../stats/capture-stats-scan.ts';
import type { StatsDocument } from '../stats/stats-document.ts';
import { decoded } from './capture-input.ts';
import { ScanFile } from './scan-file.ts';

/** What a question is told beside its filter. */
export interface FileQuestion extends QueryOptions {
  /** What errors about what is in the file call it; its path unless given. */
  readonly name?: string;
}

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
  { name = path, ...options }: FileQuestion = {},
): AsyncGenerator<Entry, void, undefined> {
  const file = new ScanFile(path, name);
  try {
    const query = new CaptureQuery(file, filter, options);
    for (let step = 1, goesOn = true; goesOn; step++) {
      const found: Entry[] = [];
      goesOn = decoded(name, () => query.step(found));
      yield* found;
      if (step % STEPS_AT_A_TIME === 0) await setImmediate();
    }
  } finally {
    file.close();
  }
}

/** Counts what is in a capture file, or what of it a filter matches. Throws as {@link queryFile} does. */
export async function statsOfFile(
  path: string,
  filter?: Filter,
  { name = path, ...options }: FileQuestion = {},
): Promise<StatsDocument> {
  const file = new ScanFile(path, name);
  try {
    const stats = new CaptureStatsScan(file, filter, options);
    for (let step = 1; decoded(name, () => stats.step()); step++) {
      if (step % STEPS_AT_A_TIME === 0) await setImmediate();
    }
    return stats.document;
  } finally {
    file.close();
  }
}
