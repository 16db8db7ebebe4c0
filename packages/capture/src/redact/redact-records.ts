import { WholeOriginals } from '../original/whole-originals.ts';
import type { CaptureRecord, OtherRecord, Source, TornStretch } from '../record.ts';
import { ChangedSecrets } from './changed-secrets.ts';
import { RecordQueue } from './record-queue.ts';
import type { Redactor } from './redactor.ts';
import { StreamLines } from './stream-lines.ts';

export interface RedactRecordsOptions {
  /** How many bytes are held back while a line is not over; default 64 MiB. */
  readonly maxHeldBytes?: number;
}

const SOURCES: readonly Source[] = ['client', 'server', 'stderr'];

/** The default of {@link RedactRecordsOptions.maxHeldBytes}. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Redacts the records of a capture: lines as wholes, however many reads they came in, and the texts of all other
 * records. Records keep their order, times and borders: a placeholder stands in the record in which its secret began,
 * and a record of which nothing is left is dropped.
 *
 * A line that is not over holds back what came after it. When that is more than the limit, the line is replaced as a whole,
 * since its part could end within a secret; so is what begins behind missing bytes and is no JSON, since it could be
 * the rest of one.
 */
export async function* redactRecords(
  records: Iterable<CaptureRecord | TornStretch> | AsyncIterable<CaptureRecord | TornStretch>,
  redactor: Redactor,
  { maxHeldBytes = MAX_HELD_BYTES }: RedactRecordsOptions = {},
): AsyncGenerator<CaptureRecord | TornStretch, void, undefined> {
  const redaction = new RecordRedaction(redactor, maxHeldBytes);
  for await (const record of records) yield* redaction.push(record);
  yield* redaction.end();
}

class RecordRedaction {
  readonly #redactor: Redactor;
  readonly #queue = new RecordQueue();
  readonly #maxHeldBytes: number;
  readonly #originals = new WholeOriginals();
  readonly #changed = new ChangedSecrets();
  #streams = new Map<string, StreamLines>();
  /** The connections whose records are messages, which end without a newline. */
  #ofMessages = new Set<number>();
  /** Whether bytes of any stream can be missing before what comes. */
  #isTorn = false;

  constructor(redactor: Redactor, maxHeldBytes: number) {
    this.#redactor = redactor;
    this.#maxHeldBytes = maxHeldBytes;
  }

  push(record: CaptureRecord | TornStretch): readonly (CaptureRecord | TornStretch)[] {
    if (record.t === 'data') {
      const stream = this.#stream(record.conn, record.from);
      stream.push(this.#queue.addData(record));
      if (this.#ofMessages.has(record.conn) && record.more !== true) stream.end();
    } else for (const whole of this.#originals.push(record)) this.#tell(whole);
    let out = this.#queue.take();
    while (this.#queue.heldBytes > this.#maxHeldBytes) {
      for (const stream of this.#streams.values()) if (stream.isHolding(this.#queue.first)) stream.giveUp();
      out = [...out, ...this.#queue.take()];
    }
    return out;
  }

  end(): readonly (CaptureRecord | TornStretch)[] {
    for (const cut of this.#originals.end()) this.#tell(cut);
    this.#endAll();
    return this.#queue.take();
  }

  #tell(record: Told): void {
    this.#endLines(record);
    this.#queue.add(redactRecord(this.#withoutSecrets(record), this.#redactor));
  }

  /** An original frame is searched as a line of its stream is. */
  #withoutSecrets(record: Told): Told {
    if ((record.t !== 'fault' && record.t !== 'note') || record.original === undefined) return record;
    const stream = this.#stream(record.conn, record.from ?? 'client');
    return { ...record, original: stream.original(record.original, record.more !== true) };
  }

  /** No line goes on behind the end of its stream, nor behind bytes that are missing. */
  #endLines(record: Exclude<CaptureRecord, { readonly t: 'data' }> | TornStretch): void {
    switch (record.t) {
      case 'open':
        this.#endAll();
        this.#streams = new Map();
        this.#ofMessages = new Set();
        this.#isTorn = false;
        return;
      case 'close':
        this.#endAll();
        return;
      case 'torn':
        this.#isTorn = true;
        for (const stream of this.#streams.values()) stream.breakOff();
        return;
      case 'gap':
        for (const { conn, from } of record.missed) this.#breakOff(conn, from);
        return;
      case 'eof':
        this.#streams.get(`${record.conn} ${record.from}`)?.end();
        return;
      case 'exit':
      case 'disconnect':
        for (const from of SOURCES) this.#streams.get(`${record.conn} ${from}`)?.end();
        return;
      case 'spawn':
      case 'connect':
        if (record.t === 'connect') this.#ofMessages.add(record.conn);
        else this.#ofMessages.delete(record.conn);
        // The streams of a new process begin here, whatever was lost before.
        for (const from of SOURCES) this.#stream(record.conn, from, false);
        return;
      case 'signal':
      case 'http':
      case 'fault':
      case 'note':
      case 'other':
    }
  }

  #breakOff(conn: number, from: Source): void {
    if (conn !== 0) this.#stream(conn, from).breakOff();
    else {
      this.#isTorn = true;
      for (const stream of this.#streams.values()) stream.breakOff();
    }
  }

  #endAll(): void {
    for (const stream of this.#streams.values()) stream.end();
  }

  #stream(conn: number, from: Source, isTorn = this.#isTorn): StreamLines {
    const key = `${conn} ${from}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const stream = new StreamLines(this.#redactor, isTorn, this.#changed);
    this.#streams.set(key, stream);
    return stream;
  }
}

type Told = Exclude<CaptureRecord, { readonly t: 'data' }> | TornStretch;

/** Redacts what a record other than data says in words. */
function redactRecord(record: Told, redactor: Redactor): Told {
  switch (record.t) {
    case 'open': {
      const { argv, label } = record;
      return {
        ...record,
        ...(argv !== undefined && { argv: redactor.redactArgv(argv) }),
        ...(label !== undefined && { label: redactor.redactText(label) }),
      };
    }
    case 'spawn': {
      const { argv, server } = record;
      return {
        ...record,
        ...(argv !== undefined && { argv: redactor.redactArgv(argv) }),
        ...(server !== undefined && { server: redactor.redactText(server) }),
      };
    }
    case 'connect': {
      const { url, server } = record;
      return {
        ...record,
        url: redactor.redactText(url),
        ...(server !== undefined && { server: redactor.redactText(server) }),
      };
    }
    case 'http':
      return { ...record, url: redactor.redactText(record.url) };
    case 'fault':
      return { ...record, rule: redactor.redactText(record.rule), action: redactor.redactText(record.action) };
    case 'note':
      return { ...record, text: redactor.redactText(record.text) };
    case 'other':
      return redactOther(record, redactor);
    case 'eof':
    case 'signal':
    case 'exit':
    case 'gap':
    case 'close':
    case 'disconnect':
    case 'torn':
      return record;
  }
}

/** Nobody knows what its keys mean, so it is redacted as the JSON that it was. */
function redactOther(record: OtherRecord, redactor: Redactor): OtherRecord {
  try {
    return {
      ...record,
      header: JSON.parse(redactor.redactText(JSON.stringify(record.header))) as OtherRecord['header'],
    };
  } catch {
    // It nests so deep that it cannot be written as JSON again.
    return { ...record, header: { t: record.kind, conn: record.conn } };
  }
}
