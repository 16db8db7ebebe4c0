import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import { afterEach, expect, it } from 'vitest';

import { endProxies } from '../transparency/driver.ts';
import { Peer } from './peer.ts';

afterEach(endProxies);

it('a server that never started is not said to be there again', async () => {
  const peer = new Peer(['--tools', '--announce'], (folder) => {
    writeFileSync(join(folder, 'broken'), '');
    return [];
  });
  await peer.send({ id: 1, method: 'tools/call', params: { name: 'mcpdbg_restart', arguments: {} } });
  await waitFor(() => peer.lines.text.includes('\n'), 'the answer of mcpdbg_restart', 20_000);
  const { result } = await peer.next();
  expect(result).toMatchObject({ isError: true, structuredContent: { restarted: false, newPid: null } });
  expect(JSON.stringify(result)).toMatch(/again and again.*SyntaxError: the file is broken/);
  expect(peer.stderr.text).not.toContain('goes on with pid');
  await peer.end();
});
