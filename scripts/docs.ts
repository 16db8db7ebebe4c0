// Makes what the docs show of the program: transcripts, helps, code and the picture of the demo, by running it.
// With --check it changes nothing, and fails where a page shows something else. Needs the built program.
// A block whose times, sizes and stamps alone differ keeps its text, so that a second run changes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { drawDemo } from './docs/demo-picture.ts';
import { lineDiff } from './docs/line-diff.ts';

import { pagesOf } from './docs/pages.ts';
import { type Made, type Renewal, lanes, renewPage } from './docs/renew.ts';

const root = join(import.meta.dirname, '..');
const [first = '', ...others] = process.argv.slice(2);
const check = first === '--check';
const wanted = check ? others : [first, ...others].filter((word) => word !== '');
const told: string[] = [];
let stale = 0;

// Times of a run that is to be shown are taken alone, and the order of its lines is that of a quiet machine.
const renewal: Renewal = { root, inLane: lanes(check ? 3 : 1), order: check ? 'loose' : 'strict' };
const makers = [
  ...pagesOf(root).map((page) => ({ name: page, make: async () => await renewPage(page, renewal) })),
  { name: 'docs/demo', make: async () => await drawDemo(renewal) },
].filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)));

async function renew({ name, make }: (typeof makers)[number]): Promise<void> {
  try {
    for (const made of await make()) settle(made);
  } catch (error) {
    stale++;
    told.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
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

await Promise.all(makers.map(renew));
for (const line of told) console.error(line);
if (stale > 0) {
  console.error(`Stale: ${stale}. Run "npx --yes pnpm@10.34.9 run docs" and look at what it changes.`);
  process.exitCode = 1;
}
