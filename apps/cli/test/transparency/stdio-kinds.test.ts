import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { BIN, Lines, environment, finish, scratch, server, start, startProxy, text, written } from './driver.ts';

const folder = mkdtempSync(join(scratch, 'stdio-'));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const NEEDS_PYTHON = 'no python3, which plays a host that Node cannot play';
const PYTHON_HOST = fileURLToPath(new URL('python-host.py', import.meta.url));

it('passes a file to the server, and from it to files', async () => {
  const paths = ['in', 'out', 'err'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(paths[0], 'x'.repeat(300_000));
  const fds = [openSync(paths[0], 'r'), openSync(paths[1], 'w'), openSync(paths[2], 'w')] as const;
  const run = startProxy(['sh', '-c', 'cat; echo done >&2; exit 2'], { stdio: [...fds] });
  for (const fd of fds) closeSync(fd);
  expect(await run.ended).toEqual({ code: 2, signal: null });
  expect(readFileSync(paths[1], 'utf8')).toBe('x'.repeat(300_000));
  expect(readFileSync(paths[2], 'utf8')).toBe('done\n');
});

it('appends where the client opened its file to append', async () => {
  const path = join(folder, 'appended');
  writeFileSync(path, 'before\n');
  const fd = openSync(path, 'a');
  const run = startProxy(['echo', 'after'], { stdio: ['ignore', fd, fd] });
  closeSync(fd);
  await run.ended;
  expect(readFileSync(path, 'utf8')).toBe('before\nafter\n');
});

it('ends with the server where all three are /dev/null', async () => {
  const run = startProxy(['sh', '-c', 'cat; echo out; echo err >&2; exit 9'], { stdio: 'ignore' });
  expect(await run.ended).toEqual({ code: 9, signal: null });
});

it.each(['<&-', '>&-', '2>&-', '<&- >&- 2>&-'])('lives with descriptors that are closed: %s', async (closed) => {
  const run = start([
    'sh',
    '-c',
    `exec "$@" ${closed}`,
    'sh',
    process.execPath,
    BIN,
    'proxy',
    '--',
    'sh',
    '-c',
    'cat; exit 3',
  ]);
  await finish(run.stdin);
  expect(await run.ended).toEqual({ code: 3, signal: null });
});

it('gives EPIPE to a server whose output the disk does not take', async () => {
  const fd = openSync('/dev/full', 'w');
  const run = startProxy(server('writes', '1'), { stdio: ['pipe', fd, 'pipe'] });
  closeSync(fd);
  expect(await text(run.stderr)).toMatch(/^(EPIPE|ECONNRESET)\n$/);
  expect(await run.ended).toEqual({ code: 3, signal: null });
});

it('passes stdout and stderr on where both are one pipe', async () => {
  const run = start([
    'sh',
    '-c',
    'exec "$@" 2>&1',
    'sh',
    process.execPath,
    BIN,
    'proxy',
    '--',
    'sh',
    '-c',
    'echo a; sleep 0.1; echo b >&2',
  ]);
  expect(await text(run.stdout)).toBe('a\nb\n');
});

it("leaves a client's own stderr alone that it shares with us, a socket", async () => {
  const host = `
    const child = require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('exit', (code) => process.stderr.write('the host lives, ' + code + '\\n'));`;
  const run = start([process.execPath, '-e', host, BIN, 'proxy', '--', 'sh', '-c', 'echo server >&2']);
  expect(await text(run.stderr)).toBe('server\nthe host lives, 0\n');
});

it("leaves a client's own stderr blocking that it shares with us, a pipe", async ({ skip }) => {
  skip(!hasPython, NEEDS_PYTHON);
  const run = start([
    'python3',
    PYTHON_HOST,
    'shared-stderr',
    process.execPath,
    BIN,
    'proxy',
    '--',
    'sh',
    '-c',
    'echo up >&2; cat',
  ]);
  expect((await text(run.stdout)).trim().split('\n')).toEqual([
    'up',
    'blocking while it runs: True',
    'blocking afterwards: True',
  ]);
});

it('works for a host with plain pipes from start to end', async ({ skip }) => {
  skip(!hasPython, NEEDS_PYTHON);
  const run = start(['python3', PYTHON_HOST, 'subprocess', process.execPath, BIN, 'proxy', '--', 'cat']);
  expect((await text(run.stdout)).trim().split('\n')).toEqual(["b'hello\\n'", "b''", '0']);
});

it('works in a terminal: lines, the end of input, and Ctrl-C once', async ({ skip }) => {
  skip(!hasPython, NEEDS_PYTHON);
  const run = start(['python3', PYTHON_HOST, 'terminal', process.execPath, BIN, 'proxy', '--', ...server('signals')], {
    env: { ...environment, TERM: 'dumb' },
  });
  const stdout = new Lines(run.stdout);
  expect(await stdout.next()).toMatch(/^ready \d+$/);
  await written(run.stdin, '\x03');
  expect(await stdout.next()).toBe('SIGINT');
  await written(run.stdin, '\x04');
  expect(JSON.parse(await stdout.next())).toEqual({ SIGINT: 1 });
  expect(await stdout.next()).toBe('exit 0');
  await run.ended;
});

it('T3: a terminal that takes nothing stalls stderr, and nothing else', async ({ skip }) => {
  skip(!hasPython, NEEDS_PYTHON);
  const run = start([
    'python3',
    PYTHON_HOST,
    'stopped-terminal',
    process.execPath,
    BIN,
    'proxy',
    '--',
    ...server('flood', '2'),
  ]);
  expect((await text(run.stdout)).trim().split('\n')).toEqual(['bounded: True', 'ended by signal 15']);
});

it('works under script(1) and other programs that give a terminal', () => {
  // Only util-linux has these options; elsewhere the test above covers terminals.
  const version = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (!version.stdout?.includes('util-linux')) return;
  const command = `'${process.execPath}' '${BIN}' proxy -- sh -c 'echo out; echo err >&2; exit 5'`;
  const output = execFileSync('sh', ['-c', `script -qec "$1" /dev/null; echo "exit $?"`, 'sh', command], {
    encoding: 'utf8',
    env: environment,
    input: '',
  });
  expect(output.replaceAll('\r', '')).toContain('out\n');
  expect(output.replaceAll('\r', '')).toContain('err\n');
  expect(output).toContain('exit 5');
});
