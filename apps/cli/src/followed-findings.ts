import type { CaptureRecord, CaughtUp, Entry, TornStretch } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';
import type { Placed } from '@mcp-dbg/protocol';

import { FindingsByFrame } from './findings-by-frame.ts';

type Followed = CaptureRecord | TornStretch | CaughtUp;

/** What is wrong with a capture that is read once, as it comes: as soon as it is certain. */
export class FollowedFindings {
  readonly #linter = new CaptureLinter();
  readonly #byFrame = new FindingsByFrame();
  readonly #fresh: CaptureFinding[] = [];
  readonly #isByEntry: boolean;

  /** With `isByEntry` they are asked for entry by entry, and kept; else they are taken as they come. */
  constructor(isByEntry: boolean) {
    this.#isByEntry = isByEntry;
  }

  /** Checks each record before it is passed on. */
  async *in(records: AsyncIterable<Followed>): AsyncGenerator<Followed, void, undefined> {
    for await (const record of records) {
      if (record.t !== 'caught-up') this.#add(this.#linter.push(record));
      yield record;
    }
    this.#add(this.#linter.end());
  }

  /** Those about an entry, as far as they are known. */
  of(entry: Entry<Placed>): readonly CaptureFinding[] {
    return this.#byFrame.of(entry);
  }

  /** Those since the last call. */
  take(): readonly CaptureFinding[] {
    return this.#fresh.splice(0);
  }

  #add(findings: readonly CaptureFinding[]): void {
    if (this.#isByEntry) this.#byFrame.add(findings);
    else for (const finding of findings) this.#fresh.push(finding);
  }
}
