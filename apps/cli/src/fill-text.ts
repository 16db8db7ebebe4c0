/** Columns of a help text at most: terminals are rarely narrower, and do not break lines between words. */
const COLUMNS = 80;

/** Breaks a text of ASCII into lines between its words; all lines but the first begin with `indent` spaces. */
export function fillText(text: string, indent = 0): string {
  let column = indent;
  const parts: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const isFirst = parts.length === 0;
    if (!isFirst && column + 1 + word.length > COLUMNS) {
      parts.push(`\n${' '.repeat(indent)}${word}`);
      column = indent + word.length;
    } else {
      parts.push(isFirst ? word : ` ${word}`);
      column += word.length + (isFirst ? 0 : 1);
    }
  }
  return parts.join('');
}
