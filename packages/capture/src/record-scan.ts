import { CaptureError } from './capture-error.ts';
import { DataPlace, dataStartOf } from './data-place.ts';
import { HEADER_START, type Header, parseHeader } from './header.ts';
import { type CaptureRecord, type DataRecord, FORMAT_VERSION, MAX_HEADER_BYTES, type TornStretch } from './record.ts';

const LF = 0x0a;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** One character for each byte, so that an index into the text is an index into the bytes. */
const byteText = new TextDecoder('latin1');

const OPEN_START = '{"t":"open","c":"';
const HEADER_BEHIND = /(?<=.)\{.*$/s;
const NO_START: Uint8Array = new Uint8Array(0);

/** Bytes that arrive bit by bit and are looked at through one window. */
export interface RecordBytes {
  readonly window: Uint8Array;
  /** Where the next byte to be taken stands in the window; whoever takes bytes sets it. */
  at: number;
  /** Where `at` stands in the whole stream. */
  readonly offset: number;
  /** Says that nothing can be taken before so many bytes from `at` on are in the window. */
  wantBytes(wanted: number): void;
  /** Says that nothing can be taken before a newline is in the window, or more than `limit` bytes. */
  wantLine(limit: number): void;
}

/** Who is told of records, in their order. */
export interface RecordSink {
  /** Bytes of a stream; the place and the window are good for the time of the call only. */
  data(place: DataPlace, window: Uint8Array): void;
  record(record: Exclude<CaptureRecord, DataRecord> | TornStretch): void;
}

/**
 * Finds the records of a capture. Total: a torn tail, a damaged stretch, concatenated files and unknown kinds of
 * records are all read, and what cannot be trusted comes out as a torn stretch. A data record is given out when what
 * stands behind it is the start of a header, or the end. Linear in the size of the file.
 */
export class RecordScan {
  readonly #bytes: RecordBytes;
  readonly #sink: RecordSink;
  readonly #place = new DataPlace();
  #c: string | undefined;
  #dataStart = NO_START;
  /** Where the torn stretch starts that is being crossed. */
  #tornFrom: number | undefined;
  #ended = false;
  #isSettling = false;

  constructor(bytes: RecordBytes, sink: RecordSink) {
    this.#bytes = bytes;
    this.#sink = sink;
  }

  /**
   * Takes all that is whole in the window. Throws CaptureError `NOT_A_CAPTURE` where the text does not start as a
   * capture does, and `NEWER_FORMAT`.
   */
  run(): void {
    while (this.step());
  }

  /** How data headers of this capture start, where one may stand now; undefined where none may. */
  get dataStart(): Uint8Array | undefined {
    return this.#c === undefined || this.#tornFrom !== undefined ? undefined : this.#dataStart;
  }

  /** Takes what is left: the window holds all that there is, and will. Throws as {@link RecordScan.run} does. */
  end(): void {
    this.#ended = true;
    this.run();
  }

  /**
   * Takes the data record that stands last so far, if it is whole and nothing contradicts it, without waiting for what
   * confirms it. Throws as {@link RecordScan.run} does.
   */
  settle(): void {
    if (this.#left === 0) return;
    this.#isSettling = true;
    this.run();
    this.#isSettling = false;
  }

  get #left(): number {
    return this.#bytes.window.length - this.#bytes.at;
  }

  /** Takes one record or one line; false when there is none to take before more bytes come. Throws as `run` does. */
  step(): boolean {
    if (this.#tornFrom !== undefined) return this.#crossLine(this.#tornFrom);
    const { window, at } = this.#bytes;
    const start = this.#c === undefined ? -1 : this.#place.readHeader(window, at, this.#dataStart);
    return start === -1 ? this.#takeHeader() : this.#takeBody(start);
  }

  #takeHeader(): boolean {
    const { window, at } = this.#bytes;
    const end = window.indexOf(LF, at);
    if (end === -1) return this.#awaitHeader();
    const line = window.subarray(at, end);
    const header = line.length < MAX_HEADER_BYTES ? readHeader(line, this.#c) : undefined;
    if (header === undefined) return this.#refuse(line);
    if (header.t === 'newer') throw newerFormat(header.mcpcap);
    return this.#take(header, end + 1);
  }

  #take(header: Exclude<Header, { t: 'newer' }>, next: number): boolean {
    if (header.t === 'data') {
      const { seq, us, conn, from, n, by, more = false } = header;
      Object.assign(this.#place, { seq, us, conn, from, n, by, more });
      return this.#takeBody(next);
    }
    if (header.t === 'open') {
      this.#c = header.c;
      this.#dataStart = dataStartOf(header.c);
    }
    this.#bytes.at = next;
    this.#sink.record(header);
    return true;
  }

  /** There is no newline: either it has not come yet, or this is no header, or it never will come. */
  #awaitHeader(): boolean {
    const bytes = this.#bytes;
    const left = this.#left;
    const start = bytes.window.subarray(bytes.at, bytes.at + MAX_HEADER_BYTES);
    if (this.#ended || left > MAX_HEADER_BYTES) return left > 0 && this.#refuse(start);
    if (this.#c === undefined && !startsAsHeader(start, this.#c)) throw notACapture();
    bytes.wantLine(MAX_HEADER_BYTES);
    return false;
  }

  #refuse(line: Uint8Array): boolean {
    if (this.#c === undefined && !this.#isCutOpen(line)) throw notACapture();
    return this.#tear(this.#bytes.offset, this.#bytes.at);
  }

  /** What a capture that was cut short at its start begins with: an `open` as far as it goes, and no line of its own. */
  #isCutOpen(line: Uint8Array): boolean {
    const isWholeLine = line.length < this.#left;
    return startsAsHeader(line, undefined) && (!isWholeLine || line.length >= OPEN_START.length);
  }

  #takeBody(start: number): boolean {
    const bytes = this.#bytes;
    const { window } = bytes;
    const place = this.#place;
    const end = start + place.n;
    if (!this.#ended && window.length < this.#wholeAt(window, end)) {
      bytes.wantBytes(end + 1 + HEADER_START.length - bytes.at);
      return false;
    }
    const { offset } = bytes;
    const isPadded = window[end - 1] !== LF && end < window.length;
    const next = isPadded ? end + 1 : end;
    if (window.length < end || (isPadded && window[end] !== LF) || !isHeaderStart(window, next)) {
      return this.#tear(offset, start);
    }
    place.offset = offset + (start - bytes.at);
    place.start = start;
    place.end = end;
    bytes.at = next;
    this.#sink.data(place, window);
    return true;
  }

  /** Where the window has to end for a record whose bytes end at `end`: its newline, and what tells that it is whole. */
  #wholeAt(window: Uint8Array, end: number): number {
    if (!this.#isSettling) return end + 1 + HEADER_START.length;
    return window[end - 1] === LF ? end : end + 1;
  }

  /** What starts at `offset` cannot be trusted: it is crossed line by line, of a data record from its bytes on. */
  #tear(offset: number, at: number): boolean {
    this.#tornFrom = offset;
    this.#bytes.at = at;
    return true;
  }

  #crossLine(from: number): boolean {
    const bytes = this.#bytes;
    const end = bytes.window.indexOf(LF, bytes.at);
    if (end === -1) return this.#crossRest(from);
    const found = findHeader(bytes.window.subarray(bytes.at, end), this.#c);
    if (found === undefined) {
      bytes.at = end + 1;
      return true;
    }
    bytes.at += found.index;
    this.#sink.record({ t: 'torn', offset: from, bytes: bytes.offset - from });
    this.#tornFrom = undefined;
    return this.#take(found.header, end + 1);
  }

  #crossRest(from: number): boolean {
    const bytes = this.#bytes;
    if (this.#ended) {
      bytes.at = bytes.window.length;
      this.#tornFrom = undefined;
      this.#sink.record({ t: 'torn', offset: from, bytes: bytes.offset - from });
      return false;
    }
    // Of a line without end only the last part is kept: a header can stand there and is not longer.
    if (this.#left > 2 * MAX_HEADER_BYTES) bytes.at = bytes.window.length - MAX_HEADER_BYTES;
    bytes.wantLine(2 * MAX_HEADER_BYTES);
    return false;
  }
}

function readHeader(line: Uint8Array, c: string | undefined): Header | undefined {
  try {
    return parseHeader(utf8.decode(line), c);
  } catch {
    return undefined;
  }
}

/** A torn record has no newline of its own, so the next header may stand behind it on one line. */
function findHeader(
  line: Uint8Array,
  c: string | undefined,
): { readonly index: number; readonly header: Exclude<Header, { t: 'newer' }> } | undefined {
  const tail = Math.max(0, line.length - MAX_HEADER_BYTES);
  const index = byteText.decode(line.subarray(tail)).lastIndexOf(HEADER_START);
  if (index === -1) return undefined;
  const header = readHeader(line.subarray(tail + index), c);
  return header === undefined || header.t === 'newer' ? undefined : { index: tail + index, header };
}

/** True where a header starts, or as much of it as there is before the end of the window. */
function isHeaderStart(window: Uint8Array, at: number): boolean {
  const length = Math.min(HEADER_START.length, window.length - at);
  for (let index = 0; index < length; index++) {
    if (window[at + index] !== HEADER_START.charCodeAt(index)) return false;
  }
  return true;
}

/** True where a header starts, as far as the text goes. Before anything was read, only an `open` may start. */
function startsAsHeader(line: Uint8Array, c: string | undefined): boolean {
  const expected = c === undefined ? OPEN_START : HEADER_START;
  const text = byteText.decode(line.subarray(0, expected.length));
  // What was cut short at the very start may have another file's first header right behind it.
  const head = c === undefined ? text.replace(HEADER_BEHIND, '') : text;
  return head !== '' && expected.startsWith(head);
}

function notACapture(): CaptureError {
  return new CaptureError('NOT_A_CAPTURE', 'This is not a capture: it does not start with an "open" record');
}

function newerFormat(version: number): CaptureError {
  return new CaptureError(
    'NEWER_FORMAT',
    `This capture is in version ${version} of the format and this program reads version ${FORMAT_VERSION}; update mcp-dbg`,
  );
}
