import type { Entry } from '../entry.ts';
import type { Filter } from '../filter/filter-subject.ts';
import { CaptureQuery, type QueryOptions } from '../query/capture-query.ts';
import { ScanFile } from './scan-file.ts';
import { inSteps } from './in-steps.ts';

/** What a question is told beside its filter. */
export interface FileQuestion extends QueryOptions {
  /** What errors about what is in the file call it; its path unless given. */
  readonly name?: string;
}

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
  const file = new ScanFile(path, { name });
  try {
    const query = new CaptureQuery(file, filter, options);
    let found: Entry[] = [];
    for await (const _ of inSteps(name, () => query.step(found))) {
      yield* found;
      found = [];
    }
    yield* found;
  } finally {
    file.close();
  }
}
