import { stripVTControlCharacters } from 'node:util';

/** Characters that only a terminal, or somebody who is to be fooled, would read otherwise than they look. */
const HIDDEN = /[^\P{C}\t\n]/gu;

/** What a server wrote, as text that a model reads as it looks: no escape sequences, and hidden characters spelt out. */
export function plainText(text: string, maxLength: number): string {
  // The rest is not even looked at: a line may be as long as a server likes.
  const plain = stripVTControlCharacters(text.slice(0, maxLength * 4)).replaceAll(
    HIDDEN,
    (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`,
  );
  return plain.length > maxLength ? `${plain.slice(0, maxLength)}…` : plain;
}
