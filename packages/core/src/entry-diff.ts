import type { ListedTool } from './list-tools.ts';

/** How one list of a server differs from another, by the names (or URIs) of its entries. */
export interface EntryDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** What is compared of an entry of a list. */
interface Entry {
  readonly key: string;
  readonly text: string;
}

/** Compares two lists; undefined when they say the same. */
export function diffEntries(before: readonly Entry[], after: readonly Entry[]): EntryDiff | undefined {
  const old = new Map(before.map(({ key, text }) => [key, text]));
  const now = new Map(after.map(({ key, text }) => [key, text]));
  const added = [...now.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !now.has(name));
  const changed = [...now.keys()].filter((name) => old.has(name) && old.get(name) !== now.get(name));
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}

/** Compares two lists of tools; undefined when they say the same. */
export function diffTools(before: readonly ListedTool[], after: readonly ListedTool[]): EntryDiff | undefined {
  const named = ({ name, text }: ListedTool): Entry => ({ key: name, text });
  return diffEntries(before.map(named), after.map(named));
}
