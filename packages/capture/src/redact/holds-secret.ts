import type { SecretName } from './secret-names.ts';
import { looksRandom } from './secret-shapes.ts';

/** The shortest text that can be a signature: one of 128 bits takes 24 characters of base64. */
const MIN_RANDOM_LENGTH = 24;
/** Shorter texts of a list say too little to be a secret. */
const MIN_LISTED_LENGTH = 6;

/** What stands under a name. */
export interface NamedValue {
  /** What it says, in any number of escapes. */
  readonly text: string;
  /** Whether it is text, and no number or word of JSON. */
  readonly isText: boolean;
  /** Whether it is one of a list. */
  readonly isListed: boolean;
}

/** Whether a value is a secret, as far as its name tells. */
export function holdsSecret({ holds }: SecretName, { text, isText, isListed }: NamedValue): boolean {
  switch (holds) {
    case 'anything':
      return true;
    case 'text':
      return isText ? text !== '' : /\d/.test(text) && !isCount(text);
    case 'random':
      return isText && isRandomWord(text);
    case 'list':
      return isText && isListed && text.length >= MIN_LISTED_LENGTH;
  }
}

/** Numbers of up to four digits count something. */
export function isCount(text: string): boolean {
  return /^-?\d{1,4}$/.test(text);
}

/** Whether a text is one word, as long and as mixed as a machine makes them. */
export function isRandomWord(text: string): boolean {
  return text.length >= MIN_RANDOM_LENGTH && /^[\w.~+/=%-]*$/.test(text) && /\d/.test(text) && looksRandom(text);
}
