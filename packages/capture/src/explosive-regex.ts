/** What a repeated group holds in more than one way, so that a text can be split among its turns in ever more ways. */
interface Group {
  isAmbiguous: boolean;
}

const REPEATS = /^(?:[*+]|\{\d+,\d*\})/;
const VARIES = /^(?:[*+?]|\{\d+,\d*\})/;

/**
 * True for a regular expression that may take time without end on some texts: a group that is repeated and repeats or
 * chooses something within, such as `(a+)+` or `(a|aa)*`. Some that are harmless are among them; each can be written
 * in another way. What is left takes at most a power of the length of the text.
 */
export function isExplosive(source: string): boolean {
  const open: Group[] = [{ isAmbiguous: false }];
  for (let at = 0; at < source.length; at++) {
    const rest = source.slice(at, at + 16);
    const group = open.at(-1);
    if (group === undefined) return false;
    const char = source[at];
    if (char === '\\') at++;
    else if (char === '[') at = endOfClass(source, at);
    else if (char === '(') {
      open.push({ isAmbiguous: false });
      // The sign behind says what kind of group it is.
      if (source[at + 1] === '?') at++;
    } else if (char === ')') {
      const repeats = REPEATS.test(source.slice(at + 1, at + 17));
      if (repeats && group.isAmbiguous) return true;
      open.pop();
      const outer = open.at(-1);
      if (outer !== undefined) outer.isAmbiguous ||= group.isAmbiguous || repeats;
    } else if (char === '|' || VARIES.test(rest)) group.isAmbiguous = true;
  }
  return false;
}

function endOfClass(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === ']') return at;
  }
  return source.length;
}
