import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the repository: paths relative to its root, with `/`, and their text. */
export type Tree = ReadonlyMap<string, string>;

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', '.turbo', '.venv', '__pycache__']);
const NOT_OURS = new Set(['pnpm-lock.yaml', '.git']);

/** Reads every file of ours below `root`; what is installed, built, locked or git's is not ours. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) visit(path);
      if (entry.isFile() && !NOT_OURS.has(entry.name)) tree.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  visit('');
  return tree;
}

/** The files whose path matches, as [path, text]. */
export function* filesLike(tree: Tree, pattern: RegExp): Generator<readonly [path: string, text: string], void> {
  for (const [path, text] of tree) if (pattern.test(path)) yield [path, text];
}

/** The lines that match, as `path:line`. */
export function* linesLike(path: string, text: string, pattern: RegExp): Generator<string, void> {
  for (const [index, line] of text.split('\n').entries()) if (pattern.test(line)) yield `${path}:${index + 1}`;
}
