import { waitFor } from '@mcp-dbg/testkit';
import { expect, test } from 'vitest';

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
