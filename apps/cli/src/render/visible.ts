/**
 * Characters that a terminal or a reader could be fooled by: C0 and C1 controls and DEL, marks that turn the writing
 * direction, invisible ones (but the joiner within an emoji), tag characters (Unicode 16, chapter 23), and halves of surrogate pairs.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- they are what this is about
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d|\u200d(?!\p{Extended_Pictographic})|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/** How line breaks and tabs are to be shown. */
export type Whitespace = 'kept' | 'shown';

/** Makes hidden characters visible, such as `\e[31m` for an escape sequence, so that text from anywhere is safe to print. */
export function visible(text: string, whitespace: Whitespace = 'shown'): string {
  return text.replaceAll(HIDDEN, (char) => {
    if (whitespace === 'kept' && (char === '\n' || char === '\t')) return char;
    return NAMES[char] ?? `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`;
  });
}

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/**
 * Writes hidden characters in JSON text as `\uXXXX`: the same value, nothing raw. The text is not parsed, so digits
 * and the order of keys stay. Line breaks between tokens become spaces: one value, one line.
 */
export function safeJson(json: string): string {
  return json.replaceAll(HIDDEN, (char) => {
    // Valid JSON holds raw control characters between its tokens only.
    if (char === '\n' || char === '\r' || char === '\t') return ' ';
    return Array.from(
      { length: char.length },
      (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join('');
  });
}
