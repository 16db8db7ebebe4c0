import { ByteQueue } from './byte-queue.ts';
import { CaptureError } from './capture-error.ts';
import { type DataHeader, HEADER_START, type Header, parseHeader } from './header.ts';
import { type CaptureRecord, type DataRecord, FORMAT_VERSION, MAX_HEADER_BYTES, type TornStretch } from './record.ts';

const LF = 0x0a;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** One character for each byte, so that an index into the text is an index into the bytes. */
const byteText = new TextDecoder('latin1');

const OPEN_START = '{"t":"open","c":"';
const HEADER_BEHIND = /(?<=.)\{.*$/s;

/** A data record whose end is not confirmed yet by the header that must follow. */
interface Held {
  readonly record: DataRecord;
  /** Where its header starts in the file. */
  readonly offset: number;
  /** Where its bytes start in the file. */
  readonly dataOffset: number;
}

/**
 * Reads a capture from chunks of any size. Total: a torn tail, a damaged stretch, concatenated files and unknown kinds
 * of records are all read, and what cannot be trusted comes out as a torn stretch. A data record is given out when
 * the header after it, or the end, confirms it. Linear in the size of the file; holds at most a few records.
 */
export class CaptureDecoder {
  readonly #queue = new ByteQueue();
  #c: string | undefined;
  #body: { readonly header: DataHeader; readonly offset: number } | undefined;
  #held: Held | undefined;
  /** Where the torn stretch starts that is being crossed. */
  #tornFrom: number | undefined;
  #ended = false;

  /**
   * Takes the next chunk, which must not change afterwards, and gives what it completed. Throws CaptureError
   * `NOT_A_CAPTURE` where the text does not start as a capture does, and `NEWER_FORMAT`.
   */
  push(chunk: Uint8Array): readonly (CaptureRecord | TornStretch)[] {
    return this.#queue.push(chunk) ? this.#run() : [];
  }

  /**
   * Gives the data record that stands last so far, if it is whole and nothing contradicts it: for whoever follows a file
   * that grows. Should something else than a header follow it after all, the stretch from there on comes out as torn.
   */
  settle(): readonly (CaptureRecord | TornStretch)[] {
    const queue = this.#queue;
    // Not joined before all of a record is there: a large one may come in many pieces.
    if (this.#tornFrom !== undefined || (this.#body !== undefined && queue.size < this.#body.header.n)) return [];
    queue.open();
    const out = queue.left > 0 ? [...this.#run()] : [];
    if (queue.left === 0 || startsAsHeader(queue.window.subarray(queue.at), this.#c)) this.#release(out);
    return out;
  }

  /** Ends the text and gives what was left. Throws as {@link CaptureDecoder.push} does. */
  end(): readonly (CaptureRecord | TornStretch)[] {
    this.#ended = true;
    this.#queue.open();
    return this.#run();
  }

  #run(): readonly (CaptureRecord | TornStretch)[] {
    const out: (CaptureRecord | TornStretch)[] = [];
    while (this.#step(out));
    return out;
  }

  /** Takes one record or one line; false when there is none to take before more bytes come. */
  #step(out: (CaptureRecord | TornStretch)[]): boolean {
    if (this.#tornFrom !== undefined) return this.#crossLine(out, this.#tornFrom);
    if (this.#body !== undefined) return this.#takeBody(this.#body);
    return this.#takeHeader(out);
  }

  #takeHeader(out: (CaptureRecord | TornStretch)[]): boolean {
    const queue = this.#queue;
    const end = queue.window.indexOf(LF, queue.at);
    if (end === -1) return this.#awaitHeader(out);
    const line = queue.window.subarray(queue.at, end);
    const header = line.length < MAX_HEADER_BYTES ? readHeader(line, this.#c) : undefined;
    if (header === undefined) return this.#refuse(line, out);
    if (header.t === 'newer') throw newerFormat(header.mcpcap);
    this.#release(out);
    const { offset } = queue;
    queue.at = end + 1;
    this.#begin(header, offset, out);
    return true;
  }

  #begin(header: Exclude<Header, { t: 'newer' }>, offset: number, out: (CaptureRecord | TornStretch)[]): void {
    if (header.t === 'data') {
      this.#body = { header, offset };
      return;
    }
    if (header.t === 'open') this.#c = header.c;
    out.push(header);
  }

  /** There is no newline: either it has not come yet, or this is no header, or it never will come. */
  #awaitHeader(out: (CaptureRecord | TornStretch)[]): boolean {
    const queue = this.#queue;
    const start = queue.window.subarray(queue.at, queue.at + MAX_HEADER_BYTES);
    if (this.#ended && queue.left === 0) this.#release(out);
    if (this.#ended || queue.left > MAX_HEADER_BYTES) return queue.left > 0 && this.#refuse(start, out);
    if (this.#c === undefined && !startsAsHeader(start, this.#c)) throw notACapture();
    queue.wantLine(MAX_HEADER_BYTES);
    return false;
  }

  /** This is no whole header. Where it is the start of one, the data record before it was whole. */
  #refuse(line: Uint8Array, out: (CaptureRecord | TornStretch)[]): boolean {
    if (startsAsHeader(line, this.#c)) this.#release(out);
    else if (this.#c === undefined) throw notACapture();
    return this.#tear();
  }

  #takeBody({ header, offset }: { readonly header: DataHeader; readonly offset: number }): boolean {
    const queue = this.#queue;
    const { seq, us, conn, from, n, by } = header;
    // The newline after the bytes is waited for too: it is there unless they end in one.
    const isThere = queue.left > n || (queue.left === n && queue.window[queue.at + n - 1] === LF);
    if (!isThere && !this.#ended) {
      queue.wantBytes(queue.left < n ? n : n + 1);
      return false;
    }
    this.#body = undefined;
    if (queue.left < n) return this.#tear(offset);
    const end = queue.at + n;
    const bytes = queue.window.subarray(queue.at, end);
    const isPadded = bytes[n - 1] !== LF && end < queue.window.length;
    if (isPadded && queue.window[end] !== LF) return this.#tear(offset);
    // Key by key: this is done for every read of a capture, and a spread takes several times as long.
    const record: DataRecord =
      by === undefined ? { t: 'data', seq, us, conn, from, bytes } : { t: 'data', seq, us, conn, from, bytes, by };
    this.#held = { record, offset, dataOffset: queue.offset };
    queue.at = isPadded ? end + 1 : end;
    return true;
  }

  /**
   * What stands here cannot be trusted: with the data record before it, whose count then is not to be trusted either,
   * it is crossed line by line from the start of that record's data.
   */
  #tear(from: number = this.#held?.offset ?? this.#queue.offset): boolean {
    this.#tornFrom = from;
    if (this.#held !== undefined) this.#queue.rewind(this.#held.dataOffset, this.#held.record.bytes);
    this.#held = undefined;
    return true;
  }

  #crossLine(out: (CaptureRecord | TornStretch)[], from: number): boolean {
    const queue = this.#queue;
    const end = queue.window.indexOf(LF, queue.at);
    if (end === -1) return this.#crossRest(out, from);
    const found = findHeader(queue.window.subarray(queue.at, end), this.#c);
    if (found === undefined) {
      queue.at = end + 1;
      return true;
    }
    queue.at += found.index;
    const { offset } = queue;
    out.push({ t: 'torn', offset: from, bytes: offset - from });
    this.#tornFrom = undefined;
    queue.at = end + 1;
    this.#begin(found.header, offset, out);
    return true;
  }

  #crossRest(out: (CaptureRecord | TornStretch)[], from: number): boolean {
    const queue = this.#queue;
    if (this.#ended) {
      queue.at = queue.window.length;
      this.#tornFrom = undefined;
      out.push({ t: 'torn', offset: from, bytes: queue.offset - from });
      return false;
    }
    // Of a line without end only the last part is kept: a header can stand there and is not longer.
    if (queue.left > 2 * MAX_HEADER_BYTES) queue.at = queue.window.length - MAX_HEADER_BYTES;
    queue.wantLine(2 * MAX_HEADER_BYTES);
    return false;
  }

  #release(out: (CaptureRecord | TornStretch)[]): void {
    if (this.#held === undefined) return;
    out.push(this.#held.record);
    this.#held = undefined;
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
