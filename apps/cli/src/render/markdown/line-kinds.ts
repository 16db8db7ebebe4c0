/** How a block of code begins, and so how it must end. */
export interface Fence {
  readonly indent: number;
  readonly mark: string;
  readonly label: string;
}

/** How an item of a list begins. */
export interface Marker {
  /** Items with the same type are one list: `-`, `*`, `+`, `.` or `)`. */
  readonly type: string;
  readonly number: number | undefined;
  /** The column where its text begins: what stands there or further right belongs to the item. */
  readonly offset: number;
  readonly isEmpty: boolean;
}

export function isBlank(line: string): boolean {
  return /^ *$/.test(line);
}

export function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** CommonMark 4.2: `# Title`. */
export function isHeading(line: string): boolean {
  return /^ {0,3}#{1,6}(?: |$)/.test(line);
}

/** CommonMark 4.3: what makes the paragraph above a heading. */
export function isHeadingRule(line: string): boolean {
  return /^ {0,3}(?:=+|-+) *$/.test(line);
}

/** CommonMark 4.1: `---`, `* * *`. */
export function isRule(line: string): boolean {
  return /^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$/.test(line);
}

export function isQuote(line: string): boolean {
  return /^ {0,3}>/.test(line);
}

/** CommonMark 4.7, and footnotes: `[name]: …`. */
export function isDefinition(line: string): boolean {
  return /^ {0,3}\[[^\]]{1,200}\]:/.test(line);
}

/** CommonMark 4.5. */
export function fenceOf(line: string): Fence | undefined {
  const [, indent = '', mark = '', label = ''] = /^( {0,3})(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
  if (mark === '' || (mark.startsWith('`') && label.includes('`'))) return undefined;
  return { indent: indent.length, mark, label: label.trim() };
}

export function closes(line: string, { mark }: Fence): boolean {
  const end = fenceOf(line);
  return end?.label === '' && end.mark.startsWith(mark);
}

/** CommonMark 5.2. */
export function markerOf(line: string): Marker | undefined {
  const match = /^ {0,3}(?:([-*+])|(\d{1,9})([.)]))( +|$)/.exec(line);
  if (match === null) return undefined;
  const [all, bullet, digits, delimiter = '', space = ''] = match;
  const isEmpty = all.length === line.length;
  const marker = all.length - space.length;
  return {
    type: bullet ?? delimiter,
    number: digits === undefined ? undefined : Number(digits),
    // Five spaces or more: one is the marker's, and the others begin a block of code.
    offset: isEmpty || space.length > 4 ? marker + 1 : all.length,
    isEmpty,
  };
}

/**
 * The number that an item is shown with. Many write `1.` for each; a number that goes up stays as it was written, for
 * the text may refer to it.
 */
export function numberOf(number: number | undefined, next: number | undefined): number | undefined {
  return number === undefined || next === undefined ? number : Math.max(number, next);
}
