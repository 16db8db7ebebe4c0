/** One member of a JSON object, as spans of the text it was read from. */
export interface Member {
  /** The key, unescaped. */
  readonly key: string;
  /** Where the value's first character stands. */
  readonly start: number;
  /** Where the value ends (exclusive). */
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Lists the members of the object that starts at or after `from`, duplicates included, in order. The text must be
 * valid JSON: it is scanned, not checked. Takes one pass and no recursion, however deep the values nest.
 */
export function jsonMembers(text: string, from = 0): readonly Member[] {
  const members: Member[] = [];
  const open = text.indexOf('{', from);
  if (open === -1) return members;
  let at = skipSpace(text, open + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfString(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    members.push({ key, start, end });
    at = skipSpace(text, end);
    if (text[at] !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return members;
}

/** The exact texts of the items of the array that starts at or after `from`, under the same terms. */
export function jsonItems(text: string, from = 0): readonly string[] {
  const items: string[] = [];
  const open = text.indexOf('[', from);
  if (open === -1) return items;
  let at = skipSpace(text, open + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    items.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return items;
}

/** The exact text of an object's member, or undefined; of duplicates the last, as JSON.parse takes it. */
export function memberText(text: string, key: string): string | undefined {
  const member = jsonMembers(text).findLast((each) => each.key === key);
  return member && text.slice(member.start, member.end);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function endOfString(text: string, from: number): number {
  // Most of a big message is in long strings, which indexOf crosses many times faster than a loop does.
  for (let quote = text.indexOf('"', from + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text.charCodeAt(quote - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at) - 1;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
        if (depth < 0) return trimEnd(text, from, at);
        break;
      case COMMA:
        if (depth === 0) return trimEnd(text, from, at);
        break;
      default:
    }
  }
  return trimEnd(text, from, text.length);
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
