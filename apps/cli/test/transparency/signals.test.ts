import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import {
  HOST_KINDS,
  Lines,
  type Recorded,
  childrenOf,
  finish,
  isGone,
  recorded,
  scratch,
  server,
  startProxy,
  text,
} from './driver.ts';

const SIGNALS = ['SIGUSR1', 'SIGUSR2', 'SIGQUIT', 'SIGINT', 'SIGHUP', 'SIGTERM'] as const;

describe.each(HOST_KINDS)('with a host that gives %s', (host) => {
  it('T7: each signal reaches the server exactly once', async () => {
    const run = startProxy(server('signals'), { host });
    const [stdout, stderr] = [new Lines(run.stdout), text(run.stderr)];
    await stdout.next();
    for (const signal of SIGNALS) {
      process.kill(run.pid, signal);
      expect(await stdout.next()).toBe(signal);
    }
    await finish(run.stdin);
    expect(JSON.parse(await stdout.next())).toEqual(Object.fromEntries(SIGNALS.map((signal) => [signal, 1])));
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(await stderr).toBe('');
  });

  it('T7: the server sees the end of stdin when we are killed', async () => {
    const mark = join(mkdtempSync(join(scratch, 'mark-')), 'eof');
    const run = startProxy(['sh', '-c', `echo ready; cat >/dev/null; echo seen >'${mark}'`], { host });
    await new Lines(run.stdout).next();
    process.kill(run.pid, 'SIGKILL');
    expect(await run.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await waitFor(() => existsSync(mark), "the server's own end");
  });
});

it('T7: a signal that comes before the server is up is neither lost nor an inspector', async ({ skip }) => {
  skip(!existsSync('/proc/self/status'), 'no /proc, which says what signals a process listens to');
  for (const signal of SIGNALS.filter((each) => each !== 'SIGQUIT')) {
    const run = startProxy(['sleep', '60']);
    const stderr = text(run.stderr);
    await waitFor(() => catches(run.pid, 1), 'our listeners');
    process.kill(run.pid, signal);
    expect(await run.ended).toEqual({ code: null, signal });
    expect(await stderr).toBe('');
  }
});

// That it comes no later is shown of the deadline itself, on a clock that no machine can hold up.
it('T7: SIGKILL follows a signal that a server ignores, not before its time', async () => {
  const signalled = (signal: NodeJS.Signals) => async (pid: number) => void process.kill(pid, signal);
  const alongWithStdin = async (pid: number, stdin: Writable): Promise<void> => {
    await finish(stdin);
    process.kill(pid, 'SIGTERM');
  };
  const ends = await Promise.all([
    stubbornEnd(signalled('SIGTERM')),
    stubbornEnd(alongWithStdin),
    stubbornEnd(signalled('SIGINT'), ['--kill-after', '2000']),
  ]);
  expect(ends.map(({ exit }) => exit)).toEqual(ends.map(() => ({ code: null, signal: 'SIGKILL' })));
  const [usual = 0, probe = 0, chosen = 0] = ends.map(({ gapMs }) => gapMs);
  expect(usual, 'after a signal').toBeGreaterThan(1700);
  expect(probe, 'after a signal along with the end of stdin').toBeGreaterThan(600);
  expect(chosen, 'after the time of --kill-after').toBeGreaterThan(1900);
});

it('T7: SIGUSR1 and SIGQUIT call for no SIGKILL', async () => {
  const run = startProxy(server('signals'), { own: ['--kill-after', '1'] });
  const stdout = new Lines(run.stdout);
  await stdout.next();
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGQUIT', 'SIGUSR1'] as const) {
    process.kill(run.pid, signal);
    expect(await stdout.next()).toBe(signal);
  }
  await finish(run.stdin);
  expect(await run.ended).toEqual({ code: 0, signal: null });
});

it.each([
  ['a launcher that passes no signal on', server('launcher', 'signals')],
  ['a launcher with a server that ignores signals', server('launcher', 'stubborn')],
  ['a shell that waits for its child', ['sh', '-c', '"$@" & wait', 'sh', ...server('stubborn')]],
  ['a shell whose child is its last command', ['sh', '-c', '"$@"; exit $?', 'sh', ...server('stubborn')]],
])('T7: nothing is left behind of %s', async (_, command) => {
  const run = startProxy(command, { own: ['--kill-after', '300'] });
  const stdout = new Lines(run.stdout);
  const pid = Number((await stdout.next()).split(' ')[1]);
  const [wrapper = 0] = childrenOf(run.pid);
  process.kill(run.pid, 'SIGTERM');
  await run.ended;
  await waitFor(() => isGone(pid) && isGone(wrapper), 'the end of the wrapper and of the server');
});

it('T7: a server whose client ends stdin is not signalled', async () => {
  const log = join(mkdtempSync(join(scratch, 'eof-')), 'log.mcpcap');
  const run = startProxy(['sh', '-c', 'cat; exit 6'], { own: ['--log', log] });
  await finish(run.stdin);
  expect(await run.ended).toEqual({ code: 6, signal: null });
  expect((await recorded(log)).records.filter(({ t }) => t === 'signal')).toEqual([]);
});

/** True where a process has a handler of its own for a signal that Node leaves alone. */
function catches(pid: number, signal: number): boolean {
  try {
    const [, mask = '0'] = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** Ends a server that ends for nothing but SIGKILL; tells how long after the signal that came. */
async function stubbornEnd(
  end: (pid: number, stdin: Writable) => Promise<void>,
  own: readonly string[] = [],
): Promise<{ gapMs: number; exit: unknown }> {
  const log = join(mkdtempSync(join(scratch, 'stubborn-')), 'log.mcpcap');
  const run = startProxy(server('stubborn'), { own: ['--log', log, ...own] });
  const pid = Number((await new Lines(run.stdout).next()).split(' ')[1]);
  await end(run.pid, run.stdin);
  const exit = await run.ended;
  expect(isGone(pid)).toBe(true);
  const [first = 0, last = 0] = signalTimes(await recorded(log));
  return { gapMs: (last - first) / 1000, exit };
}

function signalTimes({ records }: Recorded): readonly number[] {
  return records.flatMap((record) => (record.t === 'signal' ? [record.us] : []));
}
