import { type Piece, PieceBuilder } from './piece-builder.ts';

/** Characters of one piece at most. A longer block is cut, which bounds all work that grows faster than its text. */
const MAX_PIECE = 16_384;

/** How far before the limit a space is looked for (characters). */
const CUT_WINDOW = 1000;

/** Cuts Markdown into pieces, which depend on the text alone and not on how it came. */
export class PieceSplitter {
  #line = '';
  /** Whether `#line` is what is left of a line that was too long. */
  #continued = false;
  #builder = new PieceBuilder();

  /** What the text completes. It has neither tabs nor anything that a terminal would not show. */
  push(text: string): readonly Piece[] {
    let start = 0;
    while (start < text.length) {
      const found = text.indexOf('\n', start);
      const room = MAX_PIECE - this.#builder.size - this.#line.length;
      const end = Math.min(found === -1 ? text.length : found, start + room);
      this.#line += text.slice(start, end);
      start = end;
      if (this.#builder.size + this.#line.length >= MAX_PIECE) this.#cut();
      else if (end === found) {
        this.#endLine(this.#line);
        start++;
      }
    }
    return this.#builder.take();
  }

  /** The rest. The splitter is as new afterwards. */
  end(): readonly Piece[] {
    if (this.#line !== '') this.#endLine(this.#line);
    this.#builder.close();
    const pieces = this.#builder.take();
    this.#builder = new PieceBuilder();
    return pieces;
  }

  /**
   * What an end after this text would give; nothing is taken in. A dash or two that just came stay out of it: they are
   * as likely the start of a list as what makes a heading of the text above.
   */
  endAfter(text: string): readonly Piece[] {
    const copy = new PieceSplitter();
    copy.#line = this.#line;
    copy.#continued = this.#continued;
    copy.#builder = this.#builder.copy();
    const pieces = copy.push(text);
    if (copy.#builder.open === 'text' && /^ *[-=]{1,2} *$/.test(copy.#line)) copy.#line = '';
    return [...pieces, ...copy.end()];
  }

  #endLine(line: string): void {
    const continued = this.#continued;
    this.#line = '';
    this.#continued = false;
    this.#builder.add(line, continued);
  }

  /** Gives out a block that has reached the limit, up to its last line or word; the rest is read as a new one. */
  #cut(): void {
    if (this.#builder.size > MAX_PIECE / 2) return this.#builder.close();
    const line = this.#line;
    const at = cutOf(line);
    this.#endLine(line.slice(0, at));
    if (this.#builder.open !== 'code') this.#builder.close();
    this.#line = line.slice(at);
    this.#continued = true;
  }
}

function cutOf(line: string): number {
  const space = line.lastIndexOf(' ');
  if (space > line.length - CUT_WINDOW && space > 0) return space + 1;
  // Not between the halves of a surrogate pair.
  return /[\ud800-\udbff]$/.test(line) ? line.length - 1 : line.length;
}
