import { expect } from 'vitest';

import { run } from '../driver.ts';
import type { Peer } from './peer.ts';

/** Expects that a capture blames nobody but for how the server ended, and that every answer in it has its request. */
export async function expectHonest({ capture }: Peer): Promise<void> {
  const lint = await run(['lint', capture, '--json']);
  const { findings } = JSON.parse(lint.stdout) as { findings: readonly { rule: string; level: string }[] };
  // That the server died is a finding; that it was asked again, or answered for, is none.
  const others = findings.filter(({ rule, level }) => level !== 'info' && !rule.startsWith('process/'));
  expect(others, 'what the relay itself says breaks no rule').toEqual([]);
  const orphans = await run(['log', capture, 'is:orphan', '--json']);
  expect(orphans.stdout, 'no answer without its request').toBe('');
}
