import { randomBytes } from 'node:crypto';

import { headerText } from '../header.ts';
import { maskArgv } from '../mask-argv.ts';
import { FORMAT_VERSION, MAX_DATA_BYTES, type Source } from '../record.ts';
import { AppendFile } from './append-file.ts';
import { GapCount } from './gap-count.ts';

/** The default size in bytes at which a capture stops growing. */
export const MAX_CAPTURE_BYTES: number = 512 * 1024 * 1024;

/** Kept free below the limit for what a capture ends with: the account of the gap, and `close`. */
const RESERVED_BYTES = 4096;
/** The part of it that process events may not use. */
const CLOSING_BYTES = 2048;
/** Keeps headers far below their limit: the most characters of a label, a note or a command line. */
const MAX_TEXT_LENGTH = 64 * 1024;

/** Reads up to this size are copied behind their header, which is faster than a call with two buffers. */
const COPIED_BYTES = 16 * 1024;
const MAX_DATA_HEADER_BYTES = 256;

const NEWLINE = 0x0a;
const NEWLINE_BYTES: Uint8Array = Uint8Array.of(NEWLINE);
const NOTHING: Uint8Array = new Uint8Array(0);

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

/** A turn in the life of a server process. */
export type ConnectionEvent =
  | { readonly kind: 'spawn'; readonly pid: number }
  | { readonly kind: 'eof'; readonly from: Source }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null };

/** Which server a connection leads to. */
export interface ConnectionTarget {
  /** The name this session has for the server. */
  readonly server?: string;
  /** The server's command line, where it is not the capture's own; secret-shaped values are masked. */
  readonly argv?: readonly string[];
}

/** Records one connection. Nothing here throws, whatever the disk does. */
export interface ConnectionRecorder {
  /** Appends one read. When this returns, the bytes are in the file, or counted as missing. */
  read(from: Source, bytes: Uint8Array): void;
  event(event: ConnectionEvent): void;
  /** Records a sentence about the connection, such as what was dropped and why. */
  note(text: string): void;
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
    this.#c = randomBytes(8).toString('hex');
    this.#opening = headerText('open', this.#c, 0, 0, {
      mcpcap: FORMAT_VERSION,
      at: new Date().toISOString(),
      argv: options.argv && recordedArgv(options.argv),
      pid: process.pid,
      label: options.label?.slice(0, MAX_TEXT_LENGTH),
    });
    this.#flush();
  }

  /** The file's absolute path. It differs from what was asked for where that name was taken. */
  get path(): string {
    return this.#file.path;
  }

  /** Starts the records of one more connection. */
  connection(target: ConnectionTarget = {}): ConnectionRecorder {
    const number = ++this.#connections;
    const conn = number === 1 ? undefined : number;
    const named = { server: target.server, argv: target.argv && recordedArgv(target.argv) };
    return {
      read: (from, bytes) => this.#read(number, from, bytes),
      event: ({ kind, ...fields }) => void this.#record(kind, { conn, ...fields, ...(kind === 'spawn' && named) }),
      note: (text) => void this.#record('note', { conn, text: text.slice(0, MAX_TEXT_LENGTH) }),
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

  #read(conn: number, from: Source, bytes: Uint8Array): void {
    const n = bytes.length;
    if (n === 0 || !this.#file.usable) return;
    if (n > MAX_DATA_BYTES) {
      this.#read(conn, from, bytes.subarray(0, MAX_DATA_BYTES));
      this.#read(conn, from, bytes.subarray(MAX_DATA_BYTES));
      return;
    }
    const isFull = this.#full || this.#file.size + MAX_DATA_HEADER_BYTES + n > this.#dataLimit;
    const failure = isFull ? 'cap' : this.#recordRead(conn, from, bytes);
    if (failure !== undefined) this.#gap.missRead(this.#us(), conn, from, n, failure);
    if (isFull && !this.#full) {
      this.#full = true;
      this.#flush();
    }
  }

  #recordRead(conn: number, from: Source, bytes: Uint8Array): string | undefined {
    const before = this.#seq;
    const due = this.#due();
    const whose = conn === 1 ? '' : `,"conn":${conn}`;
    // The hot path: JSON.stringify would take longer than the rest of this method.
    const header = `{"t":"data","c":"${this.#c}","seq":${this.#seq++},"us":${this.#us()}${whose},"from":"${from}","n":${
      bytes.length
    }}\n`;
    return this.#commit(before, due === '' ? header : due + header, bytes);
  }

  #record(kind: string, fields: Readonly<Record<string, unknown>>, kept: number = CLOSING_BYTES): string | undefined {
    if (!this.#file.usable) return undefined;
    const before = this.#seq;
    const due = this.#due();
    const text = due + headerText(kind, this.#c, this.#seq++, this.#us(), fields);
    const failure = this.#hasRoom(text, kept) ? this.#commit(before, text) : 'cap';
    if (failure === undefined) return undefined;
    this.#seq = before;
    this.#gap.missEvent(this.#us(), failure);
    return failure;
  }

  /** Writes what is due without waiting for the next record. */
  #flush(): void {
    const before = this.#seq;
    const due = this.#due();
    if (due !== '' && this.#hasRoom(due, CLOSING_BYTES)) this.#commit(before, due);
    else this.#seq = before;
  }

  /** The records that must stand before the next one: none, as a rule. */
  #due(): string {
    const gap = this.#gap.gap;
    if (gap === undefined) return this.#opening;
    return this.#opening + headerText('gap', this.#c, this.#seq++, this.#us(), { ...gap });
  }

  #commit(before: number, header: string, bytes?: Uint8Array): string | undefined {
    const failure = this.#append(header, bytes);
    if (failure !== undefined) {
      this.#seq = before;
      return failure;
    }
    this.#opening = '';
    this.#gap.clear();
    return undefined;
  }

  #append(header: string, bytes: Uint8Array = NOTHING): string | undefined {
    const n = bytes.length;
    const endsLine = n === 0 || bytes[n - 1] === NEWLINE;
    if (n > COPIED_BYTES || header.length > MAX_DATA_HEADER_BYTES) {
      const parts = [Buffer.from(header, 'latin1'), bytes];
      return this.#file.appendAll(endsLine ? parts : [...parts, NEWLINE_BYTES]);
    }
    const scratch = this.#scratch;
    let length = scratch.write(header, 0, 'latin1');
    scratch.set(bytes, length);
    length += n;
    if (!endsLine) scratch[length++] = NEWLINE;
    return this.#file.append(scratch, length);
  }

  #hasRoom(text: string, kept: number): boolean {
    return this.#opening !== '' || this.#file.size + text.length + Math.min(kept, this.#limit / 8) <= this.#limit;
  }

  #us(): number {
    return Math.round((this.#now() - this.#openedAt) * 1000);
  }
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
