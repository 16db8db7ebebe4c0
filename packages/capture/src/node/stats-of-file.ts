import type { Filter } from '../filter/filter-subject.ts';
import { CaptureStatsScan } from '../stats/capture-stats-scan.ts';
import type { StatsDocument } from '../stats/stats-document.ts';
import { ScanFile } from './scan-file.ts';
import { inSteps } from './in-steps.ts';
import type { FileQuestion } from './query-file.ts';

/** Counts what is in a capture file, or what of it a filter matches. Throws as `queryFile` does. */
export async function statsOfFile(
  path: string,
  filter?: Filter,
  { name = path, ...options }: FileQuestion = {},
): Promise<StatsDocument> {
  const file = new ScanFile(path, { name });
  try {
    const stats = new CaptureStatsScan(file, filter, options);
    for await (const _ of inSteps(name, () => stats.step()));
    return stats.document;
  } finally {
    file.close();
  }
}
