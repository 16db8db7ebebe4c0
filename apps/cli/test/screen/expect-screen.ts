import { fileURLToPath } from 'node:url';

import { type ExpectStatic, expect } from 'vitest';

import { scratch } from '../driver.ts';

/** What differs from run to run, and what stands for it. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\bpid \d+/g, 'pid N'],
  [/\b\d+(?:\.\d+)? (?:µs|ms|s)\b/g, 'N ms'],
  [/\b\d+\.\d{3}s\b/g, 'N s'],
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
    (alike, [pattern, word]) => alike.replaceAll(pattern, word),
    lines.join('\n').replaceAll(scratch, '/scratch'),
  );
  const file = fileURLToPath(new URL(`screens/${name}.txt`, import.meta.url));
  await expectHere(`${text}\n`, `the screen "${name}"`).toMatchFileSnapshot(file);
}
