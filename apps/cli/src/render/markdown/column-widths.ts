/** A column whose cells have to wrap gets no fewer; below that, words fall apart. */
const LEAST = 6;

/**
 * The widths of a table's columns, which together take at most `columns`. Narrow ones keep what they need, and the
 * others share the rest alike. Undefined where that is too little to be read.
 */
export function columnWidths(needed: readonly number[], columns: number): readonly number[] | undefined {
  let left = columns;
  let open = needed.length;
  const widths = needed.map(() => 0);
  // From the narrowest on: what it leaves of its share is there for the wider ones.
  for (const [index, need] of [...needed.entries()].toSorted(([, a], [, b]) => a - b)) {
    const share = Math.floor(left / open);
    if (need > share && share < LEAST) return undefined;
    const width = Math.min(need, share);
    widths[index] = width;
    left -= width;
    open--;
  }
  return widths;
}
