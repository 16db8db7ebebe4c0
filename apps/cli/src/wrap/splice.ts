/** A stretch of a text, in UTF-16 code units; `end` is the first that does not belong to it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch of a text, and what is to stand in its place. */
export interface Splice extends Span {
  readonly text: string;
}

/** The text with all splices done; they must not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let at = 0;
  const parts = inOrder(splices).flatMap(({ start, end, text: put }) => {
    const kept = text.slice(at, start);
    at = end;
    return [kept, put];
  });
  return [...parts, text.slice(at)].join('');
}

/** Splices in the order of the text. */
export function inOrder<S extends Span>(spans: readonly S[]): readonly S[] {
  return spans.toSorted((a, b) => a.start - b.start || a.end - b.end);
}
