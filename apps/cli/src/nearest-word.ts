/** Slips of the finger that still point to the word that was meant. */
const MAX_SLIPS = 2;

/** The word that `typed` was probably meant to be: one that it begins, or is at most two slips of the finger from. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  const begun = typed === '' ? undefined : words.find((word) => word.startsWith(typed));
  const ranked = words.map((word) => ({ word, slips: slips(typed, word) })).toSorted((a, b) => a.slips - b.slips);
  const [best] = ranked;
  return begun ?? (best !== undefined && best.slips <= Math.min(MAX_SLIPS, typed.length - 1) ? best.word : undefined);
}

/** Letters to insert, delete, replace or swap with a neighbour until the words are the same. */
function slips(a: string, b: string): number {
  let before: readonly number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = (above[j - 1] ?? 0) + (isSame ? 0 : 1);
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(replaced, swapped, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    [before, above] = [above, row];
  }
  return above.at(-1) ?? 0;
}
