// Makes what the docs show of the program: transcripts, helps, code and the picture of the demo, by running it.
// With --check it changes nothing, and fails where a page shows something else. Needs the built program.
// A block whose times, sizes and stamps alone differ keeps its text, so that a second run changes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { drawDemo } from './docs/demo-picture.ts';
import { lineDiff } from './docs/line-diff.ts';

import { pagesOf } from './docs/pages.ts';
import { type Made, renewPage } from './docs/renew.ts';

const root = join(import.meta.dirname, '..');
const [first = '', ...others] = process.argv.slice(2);
const check = first === '--check';
const wanted = check ? others : [first, ...others].filter((word) => word !== '');
const told: string[] = [];
let stale = 0;

// Times of a run that is to be shown are taken alone.
const lanes = check ? Math.min(4, availableParallelism()) : 1;
const makers = [
  ...pagesOf(root).map((page) => ({ name: page, make: async () => await renewPage(page, root) })),
  { name: 'docs/demo', make: async () => await drawDemo(root) },
].filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)));

async function lane(): Promise<void> {
  for (let next = makers.shift(); next !== undefined; next = makers.shift()) {
    const { name, make } = next;
    try {
      for (const made of await make()) settle(made);
    } catch (error) {
      stale++;
      told.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function settle({ path, text, skipped }: Made): void {
  for (const reason of skipped) told.push(`not made anew in ${path}: ${reason}`);
  const before = textIn(path);
  if (before === text) return;
  if (check) {
    stale++;
    told.push(`${path} is not what the program makes now:\n${lineDiff(before, text)}`);
    return;
  }
  writeFileSync(join(root, path), text);
  told.push(`wrote ${path}`);
}

function textIn(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

await Promise.all(Array.from({ length: lanes }, async () => await lane()));
for (const line of told) console.error(line);
if (stale > 0) {
  console.error(`Stale: ${stale}. Run "npx --yes pnpm@10.34.9 run docs" and look at what it changes.`);
  process.exitCode = 1;
}
