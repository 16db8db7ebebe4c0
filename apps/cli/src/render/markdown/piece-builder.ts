import {
  type Fence,
  closes,
  fenceOf,
  indentOf,
  isBlank,
  isDefinition,
  isHeading,
  isHeadingRule,
  isQuote,
  isRule,
  markerOf,
  numberOf,
} from './line-kinds.ts';
import { type Open, isOver } from './open-block.ts';

/** A part of a text that can be rendered without knowing what comes after it. */
export type Piece =
  | { readonly kind: 'blocks'; readonly gap: boolean; readonly source: string; readonly number: number | undefined }
  | { readonly kind: 'code-top'; readonly gap: boolean; readonly label: string }
  | { readonly kind: 'code-line'; readonly text: string; readonly continued: boolean }
  | { readonly kind: 'code-bottom' };

/**
 * Makes pieces of lines. It knows just enough of CommonMark to find where a block at the top level ends; what is in it
 * is for the lexer to say. Items of lists are pieces of their own, and so are the lines of a block of code.
 */
export class PieceBuilder {
  readonly #pieces: Piece[] = [];
  readonly #lines: string[] = [];
  #size = 0;
  #open: Open = { kind: 'none' };
  /** Whether a blank line came before what comes next. */
  #gap = false;
  #list: { readonly type: string; readonly next: number } | undefined;

  /** Characters of the block that is open. */
  get size(): number {
    return this.#size;
  }

  get open(): Open['kind'] {
    return this.#open.kind;
  }

  /** `continued` where the line is the rest of one that was cut. */
  add(line: string, continued: boolean): void {
    if (this.#open.kind === 'code') this.#addCode(line, this.#open.fence, continued);
    else if (continued && isBlank(line)) return;
    else if (isOver(this.#open, this.#lines.at(-1) ?? '', line)) {
      this.close();
      this.#begin(line);
    } else this.#keep(line);
  }

  /** Ends the open block, if there is one. */
  close(): void {
    const open = this.#open;
    const lines = this.#lines.splice(0);
    this.#open = { kind: 'none' };
    this.#size = 0;
    if (open.kind === 'code') this.#pieces.push({ kind: 'code-bottom' });
    const count = lines.findLastIndex((line) => !isBlank(line)) + 1;
    if (count === 0) return;
    const number = open.kind === 'item' ? open.number : undefined;
    this.#pieces.push({ kind: 'blocks', gap: this.#takeGap(), source: lines.slice(0, count).join('\n'), number });
    this.#gap = count < lines.length;
  }

  /** The pieces that became complete since the last call. */
  take(): readonly Piece[] {
    return this.#pieces.splice(0);
  }

  /** Another one in the same state. */
  copy(): PieceBuilder {
    const copy = new PieceBuilder();
    copy.#pieces.push(...this.#pieces);
    copy.#lines.push(...this.#lines);
    copy.#size = this.#size;
    copy.#open = this.#open;
    copy.#gap = this.#gap;
    copy.#list = this.#list;
    return copy;
  }

  #addCode(line: string, fence: Fence, continued: boolean): void {
    if (!continued && closes(line, fence)) return this.close();
    if (continued && line === '') return;
    const indent = continued ? 0 : Math.min(fence.indent, indentOf(line));
    this.#pieces.push({ kind: 'code-line', text: line.slice(indent), continued });
  }

  #begin(line: string): void {
    if (isBlank(line)) {
      this.#gap = true;
      return;
    }
    const list = this.#list;
    this.#list = undefined;
    const fence = fenceOf(line);
    const marker = isRule(line) ? undefined : markerOf(line);
    if (fence !== undefined) {
      this.#open = { kind: 'code', fence };
      this.#pieces.push({ kind: 'code-top', gap: this.#takeGap(), label: fence.label });
      return;
    }
    if (indentOf(line) >= 4) this.#open = { kind: 'indented' };
    else if (marker !== undefined) {
      const number = numberOf(marker.number, list?.type === marker.type ? list.next : undefined);
      this.#list = { type: marker.type, next: (number ?? 0) + 1 };
      this.#open = { kind: 'item', offset: marker.offset, number };
    } else this.#open = { kind: isQuote(line) ? 'quote' : 'text' };
    this.#keep(line);
    // A heading stands apart from what is above it, however it was written.
    if (isHeading(line)) this.#gap = true;
    if (isHeading(line) || isRule(line) || isDefinition(line)) this.close();
  }

  #keep(line: string): void {
    this.#lines.push(line);
    this.#size += line.length + 1;
    if (this.#open.kind === 'text' && isHeadingRule(line)) this.close();
  }

  #takeGap(): boolean {
    const gap = this.#gap;
    this.#gap = false;
    return gap;
  }
}
