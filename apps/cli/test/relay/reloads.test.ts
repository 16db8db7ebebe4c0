import { waitFor } from '@mcp-dbg/testkit';
import { expect, test, vi } from 'vitest';

import { Reloads } from '../../src/relay/reloads.ts';

test('a build that the system cannot start is a build that failed: the server stays, and that is said', async () => {
  const told: string[] = [];
  const reloads = new Reloads({
    server: { pid: 1, note: () => {}, restart: async () => void told.push('restarted') },
    build: async () => {
      throw new Error('spawn EMFILE');
    },
    replacing: () => {},
    tell: (sentence) => void told.push(sentence),
  });
  reloads.changed('server.ts');
  await waitFor(() => told.some((each) => each.includes('failed')), 'word of the build');
  await reloads.close();
  expect(told.slice(0, 2)).toEqual([
    'server.ts changed; building',
    'The build failed (spawn EMFILE), the server stays as it is:',
  ]);
  expect(told).not.toContain('restarted');
});

test('of a build that does not end it is said each minute that it goes on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const told: string[] = [];
    const reloads = new Reloads({
      server: { pid: 1, note: () => {}, restart: async () => {} },
      build: async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return { kind: 'failed', how: 'ended', output: '' };
      },
      replacing: () => {},
      tell: (sentence) => void told.push(sentence),
    });
    reloads.changed('server.ts');
    await waitFor(() => told.length === 1, 'the build');
    vi.advanceTimersByTime(125_000);
    expect(told).toEqual(['server.ts changed; building', ...Array(2).fill('still building; --watch waits for it')]);
    await reloads.close();
    expect(vi.getTimerCount(), 'timers that are left').toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
