import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import { afterEach, expect, it } from 'vitest';

import { endProxies } from '../transparency/driver.ts';
import { Peer } from './peer.ts';

afterEach(endProxies);

it('a server that fails again and again is left alone: requests are refused with words, and nothing outlives the client', async () => {
  const peer = new Peer(['--restart', '--announce']);
  await peer.initialize();
  writeFileSync(join(peer.folder, 'broken'), '');
  await peer.ask('tools/call', { name: 'crash', arguments: {} });
  await waitFor(() => peer.stderr.text.includes('again and again'), 'the brake', 20_000);

  const { error } = await peer.ask('tools/call', { name: 'start', arguments: {} });
  expect(error?.message, 'what happened, why, and what comes next').toMatch(
    /again and again.*SyntaxError: the file is broken/,
  );

  // Who reads no more is told nothing more: its stdin may well stay open.
  peer.run.stdout.destroy();
  await peer.send({ id: 'late', method: 'ping' });
  expect(await peer.run.ended, "the exit of the server's last process").toEqual({ code: 1, signal: null });
});
