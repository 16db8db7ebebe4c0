import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';

import picomatch from 'picomatch';

/** Folders that nobody edits, and that servers and their tools write to; watched only where a glob names them. */
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', '__pycache__', '.venv']);
/** What we write ourselves. */
const OURS = /\.mcpcap$|\.crash-\d+\.json$/;

/** The files that one `--watch` names. */
export interface WatchPattern {
  /** As it was given. */
  readonly text: string;
  /** The folder from which on everything has to be looked at that could match. */
  readonly root: string;
  /** True where it says what is not to be watched. */
  readonly isExclusion: boolean;
  /** Whether it names this file. Absolute paths only, here and below. */
  matches(path: string): boolean;
  /** Whether it names this folder or could name something below it. */
  mayHold(path: string): boolean;
}

/**
 * Reads a glob, or the path of a file or a folder, relative to `cwd`. A folder stands for all that is in it; `!` before a
 * glob leaves out what it names.
 */
export function watchPattern(text: string, cwd: string): WatchPattern {
  const isExclusion = text.startsWith('!');
  const { base, glob } = parted(isExclusion ? text.slice(1) : text, cwd);
  const isMatch = glob === '' ? () => true : picomatch(glob, { dot: true });
  const depth = depthOf(glob);
  const leavesOut = (segment: string): boolean => LEFT_OUT.has(segment) && !segmentsOf(text).includes(segment);
  const stepsTo = (path: string): readonly string[] | undefined => {
    const steps = stepsBelow(base, path);
    return steps?.some((step) => leavesOut(step)) === true ? undefined : steps;
  };
  return {
    text,
    root: rootOf(base, cwd),
    isExclusion,
    matches: (path) => {
      const steps = stepsTo(path);
      if (steps === undefined || (OURS.test(path) && !OURS.test(text))) return false;
      // A glob is about what is in its folder, not about the folder.
      return glob === '' || (steps.length > 0 && isMatch(steps.join('/')));
    },
    mayHold: (path) => {
      if (stepsBelow(path, base) !== undefined) return true;
      const steps = stepsTo(path);
      return steps !== undefined && steps.length <= depth;
    },
  };
}

/** Parts what is plain from what has to be matched; a path that is there is plain whatever it is called. */
function parted(text: string, cwd: string): { readonly base: string; readonly glob: string } {
  const plain = resolve(cwd, text);
  if (existsSync(plain)) return { base: plain, glob: '' };
  const { base, glob } = picomatch.scan(text);
  return { base: resolve(cwd, base.replaceAll(/\\(?=[^\w\s])/g, '')), glob };
}

/** How many steps below its folder something can be that a glob names. */
function depthOf(glob: string): number {
  return glob === '' || /\*\*|[{(]/.test(glob) ? Number.POSITIVE_INFINITY : segmentsOf(glob).length;
}

/**
 * A folder may be deleted and come again, which only the one above it is told: that is looked at too, unless it is above
 * the folder that we work in.
 */
function rootOf(base: string, cwd: string): string {
  if (stepsBelow(base, cwd) !== undefined) return base;
  let root = dirname(base);
  while (!existsSync(root) && root !== dirname(root)) root = dirname(root);
  return root;
}

/** The steps from a folder down to a path; undefined where it is not below it. */
function stepsBelow(folder: string, path: string): readonly string[] | undefined {
  const way = relative(folder, path);
  if (way === '') return [];
  const steps = way.split(sep);
  return steps[0] === '..' || resolve(folder, way) !== path || way === path ? undefined : steps;
}

function segmentsOf(text: string): readonly string[] {
  return text.split('/');
}
