import { readFileSync } from 'node:fs';

import { waitFor } from '@mcp-dbg/testkit';
import { afterEach, describe, expect, it } from 'vitest';

import { run } from '../driver.ts';
import { endProxies, startProxy, written } from '../transparency/driver.ts';
import { Peer } from './peer.ts';

afterEach(endProxies);

/**
 * Lists its tools in two pages, and from its second process on answers for the first when the beginning of a line has
 * reached it: then whoever asks for the next page does so while that line comes.
 */
const TWO_PAGES = `
  const { existsSync, writeFileSync, appendFileSync, readdirSync } = require('node:fs');
  const folder = process.argv[1];
  const start = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length + 1;
  const file = folder + '/' + start + '.jsonl';
  appendFileSync(file, '');
  const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  const page = (id) => say(id, { tools: [{ name: 'start', inputSchema: { type: 'object' } }], nextCursor: 'more' });
  let line = '';
  let listing;
  const read = (text) => {
    appendFileSync(file, text + '\\n');
    const { id, method, params } = JSON.parse(text);
    if (method === 'initialize') say(id, { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'pages', version: '1' } });
    if (method === 'tools/list' && params?.cursor) say(id, { tools: [{ name: 'slow', inputSchema: { type: 'object' } }] });
    else if (method === 'tools/list' && start > 1) listing = id;
    else if (method === 'tools/list') page(id);
    if (method === 'tools/call' && params.name === 'crash') process.exit(3);
    if (method === 'tools/call') say(id, { content: [{ type: 'text', text: String(start) }] });
  };
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    const lines = (line + chunk).split('\\n');
    line = lines.pop();
    lines.forEach(read);
    if (line === '' || listing === undefined) return;
    page(listing);
    listing = undefined;
  });`;

describe('a request that reaches a new process in drips', () => {
  it('is read as one line, though the relay asks that process for its lists meanwhile', async () => {
    const peer = new Peer(
      ['--restart', '--fault', 'method:tools/call tool:slow :: drip=4b/30ms side=req'],
      (folder) => [process.execPath, '-e', TWO_PAGES, folder],
    );
    await peer.initialize();
    await peer.ask('tools/list', {});
    await peer.ask('tools/list', { cursor: 'more' });
    expect((await peer.ask('tools/call', { name: 'crash', arguments: {} })).error?.data).toMatchObject({ exitCode: 3 });
    expect(await peer.call('start')).toBe('2');
    expect(await peer.call('slow')).toBe('2');
    expect(await peer.call('start')).toBe('2');
    expect((await peer.readBy(2, 'tools/call')).slice(-3)).toMatchObject([
      { method: 'tools/call', params: { name: 'slow' } },
      { id: expect.stringMatching(/^mcp-dbg-/), method: 'tools/list', params: { cursor: 'more' } },
      { method: 'tools/call', params: { name: 'start' } },
    ]);
    await peer.end();
  });
});

/** Answers the handshake with its first argument, and closes its stdin when the beginning of one more line has come. */
const CLOSES_STDIN = 'read -r a; printf "%s\\n" "$0"; read -r b; head -c 20 >/dev/null; exec 0<&-; exec sleep 600';

it('a line that a server takes no more of is not mixed on record with what the client wrote behind it', async () => {
  const result = { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'closes', version: '1' } };
  const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result });
  const peer = new Peer(['--fault', 'method:tools/call :: drip=40b/20ms side=req'], () => [
    'sh',
    '-c',
    CLOSES_STDIN,
    answer,
  ]);
  await peer.initialize();
  await peer.send({ id: 'a', method: 'tools/call', params: { name: 'x', arguments: {}, padding: 'p'.repeat(200) } });
  await peer.send({ id: 'b', method: 'tools/list' });
  await waitFor(
    () => readFileSync(peer.capture, 'utf8').includes('had closed its stdin'),
    'word of what did not reach it',
  );
  process.kill(peer.run.pid, 'SIGTERM');
  await peer.run.ended;
  const { stdout } = await run(['lint', peer.capture, '--json']);
  const { findings } = JSON.parse(stdout) as { findings: readonly { rule: string }[] };
  expect(findings.map(({ rule }) => rule)).not.toContain('stdio/interleaved');
});

describe('a server that is killed while a line is passed on in drips', () => {
  const call = (id: string, name: string): Readonly<Record<string, unknown>> => ({
    id,
    method: 'tools/call',
    params: { name, arguments: {} },
  });
  const lost = { data: { signal: 'SIGKILL', method: 'tools/call' } };
  const slow = 'tool:start :: drip=1b/1s when=1';

  it('has the beginning of a request, which is answered in its place; what waited behind it is for the next process', async () => {
    const peer = new Peer(['--restart', '--fault', `${slow} side=req`, '--fault', 'tool:never :: kill after=50ms']);
    await peer.initialize();
    const cancelled = { method: 'notifications/cancelled', params: { requestId: 'c' } };
    const lines = [call('a', 'never'), call('b', 'start'), call('c', 'pid'), call('d', 'pid'), cancelled];
    // In one write: the drip has begun when the server is killed.
    await written(peer.run.stdin, lines.map((each) => `${JSON.stringify({ jsonrpc: '2.0', ...each })}\n`).join(''));
    expect(await peer.next()).toMatchObject({ id: 'a', error: lost });
    expect(await peer.next()).toMatchObject({ id: 'b', error: lost });
    expect(await peer.next()).toMatchObject({ id: 'd', result: {} });
    expect((await peer.readBy(2, 'tools/call')).map(({ id, method }) => [id, method])).toEqual([
      [expect.stringMatching(/^mcp-dbg-/), 'initialize'],
      [undefined, 'notifications/initialized'],
      ['d', 'tools/call'],
    ]);
    await peer.end();
  });

  it('has said the rest of an answer, and what is answered in its place stands behind that', async () => {
    const peer = new Peer(['--restart', '--fault', `${slow} side=res`]);
    await peer.initialize();
    const pid = Number(await peer.call('pid'));
    await peer.send(call('a', 'never'));
    await peer.send(call('b', 'start'));
    await waitFor(() => peer.lines.text !== '', 'the beginning of the answer');
    process.kill(pid, 'SIGKILL');
    expect(await peer.next()).toMatchObject({ id: 'b', result: { content: [{ text: '1' }] } });
    expect(await peer.next()).toMatchObject({ id: 'a', error: lost });
    expect(await peer.call('start')).toBe('2');
    await peer.end();
  });
});

describe('a server that dies in the middle of a line that is too long to be held', () => {
  it('leaves a client that can read what is answered in its place', async () => {
    const script = `
      const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method } = JSON.parse(line);
        if (method === 'initialize') say(id, { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'long', version: '1' } });
        if (method === 'tools/call') process.stdout.write(Buffer.alloc(${LONG}, 'x'), () => process.exit(3));
      });`;
    const proxy = startProxy([process.execPath, '-e', script], { own: ['--restart', '--no-capture'] });
    let bytes = 0;
    let tail = '';
    proxy.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      tail = (tail + chunk.subarray(-2000).toString('latin1')).slice(-2000);
    });
    const say = (message: object): unknown => proxy.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1.0.0' } };
    say({ id: 1, method: 'initialize', params });
    await waitFor(() => tail.endsWith('\n'), 'the answer to the handshake');
    say({ id: 2, method: 'tools/call', params: { name: 'any' } });
    await waitFor(() => bytes > 1000 && tail.endsWith('}\n'), 'the answer to the call', 60_000);
    expect(bytes).toBeGreaterThan(256 * 1024 * 1024);
    expect(JSON.parse(tail.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      id: 2,
      error: { data: { exitCode: 3 } },
    });
    proxy.stdin.end();
    await proxy.ended;
  });
});

/** More bytes than a relay holds of one line (256 MB). */
const LONG = 257 * 1024 * 1024;
