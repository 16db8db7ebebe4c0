import type { Rule } from './rule.ts';
import { filesLike, linesLike } from './tree.ts';

const SOURCE = /\.(ts|mjs|js|py)$/;
const SHIPPED = /^(packages|apps)\/[^/]+\/src\/.*\.ts$/;
const MAX_LINES = 300;
const VAGUE = /manager|helper|utils?|handler|misc|common/i;

/** What our own source files keep to, where neither the compiler nor the linter can see it. */
export const sourceRules: readonly Rule[] = [
  {
    promise: `A source file has at most ${MAX_LINES} lines, or says at its top why it is long`,
    *breaches(tree) {
      for (const [path, text] of filesLike(tree, SOURCE)) {
        const lines = text.split('\n').length - 1;
        const top = text.startsWith('#!') ? text.slice(text.indexOf('\n') + 1) : text;
        if (lines > MAX_LINES && !/^(\/\/|#) Long because \S/.test(top))
          yield `${path}: ${lines} lines; split it, or begin it with "Long because …"`;
      }
    },
  },
  {
    promise: 'Only apps/cli/src/bin.ts ends the process',
    *breaches(tree) {
      for (const [path, text] of filesLike(tree, SHIPPED)) {
        if (path !== 'apps/cli/src/bin.ts')
          yield* linesLike(path, text, /\bprocess\s*\.\s*(exit|abort|reallyExit)\b(?!Code)/);
      }
    },
  },
  {
    promise: 'No package writes to the console',
    *breaches(tree) {
      for (const [path, text] of filesLike(tree, /^packages\/(?!testkit\/)[^/]+\/src\//))
        yield* linesLike(path, text, /\bconsole\s*\./);
    },
  },
  {
    promise: 'An index names what it exports: no `export *`',
    *breaches(tree) {
      for (const [path, text] of filesLike(tree, SHIPPED)) yield* linesLike(path, text, /^\s*export\s*(type\s*)?\*/);
    },
  },
  {
    promise: 'A private member is #private',
    *breaches(tree) {
      for (const [path, text] of filesLike(tree, SHIPPED))
        yield* linesLike(path, text, /^\s*(private|protected|public)\s+(?!constructor)\w/);
    },
  },
  {
    promise: 'Files and exports are named for what they are',
    *breaches(tree) {
      for (const [path, text] of filesLike(tree, SHIPPED)) {
        if (VAGUE.test(path.split('/').at(-1) ?? '')) yield `${path}: the file's name says nothing`;
        for (const [, name = ''] of text.matchAll(
          /^export (?:async )?(?:class|interface|type|function\*?|const) (\w+)/gm,
        ))
          if (VAGUE.test(name)) yield `${path}: ${name} says nothing`;
      }
    },
  },
  {
    promise: 'Every fixture server is used by a test',
    *breaches(tree) {
      const tests = [...filesLike(tree, /\/test\/.*\.ts$/)].map(([, text]) => text).join('\n');
      for (const [path] of filesLike(tree, /^packages\/testkit\/servers\/[^_].*\.(mjs|py)$/)) {
        const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
        if (!new RegExp(`['"\`/]${name}(\\.\\w+)?['"\`]`).test(tests)) yield `${path}: no test starts it`;
      }
    },
  },
  {
    promise: 'A test that cannot run says why',
    *breaches(tree) {
      for (const [path, text] of filesLike(tree, /\/test\/.*\.ts$/))
        yield* linesLike(path, text, /\b(it|test|describe)(\.\w+)*\.(skip|skipIf|runIf|todo)\b|\bskip\(\)/);
    },
  },
];
