const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const BOM: readonly number[] = [0xef, 0xbb, 0xbf];
const NEWLINE: Uint8Array = Uint8Array.of(LF);

/** What it takes to hold a piece, however small; without it an event of empty lines could take all memory. */
const VIEW_BYTES = 128;

/** One server-sent event. */
export interface ServerSentEvent {
  /** Its data lines, joined by newlines; undefined where it has none. */
  readonly data: Uint8Array | undefined;
  /** `message` unless the event says otherwise. */
  readonly type: string;
  readonly id: string | undefined;
  /** Milliseconds that the server wants to pass before the stream is opened again. */
  readonly retryMs: number | undefined;
}

/**
 * Cuts an event stream into its events (HTML, server-sent events), byte for byte. Lines end in CR, LF or both; comments
 * and unknown fields are skipped. However the stream is chunked, the events are the same.
 */
export class EventSplitter {
  #line: Uint8Array[] = [];
  #data: Uint8Array[] = [];
  #type = '';
  #id: string | undefined;
  #retryMs: number | undefined;
  #held = 0;
  #isFirst = true;
  #sawCr = false;

  /** Bytes that the event which is not over takes, about. */
  get held(): number {
    return this.#held;
  }

  /** Takes a chunk, which must not change afterwards, and gives the events that it completed. */
  push(chunk: Uint8Array): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    let start = this.#sawCr && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) this.#sawCr = false;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte !== LF && byte !== CR) continue;
      this.#hold(chunk.subarray(start, at));
      const event = this.#endLine();
      if (event !== undefined) events.push(event);
      if (byte === CR && at + 1 === chunk.length) this.#sawCr = true;
      else if (byte === CR && chunk[at + 1] === LF) at++;
      start = at + 1;
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
    return events;
  }

  /** Ends the stream and gives the event that was not ended by a blank line, if it has data. */
  end(): ServerSentEvent | undefined {
    if (this.#line.length > 0) this.#endLine();
    const event = this.#event();
    return event?.data === undefined ? undefined : event;
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#line.push(bytes);
    this.#held += bytes.length + VIEW_BYTES;
  }

  /** Takes the line that is over; a blank one ends the event. */
  #endLine(): ServerSentEvent | undefined {
    let line = joined(this.#line);
    this.#line = [];
    if (this.#isFirst && BOM.every((byte, index) => line[index] === byte)) line = line.subarray(BOM.length);
    this.#isFirst = false;
    if (line.length === 0) return this.#event();
    const colon = line.indexOf(COLON);
    const name = text(colon === -1 ? line : line.subarray(0, colon));
    const rest = colon === -1 ? line.subarray(line.length) : line.subarray(colon + 1);
    this.#field(name, rest[0] === SPACE ? rest.subarray(1) : rest);
    return undefined;
  }

  #field(name: string, value: Uint8Array): void {
    switch (name) {
      case 'data':
        this.#data.push(value);
        return;
      case 'event':
        this.#type = text(value);
        return;
      case 'id':
        if (!value.includes(0)) this.#id = text(value);
        return;
      case 'retry':
        if (/^\d{1,15}$/.test(text(value))) this.#retryMs = Number(text(value));
        return;
      default:
        if (this.#data.length === 0) this.#held = 0;
    }
  }

  #event(): ServerSentEvent | undefined {
    const data = this.#data;
    const event = {
      data: data.length === 0 ? undefined : joined(data.flatMap((line, at) => (at === 0 ? [line] : [NEWLINE, line]))),
      type: this.#type === '' ? 'message' : this.#type,
      id: this.#id,
      retryMs: this.#retryMs,
    };
    this.#data = [];
    this.#type = '';
    this.#id = undefined;
    this.#retryMs = undefined;
    this.#held = 0;
    const isNothing = event.data === undefined && event.id === undefined && event.retryMs === undefined;
    return isNothing ? undefined : event;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first;
  return Buffer.concat(parts);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
