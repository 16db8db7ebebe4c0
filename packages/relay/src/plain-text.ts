import { stripVTControlCharacters } from 'node:util';

/** Characters that only a terminal, or somebody who is to be fooled, would read otherwise than they look. */
const HIDDEN = /\p{C}/gu;
/** Those of them that are known by another name. */
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t' };

/**
 * What a peer wrote, as text that reads as it looks, on one line: no escape sequences, and hidden characters spelt out.
 * Hosts and models are given it as it is.
 */
export function plainText(text: string, maxLength: number): string {
  // The rest is not even looked at: a line may be as long as a server likes.
  const plain = stripVTControlCharacters(text.slice(0, maxLength * 4)).replaceAll(
    HIDDEN,
    (char) => NAMED[char] ?? `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`,
  );
  // Nor is a pair of surrogates cut in half.
  return plain.length > maxLength ? `${plain.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')}…` : plain;
}
