import { existsSync } from 'node:fs';

import { processIsAlive, waitFor } from '@mcp-dbg/testkit';
import { expect, test } from 'vitest';

import { run } from '../driver.ts';
import { Attached, HeldProxy, attached, captureOf, placesOf } from './held-proxy.ts';

const CALLS = ['--hold', 'is:pending method:tools/call'];

test.concurrent('what nobody decides about goes on when its time is over, and the capture says so', async () => {
  const proxy = await new HeldProxy([...CALLS, '--hold-for', '0.2']).opens();
  proxy.calls(1, 'patience');
  expect(await proxy.answer(1)).toContain('patience');
  await proxy.closes();
  expect(captureOf(proxy.home)).toMatch(/passed on 1, .* as it was: nobody decided in time/);
});

test.concurrent('a server that is killed meanwhile comes back with --restart, and gets what was held', async () => {
  const { proxy, person } = await attached([...CALLS, '--restart', '--announce']);
  proxy.calls(1, 'for the next one');
  await person.sees({ type: 'held', number: 1 });
  const pid = (): number => Number(/server started, pid (\d+)\n(?![^]*server started)/.exec(proxy.program.stderr)?.[1]);
  const first = pid();
  process.kill(first, 'SIGKILL');
  await proxy.program.until(() => pid() !== first, 'another process');
  person.types('a 1');
  expect(await proxy.answer(1)).toContain('for the next one');
  await proxy.closes();
  await person.program.ended;
});

test.concurrent.for(['SIGTERM', 'SIGINT'] as const)(
  'a proxy that gets %s ends as ever, with what it did not pass on on record',
  async (signal) => {
    const { proxy, person } = await attached(CALLS);
    proxy.calls(1, 'too late');
    await person.sees({ type: 'held', number: 1 });
    proxy.program.child.kill(signal);
    expect((await proxy.program.ended).signal).toBe(signal);
    await person.sees({ type: 'settled', number: 1, how: 'closed' });
    await person.sees({ type: 'ended', how: 'bye' });
    await person.program.ended;
    expect(placesOf(proxy.home), 'sockets left').toEqual([]);
    expect(captureOf(proxy.home)).toMatch(/"t":"note".*not passed on: 1,.*"original":".*too late/);
  },
);

test.concurrent('a terminal that is killed leaves what is held to its time; the next one sees it', async () => {
  const { proxy, person } = await attached(CALLS);
  proxy.calls(1, 'still here');
  await person.sees({ type: 'held', number: 1 });
  person.program.child.kill('SIGKILL');
  await person.program.ended;
  const next = new Attached(proxy.home);
  await next.sees({ type: 'held', number: 1 });
  next.types('a');
  expect(await proxy.answer(1)).toContain('still here');
  await proxy.closes();
  await next.program.ended;
});

test.concurrent('a terminal that is stopped never slows the traffic', async () => {
  const { proxy, person } = await attached(['--hold', 'method:ping']);
  person.program.child.kill('SIGSTOP');
  const calls = 150;
  const text = 'y'.repeat(8000);
  for (let id = 1; id <= calls; id++) proxy.calls(id, text);
  await proxy.answer(calls);
  expect(proxy.got).toHaveLength(calls + 1);
  person.program.child.kill('SIGKILL');
  await proxy.closes();
});

test.concurrent('a proxy that is killed leaves nothing that hinders the next one, or who attaches', async () => {
  const { proxy, person } = await attached(CALLS);
  const [place = ''] = placesOf(proxy.home);
  proxy.program.child.kill('SIGKILL');
  await proxy.program.ended;
  await person.sees({ type: 'ended', how: 'gone' });
  expect((await person.program.ended).code).toBe(0);
  expect(existsSync(place), 'the socket of the dead one').toBe(true);
  const none = await run(['attach'], { env: { HOME: proxy.home } });
  expect(none.stderr).toMatch(/^mcp-dbg: No proxy runs that holds frames; start one/);

  await waitFor(() => !processIsAlive(proxy.program.pid), 'the end of the dead one');
  const again = await attached(CALLS, { home: proxy.home });
  expect(existsSync(place), 'the socket of the dead one').toBe(false);
  expect(placesOf(proxy.home)).toHaveLength(1);
  await again.proxy.closes();
  await again.person.program.ended;
});

test.concurrent('what is held when the client ends reaches the server before it is told, and an answer the client before the record of the end', async () => {
  const { proxy, person } = await attached(['--hold', 'tool:echo']);
  proxy.calls(1, 'last words');
  await person.sees({ type: 'held', number: 1 });
  proxy.program.child.stdin?.end();
  await person.sees({ type: 'settled', number: 1, how: 'ended' });
  await person.sees({ type: 'settled', number: 2, how: 'ended' });
  expect(await proxy.answer(1)).toContain('last words');
  await proxy.program.ended;
  await person.program.ended;
  const capture = captureOf(proxy.home);
  expect(capture.indexOf('"result":{"content"'), 'the answer').toBeGreaterThan(0);
  expect(capture.indexOf('"t":"exit"'), 'the end').toBeGreaterThan(capture.indexOf('"result":{"content"'));
});
