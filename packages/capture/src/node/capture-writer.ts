import { headerText } from '../header.ts';
import { originalFields } from '../original/original-fields.ts';
import { originalParts } from '../original/original-parts.ts';
import { maskArgv } from '../redact/mask-argv.ts';
import { FORMAT_VERSION, MAX_DATA_BYTES, type Source } from '../record.ts';
import { AppendFile } from './append-file.ts';
import type { ConnectionEvent, ConnectionRecorder, ConnectionTarget } from './connection-recorder.ts';
import { MAX_DATA_HEADER_BYTES, completeDataHeader, dataHeaderStart, whenceOf } from './data-header.ts';
import { GapCount } from './gap-count.ts';
import { randomHex } from './random-hex.ts';

/** The default size in bytes at which a capture stops growing. */
export const MAX_CAPTURE_BYTES: number = 512 * 1024 * 1024;

/** Kept free below the limit for what a capture ends with: the account of the gap, and `close`. */
const RESERVED_BYTES = 4096;
/** The part of it that process events may not use. */
const CLOSING_BYTES = 2048;
/** Keeps headers far below their limit: the most characters of a label or a command line. */
const MAX_TEXT_LENGTH = 64 * 1024;
/** The most characters of a note, a rule or an action: an original frame may stand beside them. */
const MAX_TOLD_LENGTH = 8 * 1024;

/** Reads up to this size are copied behind their header, which is faster than a call with two buffers. */
const COPIED_BYTES = 16 * 1024;

/** What the headers of bytes that are not the peer's own say behind the size. */
const BY_US = ',"by":"mcp-dbg"';

const NEWLINE = 0x0a;
const NEWLINE_BYTES: Uint8Array = Uint8Array.of(NEWLINE);

export interface CaptureOptions {
  /** Where to record. The file is made new; see {@link CaptureWriter.path} for the name it got. */
  readonly path: string;
  /** The server's command line, for a capture of one server; secret-shaped values are masked. */
  readonly argv?: readonly string[];
  readonly label?: string;
  /** The size in bytes at which the file stops growing; default {@link MAX_CAPTURE_BYTES}. */
  readonly maxBytes?: number;
  /** A monotonic clock in milliseconds, for one that is shared with other observers; default performance.now. */
  readonly now?: () => number;
}

/** One of the three streams of a connection. */
interface Stream {
  readonly conn: number;
  readonly from: Source;
  /** What its headers say of it. */
  readonly whence: Uint8Array;
  /** What they say behind the size. */
  readonly tail: Uint8Array;
}

/**
 * Writes one capture file (docs/capture-format.md): one synchronous append for each read, so what was shown to it is
 * in the file even if this process is killed right after. A disk that refuses costs the records, which are counted
 * and reported in the file when it takes them again, and never an exception.
 */
export class CaptureWriter {
  readonly #file: AppendFile;
  readonly #c: string;
  readonly #dataLimit: number;
  readonly #limit: number;
  readonly #now: () => number;
  readonly #openedAt: number;
  readonly #gap = new GapCount();
  #failure: string | undefined;
  /** Holds the start of a data header always, and behind it what the last read added. */
  readonly #startBytes: number;
  readonly #scratch: Buffer = Buffer.allocUnsafeSlow(MAX_DATA_HEADER_BYTES + COPIED_BYTES + 1);
  /** The `open` record until the disk has taken it. */
  #opening: string;
  #seq = 1;
  #connections = 0;
  #full = false;

  /** Makes the file. Throws CaptureError where that is impossible; nothing else here ever throws. */
  constructor(options: CaptureOptions) {
    this.#file = new AppendFile(options.path, process.pid);
    this.#limit = options.maxBytes ?? MAX_CAPTURE_BYTES;
    this.#dataLimit = this.#limit - Math.min(RESERVED_BYTES, this.#limit / 2);
    this.#now = options.now ?? (() => performance.now());
    this.#openedAt = this.#now();
    // Drawn here and put on no wire, so no peer can write a record of ours into its own bytes.
    this.#c = randomHex(8);
    this.#opening = headerText('open', this.#c, 0, 0, {
      mcpcap: FORMAT_VERSION,
      at: new Date().toISOString(),
      argv: options.argv && recordedArgv(options.argv),
      pid: process.pid,
      ppid: process.ppid,
      label: options.label?.slice(0, MAX_TEXT_LENGTH),
    });
    this.#startBytes = this.#scratch.write(dataHeaderStart(this.#c), 'latin1');
    this.#flush();
  }

  /** The file's absolute path. It differs from what was asked for where that name was taken. */
  get path(): string {
    return this.#file.path;
  }

  /** Why bytes are missing from the capture, as its first `gap` says it; undefined while it is whole. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Starts the records of one more connection. */
  connection(target: ConnectionTarget = {}): ConnectionRecorder {
    const number = ++this.#connections;
    const conn = number === 1 ? undefined : number;
    const named = { server: target.server, argv: target.argv && recordedArgv(target.argv) };
    const streams = streamsOf(number, '');
    const parts = streamsOf(number, ',"more":true');
    const ours = streamsOf(number, BY_US);
    const ourParts = streamsOf(number, `${BY_US},"more":true`);
    let ofMessages = false;
    return {
      read: (from, bytes, by) => {
        if (by === undefined) this.#read(streams[from], bytes, ofMessages ? parts[from] : streams[from]);
        else this.#read(ours[from], bytes, ofMessages ? ourParts[from] : ours[from]);
      },
      event: (event) => {
        if (event.kind === 'connect') ofMessages = true;
        const { kind, ...fields } = event;
        if (kind === 'spawn' || kind === 'connect') this.#record(kind, { conn, ...fields, ...named });
        else if (kind === 'fault' || kind === 'note') this.#tell(conn, event);
        else this.#record(kind, { conn, ...fields });
      },
    };
  }

  /** Ends the capture in good order. What comes later is not recorded. */
  close(): void {
    if (this.#record('close', {}, 0) === 'cap') {
      // That bytes are missing was said when the file became full; that it ends here counts for more than how many.
      this.#gap.clear();
      this.#record('close', {}, 0);
    }
    this.#file.close();
  }

  /** In as many records as the original frame takes. */
  #tell(conn: number | undefined, event: Extract<ConnectionEvent, { kind: 'fault' | 'note' }>): void {
    const { kind, original, ...fields } = event;
    const told = Object.fromEntries(
      Object.entries({ conn, ...fields }).map(([key, value]): readonly [string, unknown] => [
        key,
        typeof value === 'string' ? value.slice(0, MAX_TOLD_LENGTH) : value,
      ]),
    );
    const parts = original && originalParts(original);
    if (parts === undefined) this.#record(kind, told);
    parts?.forEach((part, index) => {
      const more = index < parts.length - 1 ? true : undefined;
      this.#record(kind, { ...told, ...originalFields(part), more });
    });
  }

  /** `parts` is the stream of those records that do not end what was read. */
  #read(stream: Stream, bytes: Uint8Array, parts: Stream): void {
    const n = bytes.length;
    if (n === 0 || !this.#file.usable) return;
    if (n > MAX_DATA_BYTES) {
      this.#read(parts, bytes.subarray(0, MAX_DATA_BYTES), parts);
      this.#read(stream, bytes.subarray(MAX_DATA_BYTES), parts);
      return;
    }
    const isFull = this.#full || this.#file.size + MAX_DATA_HEADER_BYTES + n > this.#dataLimit;
    const failure = isFull ? 'cap' : this.#recordRead(stream, bytes);
    if (failure !== undefined) {
      this.#failure ??= failure;
      this.#gap.missRead(this.#us(), stream.conn, stream.from, n, failure);
    }
    if (isFull && !this.#full) {
      this.#full = true;
      this.#flush();
    }
  }

  #recordRead({ whence, tail }: Stream, bytes: Uint8Array): string | undefined {
    const before = this.#seq;
    const due = this.#due();
    const scratch = this.#scratch;
    const n = bytes.length;
    const endsLine = bytes[n - 1] === NEWLINE;
    const end = completeDataHeader(scratch, this.#startBytes, {
      seq: this.#seq++,
      us: this.#us(),
      whence,
      n,
      tail,
    });
    if (due === '' && n <= COPIED_BYTES) {
      scratch.set(bytes, end);
      if (!endsLine) scratch[end + n] = NEWLINE;
      return this.#settle(before, this.#file.append(scratch, endsLine ? end + n : end + n + 1));
    }
    const parts = [Buffer.from(due, 'latin1'), scratch.subarray(0, end), bytes];
    return this.#settle(before, this.#file.appendAll(endsLine ? parts : [...parts, NEWLINE_BYTES]));
  }

  #record(kind: string, fields: Readonly<Record<string, unknown>>, kept: number = CLOSING_BYTES): string | undefined {
    if (!this.#file.usable) return undefined;
    const before = this.#seq;
    const due = this.#due();
    const text = due + headerText(kind, this.#c, this.#seq++, this.#us(), fields);
    const failure = this.#settle(before, this.#hasRoom(text, kept) ? this.#append(text) : 'cap');
    if (failure !== undefined) this.#gap.missEvent(this.#us(), failure);
    return failure;
  }

  /** Writes what is due without waiting for the next record. */
  #flush(): void {
    const before = this.#seq;
    const due = this.#due();
    if (due !== '') this.#settle(before, this.#hasRoom(due, CLOSING_BYTES) ? this.#append(due) : 'cap');
  }

  /** The records that must stand before the next one: none, as a rule. */
  #due(): string {
    const gap = this.#gap.gap;
    if (gap === undefined) return this.#opening;
    return this.#opening + headerText('gap', this.#c, this.#seq++, this.#us(), { ...gap });
  }

  #append(text: string): string | undefined {
    return this.#file.append(Buffer.from(text, 'latin1'), text.length);
  }

  /** After a success nothing is due any more; after a failure it is as if nothing had been tried. */
  #settle(before: number, failure: string | undefined): string | undefined {
    if (failure === undefined) {
      this.#opening = '';
      this.#gap.clear();
    } else {
      this.#seq = before;
    }
    return failure;
  }

  #hasRoom(text: string, kept: number): boolean {
    return this.#opening !== '' || this.#file.size + text.length + Math.min(kept, this.#limit / 8) <= this.#limit;
  }

  #us(): number {
    return Math.round((this.#now() - this.#openedAt) * 1000);
  }
}

function streamsOf(conn: number, more: string): Readonly<Record<Source, Stream>> {
  const tail = Buffer.from(more);
  const stream = (from: Source): Stream => ({ conn, from, whence: whenceOf(conn, from), tail });
  return { client: stream('client'), server: stream('server'), stderr: stream('stderr') };
}

/** Keeps a header far below its limit, whatever the command line was. */
function recordedArgv(argv: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const word of argv) {
    length += word.length;
    if (length > MAX_TEXT_LENGTH) return [...maskArgv(kept), '…'];
    kept.push(word);
  }
  return maskArgv(kept);
}
