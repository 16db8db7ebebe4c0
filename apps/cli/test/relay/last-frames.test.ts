import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import { afterEach, describe, expect, it } from 'vitest';

import { run } from '../driver.ts';
import { endProxies } from '../transparency/driver.ts';
import { expectHonest } from './expect-honest.ts';
import { Peer } from './peer.ts';

afterEach(endProxies);

describe('a client whose server dies with its last words', () => {
  it.each([
    ['--restart', true],
    ['--tools', false],
  ])('%s: has the last answer of a process that died before it ended the line, and no other', async (flag, goesOn) => {
    const peer = new Peer([flag]);
    await peer.initialize();
    expect(await peer.call('unended')).toBe('all of it');
    if (goesOn) expect(await peer.call('start')).toBe('2');
    await peer.end();
    expect(peer.lines.text, 'nothing more came').toBe('');
    await expectHonest(peer);
    const { stdout } = await run(['log', peer.capture, 'is:request tool:unended', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', answerBy: 'mcp-dbg' });
    const told = await run(['log', peer.capture, 'is:event']);
    expect(told.stdout).toContain('a newline was added');
  });
});

describe('a client whose answers are passed on late', () => {
  it.each([
    ['in drips', '--restart', '--fault', 'tool:last :: drip=10b/2s side=res'],
    ['in drips that nothing follows', '--tools', '--fault', 'tool:last :: drip=10b/2s side=res'],
    ['behind a delay', '--restart', '--fault', 'tool:last :: delay=20s side=res'],
    ['when somebody decides', '--restart', '--hold-for', '20', '--hold', 'tool:last result.content[0].type=text'],
  ])('%s: has the whole of the last one when its server is gone, and so has the capture', async (_how, ...own) => {
    const peer = new Peer(own);
    await peer.initialize();
    expect(await peer.call('last')).toBe('all of it');
    if (own[0] === '--restart') expect(await peer.call('start')).toBe('2');
    await peer.end();
    const { stdout } = await run(['log', peer.capture, 'is:request tool:last', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' });
    await expectHonest(peer);
  });
});

describe('a client that asks while no process will start', () => {
  it('is answered, and its request stands in the capture with the answer', async () => {
    const peer = new Peer(['--restart']);
    await peer.initialize();
    writeFileSync(join(peer.folder, 'broken'), '');
    await peer.call('crash');
    expect(await peer.ask('tools/call', { name: 'start', arguments: {} })).toMatchObject({
      error: { message: expect.stringContaining('failed to start again and again') },
    });
    await peer.end();
    await expectHonest(peer);
    const { stdout } = await run(['log', peer.capture, 'is:request tool:start', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'error', answerBy: 'mcp-dbg' });
  });
});

describe('a client of whose request a server that dies has half', () => {
  it('is answered, and not blamed for the half line that a fault cut off', async () => {
    const peer = new Peer(['--restart', '--fault', 'tool:start :: drip=40b/9s side=req']);
    await peer.initialize();
    const pid = Number(await peer.call('pid'));
    await peer.send({ id: 'half', method: 'tools/call', params: { name: 'start', arguments: {} } });
    await waitFor(() => readFileSync(peer.capture, 'utf8').includes('"action":"drip'), 'the first piece');
    process.kill(pid, 'SIGKILL');
    expect(await peer.next()).toMatchObject({ id: 'half', error: { data: { signal: 'SIGKILL' } } });
    await peer.end();
    const { stdout } = await run(['lint', peer.capture, '--json']);
    expect(stdout).not.toContain('"from":"client"');
  });
});
