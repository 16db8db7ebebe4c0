import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { root } from '../support/repository.ts';

const chunks = join(root, 'apps/cli/dist/chunks');

/** What takes long to load, each by something that stays in the bundle of it. */
const SLOW = {
  'string-width': 'RGI_Emoji',
  'wrap-ansi': 'wordWrap',
  marked: 'github.com/markedjs/marked',
  'Intl.Segmenter': 'Intl.Segmenter',
} as const;

/** What stays in the bundle of the reading of captures. */
const READS_CAPTURES = 'node:worker_threads';

/** What stays in the bundle of a proxy that does more than watch, each by something of one of its parts. */
const RELAY = {
  continuity: 'The server failed to start again and again',
  faults: 'stderr-flood',
  hold: 'nobody could attach',
  tools: 'mcpdbg_last_errors',
  crashes: 'report-files',
} as const;

test('the plain proxy starts without what does more than watch', () => {
  const [bin = ''] = read([join(root, 'apps/cli/dist/bin.js')]);
  // What is loaded by a call, `import("./relayed-proxy.js")`, is loaded where a flag asks for it.
  expect(Array.from(bin.matchAll(/\b(?:from|import)"(\.[^"]+)"/g), ([, file]) => file)).toEqual([]);
  expect(bin).toContain('import("./relayed-proxy.js")');
  const others = read([
    join(root, 'apps/cli/dist/relayed-proxy.js'),
    ...readdirSync(chunks).map((name) => join(chunks, name)),
  ]).join('\n');
  for (const [part, sign] of Object.entries(RELAY)) {
    expect(bin.includes(sign), `${part} in the file of the plain proxy`).toBe(false);
    expect(others.includes(sign), `${part} in the files of the others`).toBe(true);
  }
});

test.each(['tools', 'call', 'log'])('%s starts without what only a drawn terminal needs', (command) => {
  const texts = loadedWith(command);
  expect(texts.length).toBeGreaterThan(1);
  for (const [name, sign] of Object.entries(SLOW))
    expect(
      texts.filter((text) => text.includes(sign)),
      name,
    ).toEqual([]);
});

test.each(['tools', 'call'])('%s starts without what reads and writes captures', (command) => {
  expect(loadedWith(command).some((text) => text.includes(READS_CAPTURES))).toBe(false);
});

test('the signs are those of the bundle', () => {
  const bundle = read(readdirSync(chunks).map((name) => join(chunks, name))).join('\n');
  for (const sign of [...Object.values(SLOW), READS_CAPTURES]) expect(bundle).toContain(sign);
});

/** The text of a command's file and of everything that is loaded with it. */
function loadedWith(command: string): readonly string[] {
  if (!existsSync(chunks)) throw new Error('The command is not built; run the build first.');
  const first = readdirSync(chunks).find((name) => name.startsWith(`${command}-`));
  if (first === undefined) throw new Error(`There is no chunk of ${command}`);
  const paths = new Set([join(chunks, first)]);
  for (const path of paths)
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(/\b(?:from|import)"(\.[^"]+)"/g))
      paths.add(join(dirname(path), specifier));
  return read([...paths]);
}

function read(paths: readonly string[]): readonly string[] {
  return paths.map((path) => readFileSync(path, 'utf8'));
}
