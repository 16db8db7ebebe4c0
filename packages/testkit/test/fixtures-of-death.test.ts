import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { processIsAlive, waitFor } from '../src/index.ts';
import { open, request, textOf } from './fixture-peer.ts';
import { endPeers } from './raw-peer.ts';

const folder = mkdtempSync(join(tmpdir(), 'fixtures-'));

afterAll(async () => {
  await endPeers();
  rmSync(folder, { recursive: true });
});

describe.concurrent('fixtures of death', () => {
  it('dies-after-handshake answers first, and dies where it is told to', async () => {
    const listed = open('dies-after-handshake');
    await listed.initialize('2025-11-25');
    await listed.ask('tools/list');
    expect(await listed.exit).toEqual({ code: 1, signal: null });
    const handshake = open('dies-after-handshake', 'handshake');
    await handshake.modern('server/discover');
    expect(await handshake.exit).toEqual({ code: 1, signal: null });
  });

  it('exits-at-once says why', async () => {
    const peer = open('exits-at-once');
    await peer.closed;
    expect([peer.stderr, await peer.exit]).toEqual(['Error: WEATHER_API_KEY is not set\n', { code: 1, signal: null }]);
  });

  it('crashes-on-call dies with status 3, or by SIGKILL', async () => {
    const file = join(folder, 'crashes');
    const [crash, kill, hinted] = [open('crashes-on-call'), open('crashes-on-call'), open('crashes-on-call', file)];
    crash.send(request(1, 'crash'));
    kill.send(request(1, 'sigkill'));
    hinted.send(request(1, 'crash_read_only'));
    expect(await crash.exit).toEqual({ code: 3, signal: null });
    expect(await kill.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await hinted.exit).toEqual({ code: 3, signal: null });
    await crash.closed;
    expect(crash.stderr).toMatch(/^Traceback[^]*KeyError: 'temperature'\n$/);
    expect(readFileSync(file, 'utf8')).toBe(`"crash_read_only 1" ${hinted.pid}\n`);
  });

  it('ignores-eof lives on until SIGTERM, ignores-term until SIGKILL', async () => {
    const [eof, term] = [open('ignores-eof'), open('ignores-term')];
    await Promise.all([eof.modern('server/discover'), term.modern('server/discover')]);
    eof.end();
    term.end();
    await eof.until(() => eof.stderr.includes('end of stdin'), 'the end of stdin to be ignored');
    eof.kill('SIGTERM');
    expect(await eof.exit).toEqual({ code: null, signal: 'SIGTERM' });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      term.kill(signal);
      await term.until(() => term.stderr.includes(signal), `${signal} to be ignored`);
    }
    expect(term.stderr).toContain('ignoring the end of stdin');
  });

  it.each([[[]], [['at-once']]])('forks-and-dies %j leaves a grandchild that holds stdout', async (args) => {
    const peer = open('forks-and-dies', ...args);
    if (args.length === 0) peer.send(request(1, 'fork_and_die'));
    expect(await peer.exit).toEqual({ code: 1, signal: null });
    await peer.until(() => /grandchild \d+\n/.test(peer.stderr), 'the pid of the grandchild');
    const pid = Number(/grandchild (\d+)/.exec(peer.stderr)?.[1]);
    expect(processIsAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    await peer.closed;
    await waitFor(() => !processIsAlive(pid), `the end of grandchild ${pid}`);
  });

  it.each([[[]], [['at-once']]])('closes-stdout %j lives on without stdout', async (args) => {
    const peer = open('closes-stdout', ...args);
    if (args.length === 0) peer.send(request(1, 'close_stdout'));
    await peer.stdoutEnd;
    expect(processIsAlive(peer.pid)).toBe(true);
    peer.end();
    expect((await peer.exit).code).toBe(0);
  });

  it.each([[[]], [['at-once']]])('closes-stdin %j lives on without stdin', async (args) => {
    const peer = open('closes-stdin', ...args);
    if (args.length === 0) expect(textOf(await peer.call('close_stdin'))).toBe('closed stdin');
    await waitFor(() => {
      peer.write('\n');
      return peer.stdinFailed;
    }, 'a write to fail');
    expect(processIsAlive(peer.pid)).toBe(true);
  });
});
