import { type Frame, type Message, type Reading, readText } from '@mcp-dbg/wire';

/** A message that a frame holds, and what had to be forgiven to read it. */
export interface Recovered {
  readonly message: Message;
  readonly finding?: { readonly rule: string; readonly message: string };
}

/** Lines of one pretty-printed message that are held at most. */
const MAX_LINES = 20_000;
/** Places in one line that may look like a message without being one, before the line counts as noise. */
const MAX_MISSES = 4;

/**
 * Finds the messages in what a server wrote, even where it breaks the framing rules: a byte order mark, noise glued
 * to a message, two messages on a line, one message over many lines, a batch. Stock SDK clients drop such bytes and
 * wait until their time-out; here the message is used and the breach is told.
 */
export class LenientReader {
  #lines: string[] = [];

  /** Takes a frame's reading and gives the messages that it completes. Noise gives none. */
  read(frame: Frame, reading: Reading): readonly Recovered[] {
    switch (reading.kind) {
      case 'request':
      case 'notification':
      case 'result':
      case 'error':
        this.#lines = [];
        return [{ message: reading, ...findingOf(reading) }];
      case 'batch': {
        this.#lines = [];
        const finding = {
          rule: 'json-rpc/no-batch',
          message: 'The server sent a batch (a JSON array); only MCP 2025-03-26 allows that, and SDK clients drop it',
        };
        return reading.items.flatMap((item) => (item.kind === 'not-json-rpc' ? [] : [{ message: item, finding }]));
      }
      case 'not-json-rpc':
        return [];
      case 'not-json':
        return reading.text === undefined || !frame.terminated ? [] : this.#recover(reading.text);
    }
  }

  #recover(text: string): readonly Recovered[] {
    const glued = gluedMessages(text);
    if (glued.length > 0) return glued;
    const trimmed = text.trim();
    if (this.#lines.length === 0 && trimmed !== '{') return [];
    this.#lines.push(text);
    if (this.#lines.length > MAX_LINES) this.#lines = [];
    if (!text.startsWith('}')) return [];
    const joined = readText(this.#lines.join('\n'));
    this.#lines = [];
    if (!isMessage(joined)) return [];
    const rule = 'stdio/one-message-a-line';
    return [{ message: joined, finding: { rule, message: 'The server spread one message over several lines (pretty-printed JSON); SDK clients cannot read it' } }];
  }
}

function findingOf(reading: Message): Pick<Recovered, 'finding'> {
  if (reading.faults.includes('bom')) {
    return { finding: { rule: 'stdio/utf-8', message: 'The server put a byte order mark before a message; SDK clients drop that message' } };
  }
  if (reading.faults.includes('version')) {
    return { finding: { rule: 'json-rpc/version', message: 'A message of the server lacks "jsonrpc":"2.0"; SDK clients drop it' } };
  }
  if (reading.faults.includes('result-and-error')) {
    return { finding: { rule: 'json-rpc/result-or-error', message: 'An answer of the server has both "result" and "error"; SDK clients drop it' } };
  }
  return {};
}

/** The messages in a line that has something else on it too. */
function gluedMessages(text: string): readonly Recovered[] {
  const found: Recovered[] = [];
  const start = /\{"(?:jsonrpc|id|result|error|method)"/g;
  let misses = 0;
  for (let match = start.exec(text); match !== null && misses < MAX_MISSES; match = start.exec(text)) {
    const end = objectEnd(text, match.index);
    const reading = end === undefined ? undefined : readText(text.slice(match.index, end));
    if (end === undefined || reading === undefined || !isMessage(reading)) {
      misses++;
      continue;
    }
    const message = 'The server put other text on the line of a message; SDK clients drop the whole line';
    found.push({ message: reading, finding: { rule: 'stdio/one-message-a-line', message } });
    start.lastIndex = end;
  }
  return found;
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
