import type { Filter } from '../filter/filter-subject.ts';
import { CaptureStatsScan } from '../stats/capture-stats-scan.ts';
import type { StatsDocument } from '../stats/stats-document.ts';
import { ScanFile } from './scan-file.ts';
import { inSteps } from './in-steps.ts';

/** Counts what is in a capture file, or what of it a filter matches. Throws as `queryFile` does. */
export async function statsOfFile(path: string, filter?: Filter): Promise<StatsDocument> {
  const file = new ScanFile(path);
  try {
    const stats = new CaptureStatsScan(file, filter);
    for await (const _ of inSteps(path, () => stats.step()));
    return stats.document;
  } finally {
    file.close();
  }
}
