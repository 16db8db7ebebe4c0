import { readFileSync } from 'node:fs';

import { waitFor } from '@mcp-dbg/testkit';
import { afterEach, describe, expect, it } from 'vitest';

import { endProxies } from '../transparency/driver.ts';
import { expectHonest } from './expect-honest.ts';
import { Peer } from './peer.ts';

afterEach(endProxies);

describe('between two processes of a server, a client', () => {
  it('keeps the order of what it says while a process is given time to answer', async () => {
    const peer = new Peer(['--restart', '--tools']);
    await peer.initialize();
    await peer.send({ id: 'a', method: 'tools/call', params: { name: 'ask', arguments: {} } });
    expect(await peer.next()).toMatchObject({ id: 1, method: 'roots/list' });
    await peer.send({ id: 'b', method: 'tools/call', params: { name: 'mcpdbg_restart', arguments: {} } });
    await waitFor(() => readFileSync(peer.capture, 'utf8').includes('The server is restarted'), 'the restart');
    await peer.send({ id: 'c', method: 'tools/call', params: { name: 'start', arguments: {} } });
    await peer.send({ method: 'notifications/roots/list_changed' });
    await peer.send({ id: 1, result: { roots: [{ uri: 'file:///answered' }] } });
    expect(await peer.next(), 'the old process still answers').toMatchObject({ id: 'a', result: {} });
    const seen = await peer.readBy(2, 'notifications/roots/list_changed');
    expect(seen.slice(-2)).toMatchObject([{ id: 'c' }, { method: 'notifications/roots/list_changed' }]);
    await peer.end();
  });

  it('is told once of a list that is another now', async () => {
    const peer = new Peer(['--restart', '--announce']);
    await peer.initialize();
    await peer.ask('tools/list', {});
    await peer.ask('tools/call', { name: 'crash', arguments: {} });
    expect(await peer.next()).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect(await peer.call('start')).toBe('2');
    await peer.ask('tools/call', { name: 'crash', arguments: {} });
    // It has been compared when the second call is answered.
    expect([await peer.call('start'), await peer.call('start')]).toEqual(['3', '3']);
    await peer.end();
    expect(peer.stderr.text.match(/tools are others now.*/g)).toEqual(['tools are others now: newer is new']);
  });

  it('gets all that the dead process wrote, however late it reads', async () => {
    const peer = new Peer(['--restart', '--announce']);
    await peer.initialize();
    const pid = Number(await peer.call('pid'));
    peer.run.stdout.pause();
    await peer.send({ id: 'flood', method: 'tools/call', params: { name: 'flood', arguments: {} } });
    const count = await peer.flooded();
    process.kill(pid, 'SIGKILL');
    await waitFor(() => peer.stderr.text.includes('the client goes on with pid'), 'the next process');
    peer.run.stdout.resume();
    for (let n = 1; n <= count; n++)
      expect(await peer.next(), 'the next of the messages that left the server').toMatchObject({
        params: { data: { n } },
      });
    let next = await peer.next();
    // One more may have left it than it knew of.
    if (next.method === 'notifications/message') next = await peer.next();
    expect(next).toMatchObject({ id: 'flood', error: { data: { signal: 'SIGKILL', pid } } });
    await peer.end();
    await expectHonest(peer);
  });
});
