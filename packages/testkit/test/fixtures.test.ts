import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { example, fixture, fixtureNames, waitFor } from '../src/index.ts';
import { open, request, textOf, toolsOf } from './fixture-peer.ts';
import { schemaProblem } from './published-schemas.ts';
import { endPeers, envelope } from './raw-peer.ts';
import type { Message } from './raw-peer.ts';

const folder = mkdtempSync(join(tmpdir(), 'fixtures-'));

afterAll(async () => {
  await endPeers();
  rmSync(folder, { recursive: true });
});

it('has a name for every fixture server and every example server', () => {
  const scripts = readdirSync(fileURLToPath(new URL('../servers', import.meta.url)));
  const named = fixtureNames.map((name) => fixture(name).split('/').at(-1));
  expect(named.toSorted()).toEqual(scripts.filter((script) => /^[^_].*\.(mjs|py)$/.test(script)).toSorted());
  for (const name of ['bookmarks', 'bookmarks-node', 'broken-server', 'weather'] as const) {
    expect(existsSync(example(name))).toBe(true);
  }
});

it('waitFor names what it waited for in vain', async () => {
  await expect(waitFor(() => false, 'the impossible', 1)).rejects.toThrow('the impossible');
});

describe.concurrent('the good tools', () => {
  it('answer in the modern era as published', async () => {
    const peer = open('echo');
    expect(schemaProblem('2026-07-28', 'DiscoverResult', (await peer.modern('server/discover'))['result'])).toBe('');
    const listed = await peer.modern('tools/list');
    expect(schemaProblem('2026-07-28', 'ListToolsResult', listed['result'])).toBe('');
    const readOnly = toolsOf(listed).filter((tool) => (tool['annotations'] as Message | undefined)?.['readOnlyHint']);
    expect(readOnly.map((tool) => tool['name'])).toEqual(['echo', 'add', 'pid']);
    expect(textOf(await peer.call('echo', { text: 'hé' }))).toBe('hé');
    expect(textOf(await peer.call('add', { a: 2, b: 3 }))).toBe('5');
    expect(textOf(await peer.call('pid'))).toBe(String(peer.pid));
    expect(textOf(await peer.call('big', { bytes: 100_000 }))).toHaveLength(100_000);
    const image = await peer.call('image');
    expect(schemaProblem('2026-07-28', 'CallToolResult', image)).toBe('');
    expect(image).toMatchObject({ content: [{}, { type: 'image' }] });
    peer.end();
    expect(await peer.exit).toEqual({ code: 0, signal: null });
  });

  it('answer in the legacy era as published', async () => {
    const peer = open('legacy-only');
    expect((await peer.modern('server/discover'))['error']).toMatchObject({ code: -32601 });
    expect(schemaProblem('2025-06-18', 'InitializeResult', (await peer.initialize('2025-06-18'))['result'])).toBe('');
    const called = await peer.ask('tools/call', { name: 'add', arguments: { a: 'x' } });
    expect(called['result']).toEqual({ content: [{ type: 'text', text: 'a and b must be numbers' }], isError: true });
  });

  it('count each side effect in a file, and give no answer to a cancelled call', async () => {
    const file = join(folder, 'counted');
    const peer = open('echo', file);
    await peer.call('counter', { label: 'a' });
    await peer.call('counter', { label: 'b' });
    expect(readFileSync(file, 'utf8')).toBe(`"a" ${peer.pid}\n"b" ${peer.pid}\n`);
    peer.send(request(100, 'slow', { ms: 30_000 }));
    peer.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 100 } });
    expect(textOf(await peer.call('slow', { ms: 1 }))).toBe('waited 1 ms');
    expect(peer.messages.filter(({ id }) => id === 100)).toEqual([]);
  });
});

describe.concurrent('fixtures of the opening', () => {
  it('modern-only refuses initialize and names its version', async () => {
    const answer = await open('modern-only').initialize('2025-11-25');
    expect(answer['error']).toMatchObject({
      code: -32022,
      data: { supported: ['2026-07-28'], requested: '2025-11-25' },
    });
  });

  it('exits-on-probe exits only when the probe comes first', async () => {
    const probed = open('exits-on-probe');
    probed.send({ jsonrpc: '2.0', id: 0, method: 'server/discover', params: { _meta: envelope } });
    expect(await probed.exit).toEqual({ code: 1, signal: null });
    const peer = open('exits-on-probe');
    await peer.initialize('2025-11-25');
    expect((await peer.modern('server/discover'))['error']).toMatchObject({ code: -32601 });
  });

  it('silent-on-probe answers everything but the probe', async () => {
    const peer = open('silent-on-probe');
    peer.send({ jsonrpc: '2.0', id: 'probe', method: 'server/discover', params: { _meta: envelope } });
    expect((await peer.initialize('2025-11-25'))['result']).toMatchObject({ protocolVersion: '2025-11-25' });
    expect(peer.messages).toHaveLength(1);
  });

  it('late-modern answers the probe after the next message, which it refuses', async () => {
    const peer = open('late-modern');
    peer.send({ jsonrpc: '2.0', id: 'probe', method: 'server/discover', params: { _meta: envelope } });
    expect((await peer.initialize('2025-11-25'))['error']).toMatchObject({ code: -32022 });
    expect(peer.messages.map(({ id }) => id)).toEqual(['probe', 0]);
    expect(textOf(await peer.call('echo', { text: 'x' }))).toBe('x');
  });
});

describe.concurrent('fixtures on the real SDKs', () => {
  it.each([['sdk-v1'], ['sdk-v2']] as const)('%s serves the legacy era', async (name) => {
    const peer = open(name);
    await peer.initialize('2025-11-25');
    const called = await peer.ask('tools/call', { name: 'add', arguments: { a: 1, b: 2 } });
    expect(textOf(called['result'])).toBe('3');
    await peer.ask('tools/call', { name: 'add_tool' });
    await peer.find(({ method }) => method === 'notifications/tools/list_changed');
    expect(toolsOf(await peer.ask('tools/list')).map((tool) => tool['name'])).toContain('later');
  });

  it('sdk-v2 serves the modern era, and refuses the legacy one when told to', async () => {
    const peer = open('sdk-v2', '--modern-only');
    expect((await peer.initialize('2025-11-25'))['error']).toMatchObject({ code: -32022 });
    expect(textOf(await peer.call('echo', { text: 'x' }))).toBe('x');
    peer.send(request(50, 'crash'));
    expect(await peer.exit).toEqual({ code: 3, signal: null });
  });
});
