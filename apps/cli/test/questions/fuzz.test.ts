import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { HIDDEN } from '../export/hostile.ts';
import { type Ran, run, scratch } from '../driver.ts';
import { READERS, ask } from './asking.ts';
import { type Act, conversation, damage, record } from './random-capture.ts';

/** What a person, or a stranger, may type for a filter. */
const SIGNS = [' ', '(', ')', '-', '"', '/', ':', '=', '!=', '<', '~', '.', '[]', '*', ',', '\\', '\n', "'", '&&'];
const WORDS = ['and', 'or', 'not', 'req.', 'res.', 'params', 'result.x', 'msg', 'error.code<=-32000', 'https://', 'x'];
const TERMS = [
  'is:error',
  'is:late',
  'is:injected',
  'method:tools/*',
  'slower:2ms',
  'n:3..',
  'id:1',
  'conn:2',
  'level:error',
  'rule:*',
];
const SLIPS = ['is:', 'eror', '1s', '7', '{', '\u0000', 'é', '\ud800', '\u001b[2J'];
const PIECES = [...SIGNS, ...WORDS, ...TERMS, ...TERMS, ...SLIPS];
const filter = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.constantFrom(...TERMS),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join(' ')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('')),
);

/** The same commands in other ways. */
const MORE: readonly (readonly string[])[] = [
  ['log', '--json'],
  ['log', '-vv'],
  ['show', '2', '--raw'],
  ['show', '3', '--json'],
  ['stats', '--json'],
  ['stats', '--by', 'tool'],
  ['lint', '--json'],
  ['lint', '--format', 'sarif'],
  ['lint', '--format', 'junit'],
  ['export', '--to', 'har', '--with-secrets'],
];

const question = fc.record({
  acts: conversation,
  damaged: damage,
  reader: fc.constantFrom(...READERS.filter((reader) => !reader.includes('-f')), ...MORE),
  filter,
  isInput: fc.boolean(),
});

let files = 0;

function damagedCapture(acts: readonly Act[], damaged: (capture: Buffer) => Buffer): string {
  const path = join(scratch, `fuzz-${++files}.mcpcap`);
  record(path, acts);
  writeFileSync(path, damaged(readFileSync(path)));
  return path;
}

type Answered = Pick<Ran, 'code' | 'stdout' | 'stderr'>;

/** Nothing but what is documented: an answer, or one sentence with the place in a filter. */
function expectDocumented({ code, stdout, stderr }: Answered, hint = ''): void {
  expect([0, 1], hint).toContain(code);
  expect(stderr, hint).not.toMatch(/bug of mcp-dbg|\n {4}at /);
  expect(stderr, hint).not.toMatch(HIDDEN);
  if (code === 1 && stdout === '')
    expect(stderr, hint).toMatch(
      /^(?:capture: .*\n)?(?:mcp-dbg: .+\n(?:.+\n\s*\^+\n)?|\{"error":\{"code":"[A-Z_]+","message":.*\}\}\n)$/,
    );
}

it('answers or says in a sentence what is wrong, whatever the capture and the filter', async () => {
  await fc.assert(
    fc.asyncProperty(question, async ({ acts, damaged, reader, filter, isInput }) => {
      const path = damagedCapture(acts, damaged);
      const before = readFileSync(path);
      const words = [...reader, isInput ? '-' : path, ...(filter === '' ? [] : ['--', filter])];
      expectDocumented(await ask(words, isInput ? { stdin: before } : {}));
      expect(readFileSync(path).equals(before)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

it('does so as a program too', async () => {
  const seed = randomInt(2 ** 31);
  const questions = fc.sample(question, { numRuns: 10, seed });
  const seen = await Promise.all(
    questions.map(async ({ acts, damaged, reader, filter }) => {
      const path = damagedCapture(acts, damaged);
      return {
        path,
        ...(await run([...reader, path, ...(filter === '' ? [] : ['--', filter.replaceAll('\u0000', '')])])),
      };
    }),
  );
  for (const ran of seen) expectDocumented(ran, `seed ${seed}`);
});
