import type { Entry } from '../entry.ts';
import { EntrySubject, type SubjectContext } from '../filter/entry-subject.ts';
import type { Filter } from '../filter/filter-subject.ts';
import { EntryListener } from '../reading/entry-listener.ts';
import { CaptureScan } from '../scan/capture-scan.ts';
import type { ScanSource } from '../scan/scan-source.ts';
import type { Spot } from '../scan/spot.ts';
import { Spots } from '../scan/spots.ts';
import { wholeEntry } from './whole-entry.ts';

/** What a query is told beside its filter. */
export type QueryOptions = Pick<SubjectContext, 'findingsOf'>;

/**
 * Looks for entries of a capture. Gives those of `readCapture` that a filter matches, in the same order, and reads of
 * all others only what is needed to tell that they do not match.
 */
export class CaptureQuery {
  readonly #scan: CaptureScan;
  readonly #spots: Spots;
  readonly #entries = new EntryListener<Spot>(
    ({ size }) => size,
    (entry) => this.#matches(entry),
  );
  readonly #filter: Filter;
  #context: SubjectContext;

  constructor(source: ScanSource, filter: Filter, options: QueryOptions = {}) {
    this.#spots = new Spots(source);
    this.#scan = new CaptureScan(source, this.#spots, this.#entries);
    this.#filter = filter;
    this.#context = options;
  }

  /** Reads the next part of the capture and adds what it found; false when that was the last. */
  step(found: Entry[]): boolean {
    const goesOn = this.#scan.step();
    for (const entry of this.#entries.take()) found.push(wholeEntry(entry, this.#spots));
    return goesOn;
  }

  #matches(entry: Entry<Spot>): boolean {
    if (entry.kind === 'event' && entry.event.t === 'open') {
      this.#context = { ...this.#context, openedAt: entry.event.at };
    }
    return this.#filter.matches(new EntrySubject(entry, this.#spots.bytes, this.#context));
  }
}
