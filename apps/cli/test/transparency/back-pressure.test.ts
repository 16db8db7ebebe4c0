import { waitFor } from '@mcp-dbg/testkit';
import { expect, it } from 'vitest';

import { HOST_KINDS, Lines, finish, peakMemoryMb, server, startProxy, written } from './driver.ts';

const MB = 1024 * 1024;

/** What the pipes and queues between two ends may hold; a program without back-pressure is soon beyond it. */
const HELD_BYTES = 2 * MB;
const PEAK_MB = 130;

it.each(HOST_KINDS)('T3: a client that does not read stdout stalls it, and nothing else (%s)', async (host) => {
  const run = startProxy(server('flood', '1'), { host });
  const stderr = new Lines(run.stderr);
  const stalledAt = await stallOf(() => tell(run.stdin, stderr));
  expect(stalledAt).toBeLessThan(HELD_BYTES);
  bounded(run.pid);
  let bytes = 0;
  run.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await waitFor(() => bytes > 20 * MB, 'the stream to go on');
  await finish(run.stdin);
  expect(await run.ended).toEqual({ code: 0, signal: null });
});

it.each(HOST_KINDS)('T3: a client that does not read stderr stalls it, and nothing else (%s)', async (host) => {
  const run = startProxy(server('flood', '2'), { host });
  const stdout = new Lines(run.stdout);
  const stalledAt = await stallOf(() => tell(run.stdin, stdout));
  expect(stalledAt).toBeLessThan(HELD_BYTES);
  bounded(run.pid);
  let bytes = 0;
  run.stderr.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await waitFor(() => bytes > 20 * MB, 'the stream to go on');
  await finish(run.stdin);
  expect(await run.ended).toEqual({ code: 0, signal: null });
});

it.each(HOST_KINDS)('T3: a server that does not read stalls the client, and nothing else (%s)', async (host) => {
  const run = startProxy(server('ticks'), { host });
  const [stdout, stderr] = [new Lines(run.stdout), new Lines(run.stderr)];
  const block = Buffer.alloc(64 * 1024, 'x');
  let taken = 0;
  const pour = (): void => {
    run.stdin.write(block, (error) => {
      taken += block.length;
      if (!error) pour();
    });
  };
  pour();
  const stalledAt = await stallOf(async () => {
    // Between two looks both outputs must move.
    await stdout.next();
    await stderr.next();
    return taken;
  });
  expect(stalledAt).toBeLessThan(HELD_BYTES);
  bounded(run.pid);
  process.kill(run.pid, 'SIGTERM');
  expect(await run.ended).toEqual({ code: null, signal: 'SIGTERM' });
  run.stdin.destroy();
});

/** Asks the server how much it has written. */
async function tell(stdin: Parameters<typeof written>[0], answers: Lines): Promise<number> {
  await written(stdin, '?');
  return Number(await answers.next());
}

/** Asks until the answer stays the same for twenty times, with time for the stream to move in between. */
async function stallOf(ask: () => Promise<number>): Promise<number> {
  let last = await ask();
  for (let same = 0; same < 20;) {
    const now = await ask();
    same = now === last && now > 0 ? same + 1 : 0;
    last = now;
    if (now > 50 * MB) break;
  }
  return last;
}

function bounded(pid: number): void {
  const peak = peakMemoryMb(pid);
  if (peak !== undefined) expect(peak).toBeLessThan(PEAK_MB);
}
