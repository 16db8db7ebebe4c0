import { afterAll, describe, expect, it } from 'vitest';
import type { FixtureName } from '../src/index.ts';
import { open, textOf } from './fixture-peer.ts';
import { endPeers, envelope } from './raw-peer.ts';
import type { RawPeer } from './raw-peer.ts';

afterAll(endPeers);

describe.concurrent('fixtures of broken framing', () => {
  const discover = { jsonrpc: '2.0', id: 7, method: 'server/discover', params: { _meta: envelope } };
  const firstAnswer = async (name: FixtureName): Promise<RawPeer> => {
    const peer = open(name);
    peer.send(discover);
    await peer.until(() => peer.stdout.endsWith('\n'), 'an answer');
    return peer;
  };

  it('prints-banner mixes log lines into stdout', async () => {
    const peer = open('prints-banner');
    await peer.modern('server/discover');
    await peer.call('pid');
    expect(peer.noise).toEqual(['Starting server v1.2.3', 'Loading models...', '[info] answering', '[info] answering']);
  });

  it('bom marks the first message only', async () => {
    const peer = await firstAnswer('bom');
    expect(peer.stdout.startsWith('\uFEFF{')).toBe(true);
    await peer.modern('tools/list');
    expect(peer.stdout.lastIndexOf('\uFEFF')).toBe(0);
  });

  it('pretty-json, batch, null-id, string-ids and duplicate-answers each break their one thing', async () => {
    const pretty = await firstAnswer('pretty-json');
    await pretty.until(() => pretty.stdout.endsWith('\n}\n'), 'the last line');
    expect(JSON.parse(pretty.stdout)).toMatchObject({ id: 7 });
    expect((await firstAnswer('batch')).messages).toMatchObject([[{ id: 7 }]]);
    expect((await firstAnswer('null-id')).messages).toMatchObject([{ id: null }]);
    expect((await firstAnswer('string-ids')).messages).toMatchObject([{ id: '7' }]);
    expect((await firstAnswer('duplicate-answers')).messages).toMatchObject([{ id: 7 }, { id: 7 }]);
  });

  it('garbage answers with bytes that are no message, never-answers with nothing', async () => {
    const garbage = open('garbage');
    garbage.send(discover);
    await garbage.until(() => garbage.stdout.endsWith('{"proto'), 'the garbage');
    expect(garbage.messages).toEqual([]);
    const silent = open('never-answers');
    silent.send(discover);
    silent.end();
    expect(await silent.exit).toEqual({ code: 0, signal: null });
    await silent.closed;
    expect(silent.stdout + silent.stderr).toBe('');
  });

  it('floods sends as many notifications as asked, at the start and in a call', async () => {
    const peer = open('floods', '20');
    await peer.call('flood', { count: 3000 });
    expect(peer.messages.filter(({ method }) => method === 'notifications/message')).toHaveLength(3020);
  });

  it('big-line answers with megabytes, stderr-flood writes megabytes before it answers', async () => {
    const big = await open('big-line', '2').call('big');
    expect(textOf(big)).toHaveLength(2 * 1024 * 1024);
    const peer = open('stderr-flood', '1');
    await peer.modern('server/discover');
    await peer.until(() => peer.stderr.length === 1024 * 1024, 'all of stderr');
  });
});
