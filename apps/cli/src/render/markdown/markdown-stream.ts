import { openEnd } from '../open-end.ts';
import type { Theme } from '../theme.ts';
import { pieceRows } from './piece-rows.ts';
import type { Piece } from './piece-builder.ts';
import { PieceSplitter } from './piece-splitter.ts';
import { shownText } from './shown-text.ts';

/** Columns that text is rendered for at least, even where the terminal has fewer. */
const LEAST_COLUMNS = 10;

/** What is not seen before the rest of it comes. */
const HALF = /(?:\u200d?[\ud800-\udbff]|[\r\u200d])$/u;

/** Columns where the width is unknown. */
const USUAL_COLUMNS = 80;

/**
 * Markdown that comes in pieces, rendered for a terminal. What can no longer change is given out once; the block that
 * may still change is `tail`. However a text is cut into pieces, the same lines come out. Nothing of the text is lost
 * but marks that became looks, and no character of it reaches the terminal that `visible` would hide.
 */
export class MarkdownStream {
  readonly #theme: Theme;
  readonly #width: () => number;
  readonly #splitter = new PieceSplitter();
  #held = '';
  #hasBegun = false;
  /** The tail as it was rendered last: it is asked for again and again while nothing comes. */
  #tail: { readonly columns: number; readonly rows: readonly string[] } | undefined;

  /** `width` is asked anew for each piece: terminals change. */
  constructor(theme: Theme, width: () => number) {
    this.#theme = theme;
    this.#width = width;
  }

  /** What has become final with this piece: `''`, or whole lines, each ended by `\n`. */
  push(text: string): string {
    this.#tail = undefined;
    const whole = this.#held + text;
    const end = openEnd(whole);
    this.#held = whole.slice(end);
    // Before anything reads it: what hides must not be taken for a mark either.
    return this.#final(this.#splitter.push(shownText(whole.slice(0, end))));
  }

  /** The unfinished block as it would look if the text ended here, a row each, none wider than the width. */
  tail(): readonly string[] {
    const columns = columnsOf(this.#width());
    if (this.#tail?.columns !== columns) {
      const pieces = this.#splitter.endAfter(shownText(this.#held.replace(HALF, '')));
      this.#tail = { columns, rows: this.#rows(pieces, columns) };
    }
    return this.#tail.rows;
  }

  /** The rest, as whole lines. The stream can be used anew afterwards. */
  end(): string {
    const pieces = [...this.#splitter.push(shownText(this.#held)), ...this.#splitter.end()];
    const text = this.#final(pieces);
    this.#held = '';
    this.#hasBegun = false;
    this.#tail = undefined;
    return text;
  }

  #final(pieces: readonly Piece[]): string {
    const rows = this.#rows(pieces, columnsOf(this.#width()));
    if (rows.length > 0) this.#hasBegun = true;
    return rows.map((row) => `${row}\n`).join('');
  }

  #rows(pieces: readonly Piece[], columns: number): readonly string[] {
    let hasBegun = this.#hasBegun;
    return pieces.flatMap((piece) => {
      const rows = pieceRows(piece, this.#theme, columns);
      const isApart = hasBegun && 'gap' in piece && piece.gap;
      hasBegun = true;
      return isApart ? ['', ...rows] : rows;
    });
  }
}

function columnsOf(width: number): number {
  return Number.isFinite(width) ? Math.max(LEAST_COLUMNS, Math.floor(width)) : USUAL_COLUMNS;
}
