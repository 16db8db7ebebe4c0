/**
 * The line break and the blanks before a place in a text, where nothing else stands before it on its line; undefined where
 * something does. The break is empty on the first line.
 */
export function lineStart(text: string, at: number): { readonly newline: string; readonly indent: string } | undefined {
  let start = at;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  const indent = text.slice(start, at);
  const before = text[start - 1];
  if (before === undefined) return { newline: '', indent };
  if (before !== '\n' && before !== '\r') return undefined;
  return { newline: before === '\n' && text[start - 2] === '\r' ? '\r\n' : before, indent };
}
