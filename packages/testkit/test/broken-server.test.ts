import { afterAll, describe, expect, it } from 'vitest';
import { example } from '../src/index.ts';
import { RawPeer, endPeers, envelope } from './raw-peer.ts';

const open = (...faults: readonly string[]): RawPeer => RawPeer.ofScript(example('broken-server'), faults);
const call = (peer: RawPeer, id: string | number, name: string): void =>
  peer.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, _meta: envelope } });

const namesOf = async (peer: RawPeer): Promise<string[]> => {
  const { result } = await peer.modern('tools/list');
  return (result as { tools: { name: string }[] }).tools.map(({ name }) => name);
};

afterAll(endPeers);

describe.concurrent('the broken server', () => {
  it('serves a tool that works in both eras, beside one whose input schema is no object', async () => {
    const peer = open();
    const { result } = await peer.modern('tools/list');
    const bad = expect.objectContaining({ name: 'bad_schema', inputSchema: { type: 'string' } });
    expect(result).toMatchObject({ tools: expect.arrayContaining([bad]) });
    expect(await peer.call('hello')).toMatchObject({ content: [{ text: 'Hello.' }], resultType: 'complete' });
    expect((await peer.initialize('2025-06-18'))['result']).toMatchObject({ protocolVersion: '2025-06-18' });
    expect((await peer.ask('tools/call', { name: 'hello' }))['result']).toEqual({
      content: [{ type: 'text', text: 'Hello.' }],
    });
  });

  it('logs to stdout', async () => {
    const peer = open();
    await peer.call('stray_log');
    expect(peer.noise).toEqual(['stray_log: about to answer']);
  });

  it('breaks an answer over several lines', async () => {
    const peer = open();
    call(peer, 1, 'pretty_printed');
    await peer.until(() => peer.stdout.endsWith('\n}\n'), 'the last line of the answer');
    expect(peer.noise.length).toBeGreaterThan(5);
    expect(JSON.parse(peer.stdout)).toMatchObject({ id: 1 });
  });

  it('flips the type of an id, both ways', async () => {
    const peer = open();
    call(peer, 1, 'flipped_id');
    call(peer, '2', 'flipped_id');
    await peer.until(() => peer.messages.length === 2, 'both answers');
    expect(peer.messages.map(({ id }) => id)).toEqual(['1', 2]);
  });

  it('crashes with status 3 and a stack trace on stderr', async () => {
    const peer = open();
    call(peer, 1, 'crash');
    expect(await peer.exit).toEqual({ code: 3, signal: null });
    await peer.closed;
    expect(peer.stderr).toMatch(/TypeError: Cannot read properties of undefined.*\n\s+at /);
    expect(peer.messages).toEqual([]);
  });

  it('has the faults that its arguments name, and refuses a name that it does not know', async () => {
    expect(await namesOf(open())).toHaveLength(6);
    expect(await namesOf(open('crash', 'stray_log'))).toEqual(['hello', 'stray_log', 'crash']);
    const refused = open('nonsense');
    await refused.closed;
    expect(await refused.exit).toEqual({ code: 1, signal: null });
    expect(refused.stderr).toContain('no fault is called nonsense');
  });
});
