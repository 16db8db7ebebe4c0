import type { Tree } from './tree.ts';

/** One rule of the house. */
export interface Rule {
  /** The promise, as a sentence without its full stop. */
  readonly promise: string;
  /** Every breach, as a place and what is wrong there. Pure: it sees the tree and nothing else. */
  readonly breaches: (tree: Tree) => Iterable<string>;
}
