import { joined } from '../joined.ts';
import { byteText } from './byte-text.ts';
import type { ChangedSecrets } from './changed-secrets.ts';
import { isPlaceholder } from './find.ts';
import { PrivateKeyLines } from './private-key-lines.ts';
import type { QueuedData } from './record-queue.ts';
import type { Redactor, Replacement } from './redactor.ts';

const LF = 0x0a;
const CR = 0x0d;

/** A part of the line that is not over: bytes of one record. */
interface Part {
  readonly of: QueuedData;
  readonly bytes: Uint8Array;
}

/** How the next line is to be taken. */
type Start =
  /** As it is. */
  | 'whole'
  /** Bytes before it are missing: what is no JSON could be the rest of a secret. */
  | 'fragment'
  /** Its beginning was replaced, and so is what belongs to it: by nothing. */
  | 'given-up';

/** One stream of one connection: puts its reads together to lines, redacts them, and gives each read its bytes back. */
export class StreamLines {
  readonly #redactor: Redactor;
  readonly #keys: PrivateKeyLines;
  readonly #changed: ChangedSecrets;
  #parts: Part[] = [];
  #start: Start;

  constructor(redactor: Redactor, isTorn: boolean, changed: ChangedSecrets) {
    this.#redactor = redactor;
    this.#changed = changed;
    this.#keys = new PrivateKeyLines();
    this.#start = isTorn ? 'fragment' : 'whole';
  }

  /** Whether the record waits for the end of a line of this stream. */
  isHolding(data: QueuedData | undefined): boolean {
    return data !== undefined && this.#parts.some(({ of }) => of === data);
  }

  push(data: QueuedData): void {
    const { bytes } = data.record;
    let at = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, at)) {
      this.#parts.push({ of: data, bytes: bytes.subarray(at, end + 1) });
      this.#finishLine();
      at = end + 1;
    }
    if (at < bytes.length) this.#hold({ of: data, bytes: bytes.subarray(at) });
    else data.isDone = true;
  }

  /** Redacts a frame of this stream as it came, before something else was passed on, if anything. */
  original(bytes: Uint8Array, isWhole: boolean): Uint8Array {
    const text = bytes.subarray(0, endOfText(bytes));
    const rest = bytes.subarray(text.length);
    const isKey = this.#keys.isInside(bytes);
    if (isKey || !isWhole) {
      if (text.length === 0 || isPlaceholder(byteText(text))) return bytes;
      return joined([this.#redactor.replaceWhole(text, isKey ? 'private-key' : 'cut-line'), rest]);
    }
    this.#changed.remember(text, this.#redactor.secretsIn(text));
    return this.#redactor.redactLine(bytes);
  }

  /** The stream ended, in the middle of a line or not. */
  end(): void {
    this.#finishLine();
    this.#start = 'whole';
  }

  /** Bytes are missing from here on. */
  breakOff(): void {
    this.#finishLine();
    this.#start = 'fragment';
  }

  /** Replaces the line that is not over, and what will still come of it. */
  giveUp(): void {
    const parts = this.#parts;
    this.#parts = [];
    this.#replaceWhole(parts, 'long-line');
    this.#start = 'given-up';
  }

  #hold(part: Part): void {
    part.of.isDone = this.#start === 'given-up';
    if (!part.of.isDone) this.#parts.push(part);
  }

  #finishLine(): void {
    const parts = this.#parts;
    const start = this.#start;
    this.#parts = [];
    this.#start = 'whole';
    const [first] = parts;
    if (first === undefined) return;
    const line = parts.length === 1 ? first.bytes : joined(parts.map(({ bytes }) => bytes));
    if (start === 'given-up') settle(parts, [{ start: 0, end: endOfText(line), bytes: new Uint8Array() }]);
    else if (start === 'fragment' && !isJson(line)) this.#replaceWhole(parts, 'cut-line', line);
    else if (this.#keys.isInside(line)) this.#replaceWhole(parts, 'private-key', line);
    else this.#replaceSecrets(parts, line);
  }

  #replaceSecrets(parts: readonly Part[], line: Uint8Array): void {
    const replacements = this.#redactor.replacements(line);
    const isOurs = parts.some(({ of }) => of.record.by !== undefined);
    if (!isOurs || !this.#changed.areLeftIn(line, replacements)) settle(parts, replacements);
    else if (isJson(line)) settle(parts, this.#withStrings(line, replacements));
    else this.#replaceWhole(parts, 'changed-line', line);
  }

  /** What is left of a secret in a message is replaced with all of its string, so that its id stays what it is. */
  #withStrings(line: Uint8Array, replacements: readonly Replacement[]): readonly Replacement[] {
    const strings = this.#changed.stringsWith(line).map(({ start, end }) => {
      const bytes = this.#redactor.replaceWhole(line.subarray(start, end), 'changed-text');
      return { start, end, bytes };
    });
    const others = replacements.filter(
      (each) => !strings.some(({ start, end }) => start <= each.start && each.end <= end),
    );
    return [...strings, ...others].toSorted((one, other) => one.start - other.start);
  }

  #replaceWhole(
    parts: readonly Part[],
    kind: string,
    line: Uint8Array = joined(parts.map(({ bytes }) => bytes)),
  ): void {
    const end = endOfText(line);
    const text = line.subarray(0, end);
    if (end === 0 || isPlaceholder(byteText(text))) settle(parts, []);
    else settle(parts, [{ start: 0, end, bytes: this.#redactor.replaceWhole(text, kind) }]);
  }
}

/** Gives each record the bytes of its part; a placeholder goes to the part in which its secret starts. */
function settle(parts: readonly Part[], replacements: readonly Replacement[]): void {
  let next = 0;
  let offset = 0;
  for (const { of, bytes } of parts) {
    const end = offset + bytes.length;
    let at = offset;
    for (let put = replacements[next]; put !== undefined && put.start < end; put = replacements[next]) {
      if (put.start >= offset) of.pieces.push(bytes.subarray(at - offset, put.start - offset), put.bytes);
      at = Math.min(put.end, end);
      if (put.end > end) break;
      next++;
    }
    of.pieces.push(bytes.subarray(at - offset));
    of.isDone = true;
    offset = end;
  }
}

/** Where the line ends without its newline. */
function endOfText(line: Uint8Array): number {
  if (line.at(-1) !== LF) return line.length;
  return line.at(-2) === CR ? line.length - 2 : line.length - 1;
}

/** Whether it is a whole message, so that nothing is missing before it. */
function isJson(line: Uint8Array): boolean {
  const text = byteText(line);
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
