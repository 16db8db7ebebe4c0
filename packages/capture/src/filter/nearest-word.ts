/** Slips of the finger that still point to the word that was meant: fewer where there is less to go by. */
const MAX_SLIPS = 2;
const MAX_SLIPS_IF_SHORT = 1;
const SHORT = 4;

/** The word that `typed` was probably meant to be: at most two slips away, or one that it begins. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  const lower = typed.toLowerCase();
  const most = Math.min(lower.length > SHORT ? MAX_SLIPS : MAX_SLIPS_IF_SHORT, lower.length - 1);
  let best: { readonly word: string; readonly slips: number } | undefined;
  for (const word of words) {
    // The lengths alone tell of that many slips, however long the typed word is.
    if (Math.abs(word.length - lower.length) > most) continue;
    const slips = slipsBetween(lower, word);
    if (slips <= most && slips < (best?.slips ?? Infinity)) best = { word, slips };
  }
  return best?.word ?? words.find((word) => lower.length > 1 && word.startsWith(lower));
}

/** Letters to insert, delete, replace or swap with a neighbour until the words are the same. */
function slipsBetween(a: string, b: string): number {
  let last: readonly number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
          (above[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          isSwap ? (last[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [last, above] = [above, row];
  }
  return above.at(-1) ?? 0;
}
