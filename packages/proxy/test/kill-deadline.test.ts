import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type Deadline, killDeadline } from '../src/kill-deadline.ts';

/** What a deadline did, and how many milliseconds after the signal. */
type Done = readonly [what: string, atMs: number];

const NEVER = Number.NEGATIVE_INFINITY;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A deadline that begins now. Stdin ended so many milliseconds after the signal; before it where negative. */
function began(
  inputEndMs: number,
  killAfterMs?: number,
): { readonly done: readonly Done[]; readonly deadline: Deadline } {
  const from = performance.now();
  const done: Done[] = [];
  const note = (what: string) => (): void => void done.push([what, performance.now() - from]);
  const server = { signal: note('SIGKILL'), stdout: { close: note('close') }, stderr: { close: note('close') } };
  const endedAt = (): number => (performance.now() >= from + inputEndMs ? from + inputEndMs : NEVER);
  return { done, deadline: killDeadline(server, { endedAt }, killAfterMs, note('give up')) };
}

describe('SIGKILL, and 100 ms later the end of all waiting, come', () => {
  it.each<[string, number, number | undefined, number]>([
    ['1.8 s after the signal', Number.POSITIVE_INFINITY, undefined, 1800],
    ['1.8 s after it where stdin ended long before', -251, undefined, 1800],
    ['1.8 s after it where stdin ended long after', 251, undefined, 1800],
    ['0.7 s after it where stdin ended along with it, before', -249, undefined, 700],
    ['0.7 s after it where stdin ended along with it, after', 249, undefined, 700],
    ['when a person wants it', 0, 30, 30],
  ])('%s', (_, inputEndMs, killAfterMs, atMs) => {
    const { done } = began(inputEndMs, killAfterMs);
    vi.advanceTimersByTime(atMs - 1);
    expect(done).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(done).toEqual([
      ['SIGKILL', atMs],
      ['close', atMs + 100],
      ['close', atMs + 100],
      ['give up', atMs + 100],
    ]);
  });

  it('not at all once the server has ended', () => {
    const { done, deadline } = began(0);
    vi.advanceTimersByTime(699);
    deadline.callOff();
    vi.advanceTimersByTime(10_000);
    expect(done).toEqual([]);
  });
});
