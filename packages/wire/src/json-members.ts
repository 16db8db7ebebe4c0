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

/**
 * Lists the members of the object that starts at or after `from`, duplicates included, in order. The text must be
 * valid JSON: it is scanned, not checked. Takes one pass and no recursion, however deep the values nest.
 */
export function jsonMembers(text: string, from = 0): readonly Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, text.indexOf('{', from) + 1);
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
  let at = skipSpace(text, text.indexOf('[', from) + 1);
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
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at++;
  return at;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === ',' && depth === 0) return trimEnd(text, from, at);
    if (depth < 0) return trimEnd(text, from, at);
  }
  return trimEnd(text, from, text.length);
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && ' \t\n\r'.includes(text.charAt(end - 1))) end--;
  return end;
}
