import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { endProxies, finish, isGone } from '../transparency/driver.ts';
import { run } from '../driver.ts';
import { expectHonest } from './expect-honest.ts';
import { ENVELOPE, Peer } from './peer.ts';

afterEach(endProxies);

describe('a legacy client whose server dies', () => {
  it('is answered at once with how the server ended, and goes on with the next process as if nothing had been', async () => {
    const peer = new Peer(['--restart']);
    await peer.initialize();
    await peer.ask('tools/list', {});
    await peer.ask('logging/setLevel', { level: 'warning' });
    await peer.ask('resources/subscribe', { uri: 'file:///a.txt' });
    const pid = Number(await peer.call('pid'));

    const { error } = await peer.ask('tools/call', { name: 'crash', arguments: {} });
    expect(error?.code).toBe(-32603);
    expect(error?.message).toContain(
      "ended (exit code 3) before it answered tools/call; its last words: KeyError: 'temperature'",
    );
    expect(error?.data).toEqual({
      exitCode: 3,
      signal: null,
      uptimeMs: expect.any(Number),
      stderr: "KeyError: 'temperature'",
      method: 'tools/call',
      pid,
    });
    // The new process has one tool more.
    expect(await peer.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    expect(await peer.call('start')).toBe('2');

    const ours = expect.stringMatching(/^mcp-dbg-/);
    expect(await peer.readBy(2, 'tools/call')).toMatchObject([
      { id: ours, method: 'initialize', params: { protocolVersion: '2025-06-18', clientInfo: { name: 'raw' } } },
      { method: 'notifications/initialized' },
      { id: ours, method: 'logging/setLevel', params: { level: 'warning' } },
      { id: ours, method: 'resources/subscribe', params: { uri: 'file:///a.txt' } },
      { id: ours, method: 'tools/list' },
      { id: 7, method: 'tools/call', params: { name: 'start' } },
    ]);
    await peer.end();
    const stats = JSON.parse((await run(['stats', peer.capture, '--json'])).stdout) as { methods: readonly object[] };
    expect(stats, 'the handshake with the new process is none of the client').toMatchObject({ own: 6 });
    expect(stats.methods).toContainEqual(expect.objectContaining({ name: 'initialize', calls: 1 }));
    expect(isGone(pid), 'the dead process left nothing').toBe(true);
    await expectHonest(peer);
  });

  it('is not asked what a dead process wanted to know, and its late answer reaches nobody', async () => {
    const peer = new Peer(['--restart']);
    await peer.initialize();
    await peer.send({ id: 'a', method: 'tools/call', params: { name: 'ask', arguments: {} } });
    expect(await peer.next()).toMatchObject({ id: 1, method: 'roots/list' });
    await peer.send({ id: 'b', method: 'tools/call', params: { name: 'crash', arguments: {} } });
    expect(await peer.next()).toMatchObject({ id: 'a', error: { data: { exitCode: 3 } } });
    expect(await peer.next()).toMatchObject({ id: 'b', error: { data: { exitCode: 3 } } });
    expect(await peer.next()).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 1 } });

    // The next process uses the same id, before the client has given up the first.
    await peer.send({ id: 'c', method: 'tools/call', params: { name: 'ask', arguments: {} } });
    const again = await peer.next();
    expect(again.method).toBe('roots/list');
    expect(again.id, 'an id that the client may still answer is not used again').not.toBe(1);
    await peer.send({ id: 1, result: { roots: [{ uri: 'file:///late' }] } });
    await peer.send({ id: again.id, result: { roots: [{ uri: 'file:///right' }] } });
    expect(await peer.next()).toMatchObject({ id: 'c', result: { content: [{ text: 'file:///right' }] } });
    await peer.end();
  });

  it('never sees half a line of a process that died, nor anything twice', async () => {
    const peer = new Peer(['--restart']);
    await peer.initialize();
    expect(await peer.ask('tools/call', { name: 'half', arguments: {} })).toMatchObject({
      error: { data: { exitCode: 0, stderr: null } },
    });
    expect(await peer.call('start')).toBe('2');
    await peer.end();
    expect(peer.lines.text, 'nothing more came').toBe('');
    await expectHonest(peer);
  });

  it('opens the connection with the next process where the first died over it', async () => {
    const peer = new Peer(['--restart'], (folder) => [...DIES_FIRST, join(folder, 'first')]);
    await peer.initialize();
    expect(await peer.call('start')).toBe('1');
    await peer.end();
  });
});

describe('a client whose answer does not get through, by a fault that ends the server', () => {
  it.each([
    ['truncate=30b,kill', 'what was let through of it'],
    ['drop,kill', undefined],
    ['id=bogus,exit=3', 'an answer to nothing'],
  ])('%s: is answered when the server has died, and can read the next answer', async (actions, first) => {
    const peer = new Peer(['--restart', '--fault', `method:tools/call :: ${actions} side=res when=1`]);
    await peer.initialize();
    await peer.send({ id: 'cut', method: 'tools/call', params: { name: 'start', arguments: {} } });
    if (first !== undefined) await peer.lines.next();
    expect(await peer.next()).toMatchObject({
      id: 'cut',
      error: { message: expect.stringContaining('on purpose'), data: { method: 'tools/call' } },
    });
    expect(await peer.call('start')).toBe('2');
    await peer.end();
  });

  it.each([
    ['truncate=30b side=res', true],
    ['drop side=res', false],
    ['drop side=req', false],
  ])('%s: is answered when the server dies later, as is what was spoiled by it', async (rule, spoilsNext) => {
    const peer = new Peer(['--restart', '--fault', `method:tools/call :: ${rule} when=1`]);
    await peer.initialize();
    await peer.send({ id: 'cut', method: 'tools/call', params: { name: 'start', arguments: {} } });
    await peer.send({ id: 'next', method: 'tools/call', params: { name: 'start', arguments: {} } });
    // The answer to the second: on a line of its own, or behind what was let through of the first.
    await peer.lines.next();
    await peer.send({ id: 'b', method: 'tools/call', params: { name: 'crash', arguments: {} } });
    const lost = { data: { exitCode: 3, method: 'tools/call' } };
    expect(await peer.next()).toMatchObject({ id: 'b', error: lost });
    expect(await peer.next()).toMatchObject({ id: 'cut', error: lost });
    if (spoilsNext) expect(await peer.next()).toMatchObject({ id: 'next', error: lost });
    expect(await peer.call('start')).toBe('2');
    await peer.end();
  });

  it('kill: is told that it was a fault, and so is a model that asks what went wrong', async () => {
    const peer = new Peer(['--tools', '--fault', 'tool:start :: kill when=1']);
    await peer.initialize();
    const { error } = await peer.ask('tools/call', { name: 'start', arguments: {} });
    expect(error?.message).toContain(
      'ended (signal SIGKILL, by a fault made on purpose) before it answered tools/call',
    );
    expect(await peer.call('start')).toBe('2');
    const errors = await peer.call('mcpdbg_last_errors');
    expect(errors).toContain('was ended by mcp-dbg, by the fault kill=SIGKILL (signal SIGKILL)');
    expect(JSON.parse(await peer.call('mcpdbg_stats')), 'crashes of the server by itself').toMatchObject({
      server: { crashes: 0 },
    });
    await peer.end();
  });

  it('glue,kill: has its answer once the line has an end, and no other', async () => {
    const peer = new Peer(['--restart', '--fault', 'method:tools/call :: glue,kill side=res when=1']);
    await peer.initialize();
    expect(await peer.call('start')).toBe('1');
    expect(await peer.call('start')).toBe('2');
    await peer.end();
  });

  it('eof=server: the end of what the server writes is its death, not that of the connection', async () => {
    const peer = new Peer(['--restart', '--fault', 'method:tools/call :: eof=server when=1']);
    await peer.initialize();
    await peer.call('never-there');
    expect(await peer.call('start')).toBe('2');
    await peer.end();
  });
});

describe('what a peer writes is too deep to be looked into', () => {
  it('and is passed on all the same; the connection stays', async () => {
    const deep = `${'{"properties":{"a":'.repeat(4000)}{}${'}}'.repeat(4000)}`;
    const script = `
      const say = (text) => process.stdout.write(text + '\\n');
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method } = JSON.parse(line);
        if (method === 'initialize') say('{"jsonrpc":"2.0","id":' + JSON.stringify(id) + ',"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"deep","version":"1"}}}');
        if (method === 'tools/list') say('{"jsonrpc":"2.0","id":' + JSON.stringify(id) + ',"result":{"tools":[{"name":"deep","inputSchema":${deep}}]}}');
        if (method === 'tools/call') process.exit(4);
      });`;
    const peer = new Peer(['--restart', '--tools', '--hold', 'method:none', '--fault', 'method:none :: drop'], () => [
      process.execPath,
      '-e',
      script,
    ]);
    await peer.initialize();
    expect(await peer.ask('tools/list', {})).toMatchObject({ result: { tools: [{ name: 'deep' }, {}, {}, {}] } });
    expect((await peer.ask('tools/call', { name: 'deep', arguments: {} })).error?.data).toMatchObject({ exitCode: 4 });
    expect(await peer.ask('tools/list', {})).toMatchObject({ result: { tools: [{ name: 'deep' }, {}, {}, {}] } });
    await peer.end();
  });
});

describe('a client whose requests are passed on in drips', () => {
  it('is answered for what the dead process had, and the next one begins with the handshake, line by line', async () => {
    const peer = new Peer(['--restart', '--fault', ':: drip=40b/1ms side=req']);
    await peer.initialize();
    expect((await peer.ask('tools/call', { name: 'crash', arguments: {} })).error?.data).toMatchObject({ exitCode: 3 });
    expect(await peer.call('start')).toBe('2');
    expect((await peer.readBy(2, 'tools/call')).map(({ method }) => method)).toEqual([
      'initialize',
      'notifications/initialized',
      'tools/call',
    ]);
    await peer.end();
  });
});

describe('a modern client whose server dies', () => {
  it('keeps its stream of news, which the next process is asked for, and hears through it of new tools', async () => {
    const peer = new Peer(['--restart']);
    await peer.ask('server/discover', { _meta: ENVELOPE });
    await peer.ask('tools/list', { _meta: ENVELOPE });
    const notifications = { toolsListChanged: true };
    await peer.send({ id: 'news', method: 'subscriptions/listen', params: { notifications, _meta: ENVELOPE } });
    expect(await peer.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' });

    const { error } = await peer.ask('tools/call', { name: 'crash', arguments: {}, _meta: ENVELOPE });
    expect(error).toMatchObject({ code: -32603, data: { exitCode: 3, method: 'tools/call' } });
    expect(await peer.next(), 'told through its stream, which it need not open anew').toMatchObject({
      method: 'notifications/tools/list_changed',
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'news' } },
    });
    expect(await peer.call('newer', ENVELOPE)).toBe('newer');

    expect(await peer.readBy(2, 'tools/call')).toMatchObject([
      { id: expect.stringMatching(/^mcp-dbg-/), method: 'server/discover', params: { _meta: ENVELOPE } },
      { id: 'news', method: 'subscriptions/listen', params: { notifications } },
      { id: expect.stringMatching(/^mcp-dbg-/), method: 'tools/list', params: { _meta: ENVELOPE } },
      { id: 4, method: 'tools/call' },
    ]);
    await peer.end();
    await expectHonest(peer);
  });
});

describe('the end', () => {
  it("comes with the client: nothing is started after it, and its exit is the last process's", async () => {
    const peer = new Peer(['--restart']);
    await peer.initialize();
    await peer.call('crash');
    await peer.call('start');
    await finish(peer.run.stdin);
    expect(await peer.run.ended).toEqual({ code: 0, signal: null });
    const { stdout } = await run(['log', peer.capture, 'is:event', '--json']);
    expect(stdout.match(/"kind":"event"/g)?.length, stdout).toBeGreaterThan(2);
  });

  it('comes with the client, too, while a new process has not answered its handshake', async () => {
    const peer = new Peer(['--restart']);
    await peer.initialize();
    writeFileSync(join(peer.folder, 'silent'), '');
    await peer.call('crash');
    await peer.readBy(2, 'initialize');
    await peer.end();
    expect(await peer.run.ended).toEqual({ code: 0, signal: null });
  });

  it('comes with a signal for a server that ignores it, and no other is started', async () => {
    const peer = new Peer(['--restart', '--kill-after', '100', '--fault', 'method:tools/call :: hang-exit']);
    await peer.initialize();
    await peer.call('start');
    await finish(peer.run.stdin);
    process.kill(peer.run.pid, 'SIGTERM');
    expect(await peer.run.ended).toMatchObject({ signal: 'SIGKILL' });
    const { stdout } = await run(['log', peer.capture, 'is:event']);
    expect(stdout.match(/server started/g)).toHaveLength(1);
  });

  it('comes with a signal, while the server is down as well', async () => {
    const peer = new Peer(['--restart', '--announce']);
    await peer.initialize();
    writeFileSync(join(peer.folder, 'broken'), '');
    await peer.call('crash');
    process.kill(peer.run.pid, 'SIGTERM');
    expect(await peer.run.ended).toMatchObject({ signal: 'SIGTERM' });
  });

  it("is the plain proxy's where the first process cannot be started", async () => {
    const missing = await run(['proxy', '--restart', '--', '/nowhere/server']);
    expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining('/nowhere/server') });
  });
});

/** A server that dies when it has read a line, the first time it is started; then what follows. */
const DIES_FIRST = ['sh', '-c', 'if mkdir "$0" 2> /dev/null; then read line; exit 7; else exec "$@"; fi'];
