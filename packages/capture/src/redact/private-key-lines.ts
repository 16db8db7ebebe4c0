import { byteText } from './byte-text.ts';
import { PRIVATE_KEY_END, PRIVATE_KEY_START } from './secret-shapes.ts';

/** What a line of a key looks like: base64, nothing, or a header such as `Proc-Type: 4,ENCRYPTED`. */
const KEY_LINE = /^(?:[A-Za-z0-9+/=\s]*|[A-Z][\w-]*: .*)$/;
/** Longer lines than these are no part of a key in lines. */
const MAX_LINE_LENGTH = 4096;

const DASH = 0x2d;

/** Follows a private key that is written in several lines, as programs write it to stderr. */
export class PrivateKeyLines {
  #isInside = false;

  /** Takes the next line, and tells whether it belongs to a key that began in an earlier one. */
  isInside(line: Uint8Array): boolean {
    const mayBe = line.length <= MAX_LINE_LENGTH && (this.#isInside || line.includes(DASH));
    if (!mayBe) {
      this.#isInside = false;
      return false;
    }
    const text = byteText(line);
    const isInside = this.#isInside && (KEY_LINE.test(text.trimEnd()) || lastPlace(PRIVATE_KEY_END, text) !== -1);
    const start = lastPlace(PRIVATE_KEY_START, text);
    const end = lastPlace(PRIVATE_KEY_END, text);
    this.#isInside = start > end || (isInside && end === -1);
    return isInside;
  }
}

/** Where the last match starts, or -1. */
function lastPlace(pattern: RegExp, text: string): number {
  return Array.from(text.matchAll(pattern)).at(-1)?.index ?? -1;
}
