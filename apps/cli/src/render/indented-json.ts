/** Levels that are set in; deeper ones stay on one line, so that a hostile text cannot make megabytes of spaces. */
const MAX_DEPTH = 40;

/** Strings whole, or single characters between them. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[\s\S]/g;

/**
 * JSON text with a line for each member and element. The text is not parsed: digits, the order of keys and escapes stay
 * as they are; only white space between tokens changes. Text that is no JSON comes out as some text.
 */
export function indentedJson(json: string): string {
  const out: string[] = [];
  let depth = 0;
  let isEmpty = false;
  const newline = (): void => void (depth <= MAX_DEPTH && out.push('\n', '  '.repeat(depth)));
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === ' ' || token === '\n' || token === '\r' || token === '\t') continue;
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
