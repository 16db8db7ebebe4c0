import { type Frame, type Message, type Reading, readText } from '@mcp-dbg/wire';

/** A message that a frame holds, and what had to be forgiven to read it. */
export interface Recovered {
  readonly message: Message;
  readonly finding?: Finding;
}

/** One breach of a rule, seen in the bytes. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
}

/** Lines, and characters, of one pretty-printed message that are held at most. */
const MAX_LINES = 100_000;
const MAX_HELD = 16 * 1024 * 1024;
/** Places in one line that may look like a message without being one, before the line counts as noise. */
const MAX_MISSES = 4;

const BATCH: Finding = {
  rule: 'json-rpc/no-batch',
  message: 'The server sent a batch (a JSON array); only MCP 2025-03-26 allows that, and SDK clients drop it',
};
const SPREAD: Finding = {
  rule: 'stdio/one-message-a-line',
  message: 'The server spread one message over several lines (pretty-printed JSON); SDK clients cannot read it',
};
const GLUED: Finding = {
  rule: 'stdio/one-message-a-line',
  message: 'The server put other text on the line of a message; SDK clients drop the whole line',
};
const UNTERMINATED: Finding = {
  rule: 'stdio/newline',
  message: 'The last message of the server does not end in a newline; SDK clients drop it',
};

/**
 * Finds the messages in what a server wrote, even where it breaks the framing rules: a byte order mark, noise glued
 * to a message, two messages on a line, one message over many lines, a batch. Stock SDK clients drop such bytes and
 * wait until their time-out; here the message is used and the breach is told.
 */
export class LenientReader {
  readonly #ofLines: boolean;
  #lines: string[] = [];
  #held = 0;

  /** `ofLines` is false where each frame was sent as one message: what is none is noise then, whatever stands in it. */
  constructor({ ofLines }: { readonly ofLines: boolean }) {
    this.#ofLines = ofLines;
  }

  /** Takes a frame's reading and gives the messages that it completes. Noise gives none. */
  read(frame: Frame, reading: Reading): readonly Recovered[] {
    if (isMessage(reading)) {
      this.#drop();
      const finding = findingOf(reading) ?? (frame.terminated || !this.#ofLines ? undefined : UNTERMINATED);
      return [{ message: reading, ...(finding && { finding }) }];
    }
    if (reading.text === undefined) return [];
    if (this.#lines.length > 0) return this.#continue(reading.text);
    if (reading.kind === 'batch') return itemsOf(reading, BATCH);
    if (!this.#ofLines) return [];
    if (/^[{[]\s*$/.test(reading.text)) this.#hold(reading.text);
    return reading.kind === 'not-json' && frame.terminated ? gluedMessages(reading.text) : [];
  }

  /** A line after the opening bracket of a message that is spread over several. */
  #continue(text: string): readonly Recovered[] {
    const glued = gluedMessages(text);
    if (glued.length > 0) {
      this.#drop();
      return glued;
    }
    this.#hold(text);
    if (!/^[}\]]/.test(text)) return [];
    const joined = readText(this.#lines.join('\n'));
    this.#drop();
    if (isMessage(joined)) return [{ message: joined, finding: SPREAD }];
    return joined.kind === 'batch' ? itemsOf(joined, SPREAD) : [];
  }

  #hold(text: string): void {
    this.#lines.push(text);
    this.#held += text.length;
    if (this.#lines.length > MAX_LINES || this.#held > MAX_HELD) this.#drop();
  }

  #drop(): void {
    this.#lines = [];
    this.#held = 0;
  }
}

/** The messages of a batch; what is wrong is said once. */
function itemsOf(batch: Extract<Reading, { kind: 'batch' }>, finding: Finding): readonly Recovered[] {
  const messages = batch.items.filter(isMessage);
  return messages.map((message, index) => (index === 0 ? { message, finding } : { message }));
}

function findingOf(reading: Message): Finding | undefined {
  if (reading.faults.includes('bom')) {
    const message = 'The server put a byte order mark before a message; SDK clients drop that message';
    return { rule: 'stdio/utf-8', message };
  }
  if (reading.faults.includes('version')) {
    const message = 'A message of the server lacks "jsonrpc":"2.0"; SDK clients drop it';
    return { rule: 'json-rpc/version', message };
  }
  if (reading.faults.includes('result-and-error')) {
    const message = 'An answer of the server has both "result" and "error"; SDK clients drop it';
    return { rule: 'json-rpc/result-or-error', message };
  }
  return undefined;
}

/** The messages in a line that has something else on it too. */
function gluedMessages(text: string): readonly Recovered[] {
  const found: Message[] = [];
  const start = /\{\s*"(?:jsonrpc|id|result|error|method)"/g;
  let misses = 0;
  for (let match = start.exec(text); match !== null && misses < MAX_MISSES; match = start.exec(text)) {
    const end = objectEnd(text, match.index);
    const reading = end === undefined ? undefined : readText(text.slice(match.index, end));
    if (end === undefined || reading === undefined || !isMessage(reading)) {
      misses++;
      continue;
    }
    found.push(reading);
    start.lastIndex = end;
  }
  return found.map((message, index) => (index === 0 ? { message, finding: GLUED } : { message }));
}

/** Where the object that starts at `from` ends, or undefined when it does not. */
function objectEnd(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function isMessage(reading: Reading): reading is Message {
  return (
    reading.kind === 'request' ||
    reading.kind === 'notification' ||
    reading.kind === 'result' ||
    reading.kind === 'error'
  );
}
