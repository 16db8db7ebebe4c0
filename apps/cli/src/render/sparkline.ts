const BARS = '▁▂▃▄▅▆▇█';

/** Counts as one row of bars, the tallest for the most; a space for none. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) =>
      count === 0 ? ' ' : BARS.charAt(Math.min(BARS.length - 1, Math.floor((count / most) * (BARS.length - 1)))),
    )
    .join('');
}
