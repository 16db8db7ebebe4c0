import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import {
  type Run,
  capturesIn,
  environment,
  finish,
  recorded,
  scratch,
  server,
  startProxy,
  text,
  written,
} from './driver.ts';

const CAPTURES = ['.local', 'state', 'mcp-dbg', 'captures'] as const;

function emptyFolder(): string {
  return mkdtempSync(join(scratch, 'capture-'));
}

/** A new home, and the environment that makes it ours. */
function newHome(): { home: string; captures: string; env: Readonly<Record<string, string>> } {
  const home = emptyFolder();
  return { home, captures: join(home, ...CAPTURES), env: { ...environment, HOME: home } };
}

async function expectEchoed(run: Run, bytes: string | Uint8Array): Promise<void> {
  const [stdout, stderr] = [text(run.stdout), text(run.stderr)];
  await written(run.stdin, bytes);
  await finish(run.stdin);
  expect(await stdout).toBe(bytes.toString());
  expect(await stderr).toBe('');
  expect(await run.ended).toEqual({ code: 0, signal: null });
}

describe('recording', () => {
  it('T11: records silently into the state folder, for the owner alone, what crossed and how it ended', async () => {
    const { captures, env } = newHome();
    const run = startProxy(['sh', '-c', 'cat; echo err >&2; exit 7'], { env });
    const streams = Promise.all([text(run.stdout), text(run.stderr)]);
    await written(run.stdin, 'one\n');
    await finish(run.stdin);
    expect(await streams).toEqual(['one\n', 'err\n']);
    expect(await run.ended).toEqual({ code: 7, signal: null });
    const [path = ''] = capturesIn(captures);
    expect(path).toMatch(/\/\d{8}T[\d.]+Z-sh-\d+\.mcpcap$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(captures).mode & 0o777).toBe(0o700);
    const { records, streams: seen } = await recorded(path);
    expect([seen.client, seen.server, seen.stderr].map(String)).toEqual(['one\n', 'one\n', 'err\n']);
    const kinds = records.map(({ t }) => t);
    expect(kinds.slice(0, 2)).toEqual(['open', 'spawn']);
    expect(kinds.slice(-2)).toEqual(['exit', 'close']);
    expect(records.find(({ t }) => t === 'exit')).toMatchObject({ code: 7, signal: null });
  });

  it('T6: an exit by a signal and a signal that we sent are recorded', async () => {
    const log = join(emptyFolder(), 'log.mcpcap');
    const run = startProxy(['sh', '-c', 'echo up; exec sleep 60'], { own: ['--log', log] });
    run.stdout.once('data', () => process.kill(run.pid, 'SIGTERM'));
    expect(await run.ended).toEqual({ code: null, signal: 'SIGTERM' });
    const { records } = await recorded(log);
    expect(records.find(({ t }) => t === 'signal')).toMatchObject({ signal: 'SIGTERM' });
    expect(records.find(({ t }) => t === 'exit')).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(records.at(-1)?.t).toBe('close');
  });

  it('what a peer has seen is in the file after SIGKILL of ourselves', async () => {
    const log = join(emptyFolder(), 'log.mcpcap');
    const run = startProxy(['cat'], { own: ['--log', log] });
    await written(run.stdin, 'seen\n');
    await new Promise((resolve) => run.stdout.once('data', resolve));
    process.kill(run.pid, 'SIGKILL');
    await run.ended;
    const { records, streams, torn } = await recorded(log);
    expect([String(streams.client), String(streams.server), torn]).toEqual(['seen\n', 'seen\n', 0]);
    expect(records.some(({ t }) => t === 'close')).toBe(false);
  });

  it.each(['--log', '--capture'])('%s names the file; a name that is taken gets our pid', async (option) => {
    const folder = emptyFolder();
    const path = join(folder, 'my log.mcpcap');
    writeFileSync(path, 'mine');
    await expectEchoed(startProxy(['cat'], { own: [option, path] }), 'x');
    expect(readdirSync(folder).toSorted()).toEqual([expect.stringMatching(/^my log-\d+\.mcpcap$/), 'my log.mcpcap']);
    expect(statSync(path).size).toBe(4);
  });

  it('--no-capture records nothing', async () => {
    const { home, env } = newHome();
    await expectEchoed(startProxy(['cat'], { env, own: ['--no-capture'] }), 'x');
    expect(readdirSync(home)).toEqual([]);
  });

  it('--label names the capture, whatever is in it', async () => {
    const { captures, env } = newHome();
    await expectEchoed(startProxy(['cat'], { env, own: ['--label', '../../evil name'] }), 'x');
    expect(capturesIn(captures)).toHaveLength(1);
    expect((await recorded(capturesIn(captures)[0] ?? '')).records[0]).toMatchObject({ label: '../../evil name' });
  });

  it('--max-capture bounds the file and not the traffic', async () => {
    const log = join(emptyFolder(), 'log.mcpcap');
    await expectEchoed(startProxy(['cat'], { own: ['--log', log, '--max-capture', '64k'] }), 'z'.repeat(1_000_000));
    expect(statSync(log).size).toBeLessThanOrEqual(64 * 1024);
    const { records, torn } = await recorded(log);
    expect(torn).toBe(0);
    expect(records.some((record) => record.t === 'gap' && record.reason === 'cap')).toBe(true);
  });

  it('deletes old captures beyond the bound of the folder', async () => {
    const { captures, env } = newHome();
    mkdirSync(captures, { recursive: true });
    const old = join(captures, '20200101T000000.000Z-old-1.mcpcap');
    const head =
      '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":1,"at":"2020-01-01T00:00:00.000Z","argv":["x"],"pid":0}\n';
    writeFileSync(old, head);
    execFileSync('truncate', ['-s', '600M', old]);
    const run = startProxy(['cat'], { env });
    const stdout = text(run.stdout);
    await waitFor(() => !capturesIn(captures).includes(old), 'the end of the old capture');
    await finish(run.stdin);
    expect(await stdout).toBe('');
    expect(capturesIn(captures)).toHaveLength(1);
  });
});

describe('a capture that fails', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'file'), '');
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  const places: readonly (readonly [string, string])[] = [
    ['a folder that cannot be made', join(folder, 'file', 'log.mcpcap')],
    ['a folder of the kernel', '/proc/none/log.mcpcap'],
    ['a folder in place of a file', folder],
    ['a device that is full', '/dev/full'],
    ['a device that takes all', '/dev/null'],
    ['a named pipe without reader', join(folder, 'fifo')],
    ['a name that is too long', join(folder, 'x'.repeat(300))],
    ['an empty name', ''],
  ];

  it.each(places)('T10: %s never touches traffic', async (_, path) => {
    await expectEchoed(startProxy(['cat'], { own: ['--log', path] }), '{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  });

  it('T10: a home that does not exist never touches traffic', async () => {
    await expectEchoed(startProxy(['cat'], { env: { ...environment, HOME: '/proc/none' } }), 'x');
  });

  it('T10: a disk that takes no more never touches traffic, and leaves a file that can be read', async () => {
    const log = join(emptyFolder(), 'log.mcpcap');
    const under = ['sh', '-c', 'ulimit -f 1000; exec "$@"', 'sh'];
    await expectEchoed(startProxy(['cat'], { own: ['--log', log], under }), 'z'.repeat(1_000_000));
    const { torn, streams } = await recorded(log);
    expect(torn).toBe(0);
    expect(streams.client.length).toBeGreaterThan(0);
    expect(streams.client.length).toBeLessThan(1_000_000);
  });
});

it('T12: two proxies for one server and one file at the same moment do not collide', async () => {
  const [folder, { captures, env }] = [emptyFolder(), newHome()];
  const log = join(folder, 'log.mcpcap');
  const named = [1, 2, 3].map((each) => expectEchoed(startProxy(['cat'], { own: ['--log', log] }), `named ${each}\n`));
  const unnamed = [1, 2].map((each) => expectEchoed(startProxy(['cat'], { env }), `unnamed ${each}\n`));
  await Promise.all([...named, ...unnamed]);
  const contents = async (where: string): Promise<readonly string[]> => {
    const all = await Promise.all(capturesIn(where).map(recorded));
    return all.map(({ streams }) => String(streams.client)).toSorted();
  };
  expect(await contents(folder)).toEqual(['named 1\n', 'named 2\n', 'named 3\n']);
  expect(await contents(captures)).toEqual(['unnamed 1\n', 'unnamed 2\n']);
});

it('the file name holds no secret of the command line', async () => {
  const { captures, env } = newHome();
  const run = startProxy(server('self', '--token', 'sk-verysecret123', 'API_KEY=verysecret'), { env });
  await run.ended;
  const [path = ''] = capturesIn(captures);
  expect(path).toContain('-transparency-');
  expect(JSON.stringify((await recorded(path)).records[0])).not.toContain('verysecret');
});
