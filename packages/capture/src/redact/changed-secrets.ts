import { byteText } from './byte-text.ts';
import type { Replacement } from './redactor.ts';

/** Secrets that are remembered, and pieces of each that are looked for: the time that a line takes stays bounded. */
const MAX_SECRETS = 20;
const MAX_PIECES = 16;

/** Characters of a piece: fewer stand in texts by chance, and say little. */
const PIECE_LENGTH = 8;

/** A stretch of a line, its end exclusive. */
type Stretch = Pick<Replacement, 'start' | 'end'>;

/**
 * Remembers the secrets of frames that were not passed on as they came, and knows a line again in which parts of one are left.
 * What cuts or changes a frame can do so within a secret, and what is left of that has neither its shape nor its name.
 */
export class ChangedSecrets {
  #pieces: (readonly string[])[] = [];

  /** Remembers what is secret in a frame as it came. */
  remember(original: Uint8Array, secrets: readonly Stretch[]): void {
    for (const { start, end } of secrets) {
      const pieces = piecesOf(byteText(original.subarray(start, end)));
      if (pieces.length > 0) this.#pieces.push(pieces);
    }
    if (this.#pieces.length > MAX_SECRETS) this.#pieces = this.#pieces.slice(-MAX_SECRETS);
  }

  /** Whether there is a part of one in what is not replaced of a line. */
  areLeftIn(line: Uint8Array, replaced: readonly Stretch[]): boolean {
    if (this.#pieces.length === 0) return false;
    let rest = '';
    let at = 0;
    for (const { start, end } of replaced) {
      rest += `${byteText(line.subarray(at, start))}\0`;
      at = end;
    }
    rest += byteText(line.subarray(at));
    return this.#areIn(rest);
  }

  /** Where in a line of JSON the strings stand, without their quotes, that hold a part of one. */
  stringsWith(line: Uint8Array): readonly Stretch[] {
    return Array.from(byteText(line).matchAll(/"((?:[^"\\]|\\.)*)"/g))
      .filter(([, text = '']) => this.#areIn(text))
      .map(({ index, 0: quoted }) => ({ start: index + 1, end: index + quoted.length - 1 }));
  }

  #areIn(text: string): boolean {
    return this.#pieces.some((pieces) => pieces.some((piece) => text.includes(piece)));
  }
}

/** Pieces from start to end, apart from each other: a change that hits one leaves the others. */
function piecesOf(secret: string): readonly string[] {
  const count = Math.min(MAX_PIECES, Math.floor(secret.length / PIECE_LENGTH));
  const step = count <= 1 ? 0 : (secret.length - PIECE_LENGTH) / (count - 1);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor(index * step);
    return secret.slice(start, start + PIECE_LENGTH);
  });
}
