/**
 * What JSON that breaks off lacks to its end: a quote, braces and brackets. With it, the text is JSON or nearly so, as far
 * as its structure goes; empty for what is no JSON.
 */
export function closersOf(text: string): string {
  const open: string[] = [];
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isString) {
      if (char === '\\') at++;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === '{') open.push('}');
    else if (char === '[') open.push(']');
    else if (char === '}' || char === ']') open.pop();
  }
  return (isString ? '"' : '') + open.toReversed().join('');
}
