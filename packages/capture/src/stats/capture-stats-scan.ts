import { EntrySubject } from '../filter/entry-subject.ts';
import type { Filter } from '../filter/filter-subject.ts';
import type { QueryOptions } from '../query/capture-query.ts';
import { CaptureScan } from '../scan/capture-scan.ts';
import type { ScanSource } from '../scan/scan-source.ts';
import type { Spot } from '../scan/spot.ts';
import { Spots } from '../scan/spots.ts';
import { CaptureStats, type Counted } from './capture-stats.ts';
import type { StatsDocument } from './stats-document.ts';

/** Counts a capture part by part. With a filter, of exchanges and lines of stderr those count that it matches. */
export class CaptureStatsScan {
  readonly #scan: CaptureScan;
  readonly #stats: CaptureStats<Spot>;

  constructor(source: ScanSource, filter?: Filter, options: QueryOptions = {}) {
    const spots = new Spots(source);
    this.#stats = new CaptureStats(countedOf(spots, filter, options));
    this.#scan = new CaptureScan(source, spots, this.#stats);
  }

  /** Reads the next part of the capture; false when that was the last. */
  step(): boolean {
    return this.#scan.step();
  }

  get document(): StatsDocument {
    return this.#stats.document(this.#scan.frames);
  }
}

function countedOf(spots: Spots, filter: Filter | undefined, { findingsOf }: QueryOptions): Counted<Spot> {
  if (filter === undefined) return spots.bytes;
  let openedAt: string | undefined;
  return {
    ...spots.bytes,
    opened: (at) => {
      openedAt = at;
    },
    counts: (entry) => filter.matches(new EntrySubject(entry, spots.bytes, { openedAt, findingsOf })),
  };
}
