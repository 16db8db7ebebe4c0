import type { RoutedTool } from './tool-router.ts';

/** Tools that are all named in a sentence; of more, a model would read a page that it has read before. */
const ALL_NAMED = 30;
/** How many are named of more than that. */
const NEAREST = 10;

/** The sentence for a tool that does not exist: which ones do, or which of many are called most alike. */
export function noTool(name: string, tools: readonly RoutedTool[]): string {
  const names = tools.map(({ spec }) => spec.name);
  const missing = `There is no tool ${JSON.stringify(name)}`;
  if (names.length <= ALL_NAMED) return `${missing}; tools: ${names.join(', ') || 'there are none'}`;
  return `${missing} among the ${names.length}; called most alike: ${mostAlike(name, names).join(', ')}`;
}

function mostAlike(name: string, names: readonly string[]): readonly string[] {
  const wanted = pairsOf(name.slice(0, 200));
  return names
    .map((each) => ({ each, alike: overlap(wanted, pairsOf(each)) }))
    .toSorted((a, b) => b.alike - a.alike)
    .slice(0, NEAREST)
    .map(({ each }) => each);
}

/** All pairs of neighbouring letters. */
function pairsOf(name: string): ReadonlySet<string> {
  const letters = name.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) => letters.slice(at, at + 2)));
}

/** The share of pairs that both have (Dice). */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const pair of a) if (b.has(pair)) both++;
  return (2 * both) / (a.size + b.size || 1);
}
