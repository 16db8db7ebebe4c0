import { joined } from '../joined.ts';
import type { CaptureRecord, FaultRecord, NoteRecord, TornStretch } from '../record.ts';

/** The most bytes that are put together of one original: what is longer is no frame. */
const MAX_ORIGINAL_BYTES = 256 * 1024 * 1024;

/** A record that can hold an original frame. */
type Holding = FaultRecord | NoteRecord;

/**
 * Puts the parts of long originals together: a record that says that there is more becomes one with those of the same
 * kind and connection that stand behind it. What has no end keeps its `more`.
 */
export class WholeOriginals {
  #first: Holding | undefined;
  #parts: Uint8Array[] = [];
  #size = 0;

  /** Takes a record that is no data, and gives what is whole now: none where there is more of it to come. */
  push<R extends CaptureRecord | TornStretch>(record: R): readonly (R | Holding)[] {
    const isHolding = record.t === 'fault' || record.t === 'note';
    if (isHolding && this.#goesOn(record)) return this.#add(record);
    const before = this.end();
    return isHolding && record.more === true ? [...before, ...this.#add(record)] : [...before, record];
  }

  /** Gives what is there of an original whose end will not come. */
  end(): readonly Holding[] {
    const first = this.#first;
    if (first === undefined) return [];
    const original = joined(this.#parts);
    this.#first = undefined;
    this.#parts = [];
    this.#size = 0;
    return [{ ...first, original }];
  }

  #goesOn({ t, conn, original }: Holding): boolean {
    return this.#first?.t === t && this.#first.conn === conn && original !== undefined;
  }

  #add(record: Holding): readonly Holding[] {
    this.#first ??= record;
    if (record.original !== undefined) {
      this.#parts.push(record.original);
      this.#size += record.original.length;
    }
    if (record.more === true) return this.#size > MAX_ORIGINAL_BYTES ? this.end() : [];
    const { more: _more, ...whole } = this.#first;
    this.#first = whole;
    return this.end();
  }
}
