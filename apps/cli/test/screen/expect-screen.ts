import { fileURLToPath } from 'node:url';

import { type ExpectStatic, expect } from 'vitest';

import { scratch } from '../driver.ts';

/** What differs from run to run, and what stands for it. */
const VARYING: readonly (readonly [RegExp, string | ((text: string) => string)])[] = [
  [/\bpid \d+/g, 'pid N'],
  // In a column, with the blanks that align it.
  [/(?<=↳\d+) {1,4}\d+(?:\.\d+)? ?(?:ms|s)\b/g, ' N s'],
  // At the end of a mark that went on in another line, after its indent, which is no column.
  [/^ {2,}\d+(?:\.\d+)? ?(?:µs|ms|s)(?=\])/gm, (text) => text.replace(/\S.*/, 'N s')],
  [/ {2,}\d+(?:\.\d+)? ?(?:µs|ms|s)\b/g, (text) => 'N s'.padStart(text.length)],
  [/\b\d+(?:\.\d+)? (?:µs|ms|s)\b/g, 'N s'],
  [/\d{8}T\d{6}\.\d{3}Z-\d+/g, 'STAMP'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠋'],
  [/\/\S*\/node\b/g, 'node'],
  [/\/\S*\/(?=packages\/testkit\/)/g, ''],
];

/**
 * Compares a screen with `screens/NAME.txt`, in which a person can read what the program looks like; `vitest -u` writes
 * it anew. Times, process ids and paths are made alike first. Only where a test does not run beside others (vitest
 * needs to know whose it is), or with the `expect` of that test's context.
 */
export async function expectScreen(
  lines: readonly string[],
  name: string,
  expectHere: ExpectStatic = expect,
): Promise<void> {
  const text = VARYING.reduce(
    (alike, [pattern, word]) => alike.replaceAll(pattern, (text) => (typeof word === 'string' ? word : word(text))),
    lines.join('\n').replaceAll(scratch, '/scratch'),
  );
  const file = fileURLToPath(new URL(`screens/${name}.txt`, import.meta.url));
  await expectHere(`${text}\n`, `the screen "${name}"`).toMatchFileSnapshot(file);
}
