import { afterAll, describe, expect, it } from 'vitest';
import { open, textOf, toolsOf } from './fixture-peer.ts';
import { schemaProblem, schemasAreHere } from './published-schemas.ts';
import { endPeers, envelope } from './raw-peer.ts';
import type { Message } from './raw-peer.ts';

afterAll(endPeers);

describe.concurrent('fixtures of tools', () => {
  it('list-changes tells of new and removed tools in the way of each era', async () => {
    const peer = open('list-changes');
    peer.send({
      jsonrpc: '2.0',
      id: 'listen',
      method: 'subscriptions/listen',
      params: { notifications: { toolsListChanged: true }, _meta: envelope },
    });
    const acknowledged = await peer.find(({ method }) => method === 'notifications/subscriptions/acknowledged');
    expect(schemaProblem('2026-07-28', 'SubscriptionsAcknowledgedNotification', acknowledged)).toBe('');
    await peer.call('add_tool', { name: 'new_one' });
    const changed = await peer.find(({ method }) => method === 'notifications/tools/list_changed');
    expect(changed['params']).toEqual({ _meta: { 'io.modelcontextprotocol/subscriptionId': 'listen' } });
    expect(textOf(await peer.call('new_one'))).toBe('new_one');

    const legacy = open('list-changes');
    expect((await legacy.initialize('2025-11-25'))['result']).toMatchObject({
      capabilities: { tools: { listChanged: true } },
    });
    await legacy.ask('tools/call', { name: 'remove_tool', arguments: { name: 'pid' } });
    expect(legacy.messages.filter(({ method }) => method !== undefined)).toEqual([
      { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
    ]);
    expect(toolsOf(await legacy.ask('tools/list')).map(({ name }) => name)).not.toContain('pid');
  });

  it('paginated lists seven tools on three pages and refuses a cursor it never gave', async () => {
    const peer = open('paginated');
    const names: unknown[] = [];
    for (let cursor: unknown = undefined, page = 0; page < 3; page += 1) {
      const answer = await peer.modern('tools/list', cursor === undefined ? {} : { cursor });
      names.push(...toolsOf(answer).map(({ name }) => name));
      cursor = (answer['result'] as Message)['nextCursor'];
      expect(cursor === undefined).toBe(page === 2);
    }
    expect(names).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `tool_${n}`));
    expect((await peer.modern('tools/list', { cursor: 'guess' }))['error']).toMatchObject({ code: -32602 });
  });

  it('bad-tools lists every kind of tool that a client or an API may refuse', async () => {
    const peer = open('bad-tools');
    const tools = toolsOf(await peer.modern('tools/list'));
    const names = tools.map(({ name }) => String(name));
    expect(tools.find(({ name }) => name === 'no_schema')).not.toHaveProperty('inputSchema');
    expect(names.filter((name) => name.length === 128)).toHaveLength(2);
    expect(names).toEqual(expect.arrayContaining(['files.read', 'files_read']));
    for (const name of names) expect(textOf(await peer.call(name))).toBe(name);
  });

  it('hostile-text puts control characters everywhere', async () => {
    const peer = open('hostile-text');
    const answers = [await peer.modern('server/discover'), await peer.modern('tools/list')];
    for (const name of ['result', 'tool_error', 'protocol_error', 'notification']) {
      answers.push(await peer.modern('tools/call', { name }));
    }
    answers.push(await peer.find(({ method }) => method === 'notifications/message'));
    expect(answers.filter((answer) => JSON.stringify(answer).includes('\\u001b[31mPWNED'))).toHaveLength(7);
    await peer.until(() => peer.stderr.includes('\u001B[2J'), 'hostile stderr');
  });

  it('progress tells of each step when it is asked to, and then answers', async () => {
    const peer = open('progress');
    const meta = { ...envelope, progressToken: 'p' };
    await peer.ask('tools/call', { name: 'work', arguments: { steps: 2 }, _meta: meta });
    await peer.call('work', { steps: 2 });
    const steps = peer.messages.filter(({ method }) => method === 'notifications/progress');
    expect(steps.map((step) => schemaProblem('2026-07-28', 'ProgressNotification', step))).toEqual(['', '']);
    expect(peer.messages.map(({ method }) => method ?? 'answer')).toEqual([
      'notifications/progress',
      'notifications/progress',
      'answer',
      'answer',
    ]);
  });

  it('tool-errors ends calls in every way', async () => {
    const peer = open('tool-errors');
    const names = toolsOf(await peer.modern('tools/list')).map(({ name }) => String(name));
    const broken: string[] = [];
    for (const name of names) {
      const { result, error } = await peer.modern('tools/call', { name });
      expect(error === undefined, name).toBe(name !== 'rpc_error');
      if (schemaProblem('2026-07-28', 'CallToolResult', result ?? { content: [], resultType: 'complete' }) !== '') {
        broken.push(name);
      }
    }
    expect(broken).toEqual(schemasAreHere ? ['bad_image', 'unknown_kind', 'no_content'] : []);
    expect(await peer.call('is_error')).toMatchObject({ isError: true });
  });
});
