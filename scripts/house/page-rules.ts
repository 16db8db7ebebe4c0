import { dirname, normalize } from 'node:path/posix';

import type { Rule } from './rule.ts';
import { type Tree, filesLike, linesLike } from './tree.ts';

const MOST_LINES = { 'README.md': 150, 'AGENTS.md': 60 } as const;

const LINK = /\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g;
const PICTURE = /<(?:img|source)\b[^>]* src(?:set)?="(?!\w+:)([^"\s]+)/g;

/** A path in back ticks, and the blocks of code in which nothing is one. */
const PATH = /`((?:[\w.-]+\/)+[\w.-]*)`/g;
const FENCED = /^( *)(```+)[^\n]*\n[\s\S]*?\n\1\2$/gm;
const BUILT = /(^|\/)(dist|node_modules)\//;

/** What belongs to one machine, one service or one day, and so not into the tree. */
const FOREIGN = [
  /(?<![\w.~}])\/(work|root)\//,
  /registry\.(npmjs|yarnpkg)\.|files\.pythonhosted\./,
  /\bissue #?\d/i,
  /\b(TO[D]O|FIX[M]E)\b/,
] as const;

/** What the pages of the repository keep to. */
export const pageRules: readonly Rule[] = [
  {
    promise: 'The pages that a stranger looks for exist',
    *breaches(tree) {
      for (const page of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'AGENTS.md', 'CHANGELOG.md', 'LICENSE'])
        if (!tree.has(page)) yield `${page} is missing`;
      const version = /"version":\s*"([^"]+)"/.exec(tree.get('apps/cli/package.json') ?? '')?.[1];
      if (!(tree.get('CHANGELOG.md') ?? '').includes(`## ${version}`))
        yield `CHANGELOG.md has no section for ${version}`;
    },
  },
  {
    promise: 'A page is short enough to be read',
    *breaches(tree) {
      for (const [page, most] of Object.entries(MOST_LINES)) {
        const lines = (tree.get(page) ?? '').split('\n').length - 1;
        if (lines > most) yield `${page}: ${lines} lines, at most ${most}`;
      }
    },
  },
  {
    promise: 'A link inside the repository leads somewhere',
    *breaches(tree) {
      const folders = foldersOf(tree);
      for (const [page, text] of filesLike(tree, /\.md$/)) {
        const links = [...text.matchAll(LINK), ...text.matchAll(PICTURE)];
        for (const [, target = ''] of links) {
          const path = normalize(`${dirname(page)}/${target}`).replace(/\/$/, '');
          if (!tree.has(path) && !folders.has(path)) yield `${page}: ${target} does not exist`;
        }
      }
    },
  },
  {
    promise: 'A path that a page names exists',
    *breaches(tree) {
      const folders = foldersOf(tree);
      for (const [page, text] of filesLike(tree, /(?<!^CHANGELOG)\.md$/)) {
        const [own] = /^(?:apps|examples|packages)\/[^/]+\//.exec(page) ?? [''];
        // The folders that a path may start in. What does not begin with a folder of one of them is no path of ours.
        const starts = ['', 'apps/cli/src/', own];
        for (const [, path = ''] of text.replaceAll(FENCED, '').matchAll(PATH)) {
          const [first = ''] = path.split('/');
          const isOurs = starts.some((start) => folders.has(start + first)) && !BUILT.test(path);
          const places = starts.map((start) => (start + path).replace(/\/$/, ''));
          if (isOurs && !places.some((place) => tree.has(place) || folders.has(place)))
            yield `${page}: ${path} does not exist`;
        }
      }
    },
  },
  {
    promise: 'A decision has a number of its own, which its title has too',
    *breaches(tree) {
      const numbers = new Set<string>();
      for (const [page, text] of filesLike(tree, /^docs\/decisions\/\d+-/)) {
        const [number = ''] = /\d+/.exec(page) ?? [];
        if (numbers.has(number)) yield `${page}: another one has the number ${number}; take the next free one`;
        numbers.add(number);
        if (!text.startsWith(`# ${Number(number)}. `))
          yield `${page}: its title does not begin with ${Number(number)}.`;
      }
    },
  },
  {
    promise: 'No file names a machine, a registry host or a tracker, or leaves a note for later',
    *breaches(tree) {
      for (const [path, text] of tree) for (const word of FOREIGN) yield* linesLike(path, text, word);
    },
  },
];

function foldersOf(tree: Tree): ReadonlySet<string> {
  return new Set([...tree.keys()].flatMap(ancestors));
}

function ancestors(path: string): readonly string[] {
  return path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/') || '.');
}
