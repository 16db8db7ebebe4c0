import { afterAll, describe, expect, it } from 'vitest';

import { open, textOf } from './fixture-peer.ts';
import { endPeers, envelope } from './raw-peer.ts';
import type { Message, RawPeer } from './raw-peer.ts';

const capabilities = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const meta = {
  ...envelope,
  'io.modelcontextprotocol/clientCapabilities': capabilities,
  'io.modelcontextprotocol/logLevel': 'warning',
};
const NOTE = 'note://notes/first';

afterAll(async () => {
  await endPeers();
});

async function result(peer: RawPeer, method: string, params: Message): Promise<Message> {
  return (await peer.ask(method, params))['result'] as Message;
}

/** What can be asked alike in both eras; `more` goes with every request. */
async function askEverything(peer: RawPeer, more: Message): Promise<void> {
  const ask = async (method: string, params: Message): Promise<Message> => result(peer, method, { ...params, ...more });
  const call = async (name: string, args: Message = {}): Promise<Message> =>
    ask('tools/call', { name, arguments: args });
  expect(await ask('resources/list', {})).toMatchObject({ resources: [{}, {}], nextCursor: '2' });
  expect(await ask('resources/list', { cursor: '4' })).toMatchObject({ resources: [{ uri: 'note://asking' }] });
  const asked = { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'language', value: 'es' } };
  expect(await ask('completion/complete', asked)).toMatchObject({ completion: { values: ['estonian'] } });
  expect(await call('add', { a: 1, b: 2 })).toMatchObject({ structuredContent: { sum: 3 } });
  await call('log', { text: 'hi' });
  await call('touch', { uri: NOTE });
  await call('touch', { uri: 'note://notes/second' });
  for (const name of ['add_tool', 'add_prompt', 'add_resource']) await call(name);
  const told = peer.messages.filter(({ method, id }) => method !== undefined && id === undefined);
  const levels = told.filter(({ method }) => method === 'notifications/message').map(({ params }) => params);
  expect(levels).toMatchObject([{ level: 'warning' }, { level: 'error' }]);
  expect(told.filter(({ method }) => method === 'notifications/resources/updated')).toMatchObject([
    { params: { uri: NOTE } },
  ]);
  for (const list of ['tools', 'prompts', 'resources'])
    expect(told.map(({ method }) => method)).toContain(`notifications/${list}/list_changed`);
}

describe.concurrent('the servers that use every feature', () => {
  it('features-v1 does so in the legacy era, and asks by requests of its own', async () => {
    const peer = open('features-v1');
    await result(peer, 'initialize', {
      protocolVersion: '2025-11-25',
      capabilities,
      clientInfo: { name: 'raw-peer', version: '1.0.0' },
    });
    peer.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await peer.ask('logging/setLevel', { level: 'warning' });
    await peer.ask('resources/subscribe', { uri: NOTE });
    await askEverything(peer, {});
    const answer = peer.ask('tools/call', { name: 'ask_roots', arguments: {} });
    const { id } = await peer.find(({ method }) => method === 'roots/list');
    peer.send({ jsonrpc: '2.0', id, result: { roots: [] } });
    expect(textOf((await answer)['result'])).toBe('{"roots":{"roots":[]}}');
  });

  it('features-v2 does so in the modern era, and asks in rounds with a state', async () => {
    const peer = open('features-v2', '--modern-only');
    const notifications = {
      toolsListChanged: true,
      promptsListChanged: true,
      resourcesListChanged: true,
      resourceSubscriptions: [NOTE],
    };
    peer.send({ jsonrpc: '2.0', id: 'sub', method: 'subscriptions/listen', params: { notifications, _meta: meta } });
    await askEverything(peer, { _meta: meta });
    const params = { name: 'ask_thrice', arguments: {}, _meta: meta };
    const inputResponses = { name: { action: 'accept', content: { name: 'Ann' } } };
    let answer = await result(peer, 'tools/call', params);
    for (let round = 0; round < 3; round++) {
      expect(answer).toMatchObject({ resultType: 'input_required', inputRequests: { name: {} } });
      const { requestState } = answer;
      expect(requestState).toContain(`round ${round}`);
      answer = await result(peer, 'tools/call', { ...params, inputResponses, requestState });
    }
    expect(answer).toMatchObject({ resultType: 'complete' });
  });
});
