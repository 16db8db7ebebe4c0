import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { type FixtureName, fixture } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { type Running, jsonLines, run, scratch, start } from '../driver.ts';
import { call, notice, recorded, rpc, said } from './recorded.ts';

interface Recorded {
  readonly proxy: Running;
  readonly path: string;
  /** Sends a message, as the client of the proxy. */
  send(message: object): void;
}

/** A proxy that records what its client and its server say, from its first word on. */
async function recording(server: FixtureName): Promise<Recorded> {
  const path = join(mkdtempSync(join(scratch, 'live-')), 'live.mcpcap');
  const proxy = start(['proxy', '--log', path, '--', process.execPath, fixture(server)]);
  await proxy.until(() => existsSync(path), 'the capture');
  return { proxy, path, send: (message) => proxy.write(`${JSON.stringify(message)}\n`) };
}

function open({ send }: Recorded): void {
  send(
    rpc(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } }),
  );
  send(notice('notifications/initialized'));
}

describe.concurrent('log -f', () => {
  it('shows what happens while it happens, and ends with the proxy', async () => {
    const live = await recording('echo');
    open(live);
    // An answer that comes late is a line of its own; this one is there.
    await live.proxy.saw('"id":1');
    const log = start(['log', '-f', live.path]);
    await log.saw('server started');
    await log.saw(/<-> .* initialize {2}handshake legacy 2025-06-18/);
    live.send(call(2, 'echo', { text: 'first' }));
    await log.saw(/tools\/call echo {2}\{"text":"first"\}/);
    expect(log.stdout).not.toContain('second');
    live.send(call(3, 'echo', { text: 'second' }));
    await log.saw('{"text":"second"}');
    live.proxy.child.stdin?.end();
    expect(await log.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(log.stdout).toMatch(/server exited, code 0\n.*capture closed\n$/);
    expect((await live.proxy.ended).code).toBe(0);
  });

  it('says what is wrong as soon as it is certain', async () => {
    const live = await recording('prints-banner');
    const log = start(['log', '-f', live.path]);
    await log.saw(/\(!\) .*stdio\/[a-z-]+.*#1\n/);
    live.proxy.child.stdin?.end();
    expect((await log.ended).code).toBe(0);
    await live.proxy.ended;
  });

  it('shows only what a filter lets through, and what is wrong with that', async () => {
    const live = await recording('prints-banner');
    const log = start(['log', '-f', live.path, 'method:tools/call or rule:stdio/*']);
    const other = start(['log', '-f', live.path, 'method:initialize']);
    open(live);
    live.send(call(2, 'echo', { text: 'first' }));
    await log.saw('tools/call echo');
    live.proxy.child.stdin?.end();
    const [shown, rest] = [await log.ended, await other.ended];
    expect(shown.stdout).not.toContain('initialize');
    expect(shown.stdout).not.toContain('capture closed');
    expect(shown.stdout).toMatch(/NOISE.*\n +\(!\) .*stdio\//);
    expect(rest.stdout).toMatch(/handshake/);
    expect(rest.stdout).not.toContain('stdio/');
    await live.proxy.ended;
  });

  it('gives JSON, a line each, as the log of the whole does afterwards', async () => {
    const live = await recording('echo');
    open(live);
    live.send(call(2, 'echo', { text: 'first' }));
    // What is answered late is told twice while it happens, and once afterwards.
    await live.proxy.saw('"id":2');
    const log = start(['log', '-f', '--json', live.path]);
    await log.saw('"tool":"echo"');
    live.proxy.child.stdin?.end();
    const followed = await log.ended;
    await live.proxy.ended;
    const whole = await run(['log', '--json', live.path]);
    const calls = (text: string): unknown => jsonLines(text).filter(({ method }) => method === 'tools/call');
    expect(calls(followed.stdout)).toEqual(calls(whole.stdout));
    expect(jsonLines(followed.stdout).at(-1)).toMatchObject({ kind: 'event' });
  });

  it('ends when the writer is killed, with all that it wrote', async () => {
    const live = await recording('echo');
    const log = start(['log', '-f', live.path]);
    open(live);
    await log.saw('handshake');
    live.proxy.child.kill('SIGKILL');
    expect(await log.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(log.stdout).not.toContain('capture closed');
    await live.proxy.ended;
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends at once at %s, as tail -f does, while the proxy goes on',
    async (signal) => {
      const live = await recording('echo');
      const log = start(['log', '-f', live.path]);
      live.send(rpc('waits', 'x/unknown'));
      await log.saw('server started');
      log.child.kill(signal);
      expect(await log.ended).toMatchObject({ code: null, signal, stderr: '' });
      expect(log.stdout).not.toContain('LOST');
      const again = start(['log', '-f', live.path]);
      await again.saw('server started');
      live.proxy.child.stdin?.end();
      expect((await again.ended).code).toBe(0);
      await live.proxy.ended;
    },
  );

  it('ends without a word when its reader goes away', async () => {
    const live = await recording('echo');
    const log = start(['log', '-f', live.path]);
    await log.saw('server started');
    log.child.stdout?.destroy();
    open(live);
    expect(await log.ended).toMatchObject({ code: 0, stderr: '' });
    live.proxy.child.stdin?.end();
    await live.proxy.ended;
  });

  it('reads a capture that ended, and standard input, to the end', async () => {
    const path = recorded((to) => {
      to.client(call(1, 'forecast'));
      to.server(said(1, 'sunny'));
    });
    const { stdout } = await run(['log', '-f', path]);
    expect(stdout).toMatch(/tools\/call forecast[^]*capture closed\n$/);
  });
});
