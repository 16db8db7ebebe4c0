import type { MarkedToken } from 'marked';

import type { Theme } from '../theme.ts';
import { blockRows } from './block-rows.ts';
import { codeLine, frameBottom, frameTop } from './code-rows.ts';
import { tokensOf } from './lex.ts';
import type { Piece } from './piece-builder.ts';
import { plainRows } from './wrap.ts';

/** A piece as rows of at most `columns`. Never throws: what cannot be rendered is shown as it was written. */
export function pieceRows(piece: Piece, theme: Theme, columns: number): readonly string[] {
  switch (piece.kind) {
    case 'code-top':
      return frameTop(piece.label, theme, columns);
    case 'code-line':
      return codeLine(piece.text, theme, columns, piece.continued);
    case 'code-bottom':
      return [frameBottom(theme, columns)];
    case 'blocks':
      try {
        const tokens = tokensOf(piece.source);
        if (tokens !== undefined) return blockRows(numbered(tokens, piece.number), { theme, columns, depth: 0 });
      } catch {
        // Text within text, deeper than the stack.
      }
      return plainRows(piece.source, columns);
  }
}

/** An item is a list of its own to the lexer; its number is the one that it has in the whole list. */
function numbered(tokens: readonly MarkedToken[], number: number | undefined): readonly MarkedToken[] {
  const [first, ...others] = tokens;
  return number !== undefined && first?.type === 'list' ? [{ ...first, start: number }, ...others] : tokens;
}
