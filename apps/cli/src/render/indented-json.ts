/** Levels that are set in; deeper ones stay on one line, so that a hostile text cannot make megabytes of spaces. */
const MAX_DEPTH = 40;

const BACKSLASH = 0x5c;

/**
 * JSON text with a line for each member and element. The text is not parsed: digits, the order of keys and escapes stay
 * as they are; only white space between tokens changes. Text that is no JSON comes out as some text.
 */
export function indentedJson(json: string): string {
  const out: string[] = [];
  let depth = 0;
  let isEmpty = false;
  const newline = (): void => void (depth <= MAX_DEPTH && out.push('\n', '  '.repeat(depth)));
  for (const token of tokens(json)) {
    const closes = token === '}' || token === ']';
    if (closes) depth = Math.max(0, depth - 1);
    if (closes ? !isEmpty : isEmpty) newline();
    isEmpty = false;
    out.push(token);
    if (token === '{' || token === '[') {
      depth++;
      isEmpty = true;
    } else if (token === ',') newline();
    else if (token === ':') out.push(' ');
  }
  return out.join('');
}

/** The same on one line, without white space between the tokens. Text that is no JSON loses some of it. */
export function compactJson(json: string): string {
  return [...tokens(json)].join('');
}

/** Strings, punctuation, and what stands between them, without white space. */
function* tokens(json: string): Generator<string, void> {
  for (let at = 0; at < json.length;) {
    const char = json.charAt(at);
    let end = at + 1;
    if (char === '"') end = endOfString(json, at);
    else if (!'{}[],: \n\r\t'.includes(char))
      while (end < json.length && !'{}[],:" \n\r\t'.includes(json.charAt(end))) end++;
    if (!' \n\r\t'.includes(char)) yield json.slice(at, end);
    at = end;
  }
}

/** By hand: a regular expression runs out of stack on a string of millions of escapes. */
function endOfString(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let first = at;
    while (json.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((at - first) % 2 === 0) return at + 1;
  }
  return json.length;
}
