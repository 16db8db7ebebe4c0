import {
  type Fence,
  fenceOf,
  indentOf,
  isBlank,
  isDefinition,
  isHeading,
  isHeadingRule,
  isQuote,
  isRule,
  markerOf,
} from './line-kinds.ts';

/** The block that the next line may belong to. */
export type Open =
  | { readonly kind: 'none' | 'text' | 'quote' | 'indented' }
  | { readonly kind: 'item'; readonly offset: number; readonly number: number | undefined }
  | { readonly kind: 'code'; readonly fence: Fence };

/** Whether a line, which comes after `last`, does not belong to the open block. */
export function isOver(open: Open, last: string, line: string): boolean {
  switch (open.kind) {
    case 'none':
    case 'code':
      return true;
    case 'indented':
      return !isBlank(line) && indentOf(line) < 4;
    case 'item':
      if (isBlank(line) || indentOf(line) >= open.offset) return false;
      return isBlank(last) || beginsBlock(line) || markerOf(line) !== undefined;
    case 'quote':
      return !isQuote(line) && (isBlank(line) || beginsBlock(line) || beginsList(line));
    case 'text':
      if (isHeadingRule(line)) return false;
      return isBlank(line) || beginsBlock(line) || isDefinition(line) || beginsList(line);
  }
}

/** Blocks that need no blank line before them. */
function beginsBlock(line: string): boolean {
  return fenceOf(line) !== undefined || isHeading(line) || isRule(line) || isQuote(line);
}

/** Whether a line begins a list although it comes right after a line of text (CommonMark 5.3). */
function beginsList(line: string): boolean {
  const marker = markerOf(line);
  return marker !== undefined && !marker.isEmpty && (marker.number ?? 1) === 1;
}
