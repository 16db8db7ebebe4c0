import type { ListedTool } from './list-tools.ts';

/** How one list of tools differs from another, by name. */
export interface ToolDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** Compares two lists of tools; undefined when they say the same. */
export function diffTools(before: readonly ListedTool[], after: readonly ListedTool[]): ToolDiff | undefined {
  const old = new Map(before.map((tool) => [tool.name, tool.text]));
  const now = new Map(after.map((tool) => [tool.name, tool.text]));
  const added = [...now.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !now.has(name));
  const changed = [...now.keys()].filter((name) => old.has(name) && old.get(name) !== now.get(name));
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}
