import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, afterAll, beforeEach, describe, expect, it } from 'vitest';
import { example } from '../src/index.ts';
import { revisions, schemaProblem, schemasAreHere } from './published-schemas.ts';
import { RawPeer, endPeers, envelope } from './raw-peer.ts';
import type { Message } from './raw-peer.ts';
import { withStockClients } from './stock-clients.ts';

const pythonIsHere = spawnSync('python3', ['--version']).status === 0;
const needsPython = ({ skip }: TestContext): void => {
  if (!pythonIsHere) skip('there is no python3');
};

const folder = mkdtempSync(join(tmpdir(), 'bookmarks-'));
const inMemory = { BOOKMARKS_DB: ':memory:' };
const python = { command: 'python3', args: [example('bookmarks')], env: inMemory };
const node = { command: process.execPath, args: [example('bookmarks-node')], env: {} };
const open = ({ command, args, env }: typeof python | typeof node): RawPeer => new RawPeer(command, args, { env });

afterAll(async () => {
  await endPeers();
  rmSync(folder, { recursive: true });
});

it('would notice a result that breaks the published schema', () => {
  const problem = schemaProblem('2026-07-28', 'CallToolResult', { content: [] });
  expect(problem).toMatch(schemasAreHere ? /resultType/ : /^$/);
});

const titles = (result: Message): string[] =>
  (result['structuredContent'] as { bookmarks: { title: string }[] }).bookmarks.map(({ title }) => title);

const servers = [
  ['on Node', node],
  ['in Python', python],
] as const;

describe.concurrent.each(servers)('the bookmarks example %s', (_name, server) => {
  beforeEach((context) => {
    if (server === python) needsPython(context);
  });

  it('saves a bookmark and finds it by a word and by its tag, as published for the modern revision', async () => {
    const peer = open(server);
    const discovered = (await peer.modern('server/discover'))['result'];
    expect(discovered).toMatchObject({ supportedVersions: ['2026-07-28'], resultType: 'complete' });
    expect(schemaProblem('2026-07-28', 'DiscoverResult', discovered)).toBe('');
    expect(schemaProblem('2026-07-28', 'ListToolsResult', (await peer.modern('tools/list'))['result'])).toBe('');
    const added = { url: 'https://python.org', title: 'Python Docs', tags: [' Python'] };
    const saved = await peer.call('add_bookmark', added);
    expect(saved['structuredContent']).toEqual({ ...added, id: 4, tags: ['python'] });
    expect(saved['_meta']).toEqual({ 'io.modelcontextprotocol/serverInfo': { name: 'bookmarks', version: '1.0.0' } });
    expect(schemaProblem('2026-07-28', 'CallToolResult', saved)).toBe('');
    expect(titles(await peer.call('search_bookmarks', { query: 'python DOCS' }))).toContain('Python Docs');
    expect(titles(await peer.call('list_bookmarks_by_tag', { tag: 'PYTHON' }))).toContain('Python Docs');
    expect(titles(await peer.call('list_bookmarks_by_tag', { tag: 'tutorial' }))).toEqual(['The Python Tutorial']);
    const tags = (await peer.call('list_tags'))['structuredContent'];
    expect(tags).toMatchObject({ tags: expect.arrayContaining([{ tag: 'python', bookmarks: 2 }]) });
  });

  it('keeps to the published schema of every legacy revision, and answers an unknown one with its newest', async () => {
    const peer = open(server);
    for (const revision of revisions.slice(0, -1)) {
      const opening = (await peer.initialize(revision))['result'];
      expect(opening).toMatchObject({ protocolVersion: revision });
      expect(schemaProblem(revision, 'InitializeResult', opening)).toBe('');
      expect(schemaProblem(revision, 'ListToolsResult', (await peer.ask('tools/list'))['result'])).toBe('');
      const called = await peer.ask('tools/call', { name: 'list_bookmarks_by_tag', arguments: { tag: 'mcp' } });
      expect(schemaProblem(revision, 'CallToolResult', called['result'])).toBe('');
      expect(called['result']).not.toHaveProperty('resultType');
      expect((await peer.ask('ping'))['result']).toEqual({});
    }
    expect((await peer.initialize('1999-01-01'))['result']).toMatchObject({ protocolVersion: '2025-11-25' });
  });

  it('takes a batch in the one revision that has them', async () => {
    const peer = open(server);
    const batch = [{ jsonrpc: '2.0', id: 'in a batch', method: 'ping' }];
    await peer.initialize('2025-11-25');
    peer.send(batch);
    expect((await peer.answerTo(null))['error']).toMatchObject({ code: -32600 });
    await peer.initialize('2025-03-26');
    peer.send(batch);
    expect(await peer.find(Array.isArray)).toEqual([{ jsonrpc: '2.0', id: 'in a batch', result: {} }]);
  });

  it('answers what it cannot read, and what it does not know, with the error for it', async () => {
    const unknown = { jsonrpc: '2.0', id: 'b', method: 'x/y', params: { _meta: envelope } };
    const cases: readonly (readonly [string | Uint8Array, string | null, number])[] = [
      ['{"jsonrpc":', null, -32700],
      [Buffer.from([0x22, 0xff, 0x22]), null, -32700],
      ['7', null, -32600],
      ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', null, -32600],
      ['{"jsonrpc":"2.0","id":"a","method":"tools/list"}', 'a', -32602],
      [JSON.stringify(unknown), 'b', -32601],
    ];
    const peer = open(server);
    for (const [line] of cases) {
      peer.write(line);
      peer.write('\n');
    }
    await peer.until(() => peer.messages.length === cases.length, 'an answer to every line');
    const answers = peer.messages.map(({ id, error }) => [id, (error as Message)['code']]);
    expect(answers).toEqual(cases.map(([, id, code]) => [id, code]));
  });

  it('refuses an unknown version or tool with an error, and wrong arguments with a result', async () => {
    const peer = open(server);
    const version = { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' };
    const refused = await peer.ask('tools/list', { _meta: { ...envelope, ...version } });
    expect(refused['error']).toMatchObject({
      code: -32022,
      data: { supported: ['2026-07-28'], requested: '2027-01-01' },
    });
    expect(schemaProblem('2026-07-28', 'UnsupportedProtocolVersionError', refused)).toBe('');
    expect((await peer.modern('tools/call', { name: 'nope' }))['error']).toMatchObject({ code: -32602 });
    const wrong = await peer.call('add_bookmark', { url: 1, tags: 'x', extra: true });
    const text =
      'add_bookmark failed: title is missing; url must be a string; tags must be a list of strings; extra is not an argument of this tool';
    expect(wrong).toMatchObject({ isError: true, content: [{ type: 'text', text }] });
    expect(await peer.call('add_bookmark', { url: 'ftp://x', title: 'x' })).toMatchObject({ isError: true });
    peer.end();
    expect(await peer.exit).toEqual({ code: 0, signal: null });
    await peer.closed;
    expect(peer.stderr).toMatch(/^bookmarks: ready, [^\n]+\n$/);
    expect(peer.noise).toEqual([]);
  });

  it('ends on SIGTERM with status 0', async () => {
    const peer = open(server);
    await peer.modern('server/discover');
    peer.kill('SIGTERM');
    expect(await peer.exit).toEqual({ code: 0, signal: null });
  });

  it('serves the stock clients of both SDKs', async () => {
    await withStockClients(server, async ({ modern, legacy }) => {
      expect(modern.getNegotiatedProtocolVersion()).toBe('2026-07-28');
      for (const client of [modern, legacy]) {
        expect((await client.listTools()).tools).toHaveLength(4);
        const found = await client.callTool({ name: 'search_bookmarks', arguments: { query: 'tutorial' } });
        expect(titles(found)).toEqual(['The Python Tutorial']);
      }
    });
  });
});

it('lists the same tools in Python and on Node', async (context) => {
  needsPython(context);
  const [left, right] = await Promise.all([python, node].map((server) => open(server).modern('tools/list')));
  expect(left).toEqual(right);
});

describe.concurrent('the database of the bookmarks example', () => {
  beforeEach(needsPython);

  it('keeps bookmarks from one process to the next, and puts the first three in only once', async () => {
    const env = { BOOKMARKS_DB: join(folder, 'a folder to make', 'kept.db') };
    const first = open({ ...python, env });
    await first.call('add_bookmark', { url: 'https://example.org', title: 'Kept' });
    first.kill('SIGKILL');
    await first.exit;
    expect(titles(await open({ ...python, env }).call('search_bookmarks', { query: '' }))).toHaveLength(4);
  });

  it('is filled once when two servers make it at the same moment', async () => {
    const env = { BOOKMARKS_DB: join(folder, 'shared.db') };
    const both = [open({ ...python, env }), open({ ...python, env })];
    const found = await Promise.all(both.map((peer) => peer.call('search_bookmarks', { query: '' })));
    expect(found.map((result) => titles(result).length)).toEqual([3, 3]);
  });

  it('says in one line why it cannot be opened', async () => {
    const peer = open({ ...python, env: { BOOKMARKS_DB: folder } });
    expect(await peer.exit).toEqual({ code: 1, signal: null });
    await peer.closed;
    expect(peer.stderr).toMatch(/^bookmarks: cannot open the database: [^\n]+set BOOKMARKS_DB[^\n]+\n$/);
  });
});
