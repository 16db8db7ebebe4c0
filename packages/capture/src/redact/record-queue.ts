import { joined } from '../joined.ts';
import { type CaptureRecord, type DataRecord, MAX_DATA_BYTES, type TornStretch } from '../record.ts';

/** A data record that waits for the end of a line in it. */
export interface QueuedData {
  readonly record: DataRecord;
  /** What its bytes became so far. */
  readonly pieces: Uint8Array[];
  /** Set when nothing of it waits any more. */
  isDone: boolean;
}

/** About what a record takes in memory besides its bytes. */
const RECORD_COST = 256;

type Queued = { readonly told: Exclude<CaptureRecord, DataRecord> | TornStretch } | QueuedData;

/** Records in their order, of which the first ones come out when nothing before them waits. */
export class RecordQueue {
  #items: Queued[] = [];
  /** Items before this one were taken. */
  #at = 0;
  #heldBytes = 0;

  /** How much memory the records take that wait, about. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The record that all others wait for. */
  get first(): QueuedData | undefined {
    const first = this.#items[this.#at];
    return first !== undefined && 'record' in first ? first : undefined;
  }

  add(told: Exclude<CaptureRecord, DataRecord> | TornStretch): void {
    const item = { told };
    this.#items.push(item);
    this.#heldBytes += costOf(item);
  }

  addData(record: DataRecord): QueuedData {
    const queued: QueuedData = { record, pieces: [], isDone: false };
    this.#items.push(queued);
    this.#heldBytes += costOf(queued);
    return queued;
  }

  /** Takes out what nothing waits for any more. */
  take(): readonly (CaptureRecord | TornStretch)[] {
    const out: (CaptureRecord | TornStretch)[] = [];
    for (let item = this.#items[this.#at]; item !== undefined; item = this.#items[this.#at]) {
      if ('record' in item && !item.isDone) break;
      this.#at++;
      this.#heldBytes -= costOf(item);
      if ('told' in item) out.push(item.told);
      else out.push(...recordsOf(item));
    }
    if (this.#at * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#at);
      this.#at = 0;
    }
    return out;
  }
}

function costOf(item: Queued): number {
  const bytes = 'record' in item ? item.record.bytes : 'original' in item.told ? item.told.original : undefined;
  return RECORD_COST + (bytes?.length ?? 0);
}

/** None where nothing is left; more than one where placeholders made it longer than a record can be. */
function* recordsOf({ record, pieces }: QueuedData): Generator<DataRecord, void, undefined> {
  const [only] = pieces;
  const bytes = pieces.length === 1 && only !== undefined ? only : joined(pieces);
  for (let at = 0; at < bytes.length; at += MAX_DATA_BYTES) {
    yield { ...record, bytes: bytes.subarray(at, at + MAX_DATA_BYTES) };
  }
}
