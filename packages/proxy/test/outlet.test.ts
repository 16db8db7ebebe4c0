import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { Outlet } from '../src/outlet.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Lets time pass, and what comes of it happen. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  for (let n = 0; n < 3; n++) await turn();
}

/** The pipe of a process that has exited, held open by a grandchild; `takes` says whether the reader takes more. */
function held(takes: () => boolean): { pipe: PassThrough; outlet: Outlet; read: () => string; isOver: () => boolean } {
  const pipe = new PassThrough();
  let [text, isOver] = ['', false];
  const outlet = new Outlet(
    pipe,
    (bytes) => (text += Buffer.from(bytes).toString()),
    () => (isOver = true),
  );
  outlet.start(takes);
  outlet.processExited();
  return { pipe, outlet, read: () => text, isOver: () => isOver };
}

it('is read on while a grandchild writes, until it is silent for half a second', async () => {
  const { pipe, read, isOver } = held(() => true);
  for (const piece of ['a', 'b', 'c', 'd']) {
    await pass(490);
    pipe.write(piece);
    await pass(0);
  }
  expect([read(), isOver()]).toEqual(['abcd', false]);
  await pass(490);
  expect(isOver()).toBe(false);
  await pass(10);
  expect(isOver()).toBe(true);
});

it('is never over while its reader takes nothing', async () => {
  const { pipe, outlet, read, isOver } = held(() => false);
  pipe.write('a');
  await pass(0);
  await pass(10_000);
  pipe.write('b');
  await pass(10_000);
  expect([read(), isOver()]).toEqual(['a', false]);
  outlet.resume();
  await pass(490);
  expect([read(), isOver()]).toEqual(['ab', false]);
});
