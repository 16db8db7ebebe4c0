import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { file, home, run, scratch, script } from './driver.ts';

const says = (): readonly string[] => [
  '--model',
  script({ call: [{ tool: 'add', args: { a: 1, b: 2 } }] }, { say: 'Done.' }),
  '-p',
  'go',
];
const state = '.local/state/mcp-dbg/captures';

describe('the capture of a chat', () => {
  test.concurrent('goes into the state folder of the home, for nobody else to read', async () => {
    const own = join(scratch, 'own-home');
    mkdirSync(own);
    await run(['chat', fixture('echo'), ...says()], { env: { HOME: own, XDG_STATE_HOME: join(scratch, 'xdg') } });
    const folder = join(own, state);
    const [name = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(name).toMatch(/^\d{8}T\d{6}\.\d{3}Z-echo-\d+\.mcpcap$/);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, name), 'utf8')).toContain('"tools/call"');
    expect(existsSync(join(scratch, 'xdg'))).toBe(false);
  });

  test.concurrent('goes where --capture says, also for one-shot commands; --no-capture makes none', async () => {
    const path = join(scratch, 'named.mcpcap');
    const before = existsSync(join(home(), state)) ? readdirSync(join(home(), state)).length : 0;
    const { stderr } = await run(['call', fixture('echo'), 'pid', '--capture', 'named.mcpcap'], { cwd: scratch });
    expect(stderr).toBe('');
    expect(readFileSync(path, 'utf8')).toContain('"tools/call"');
    await run(['chat', fixture('echo'), '--no-capture', ...says()]);
    expect(existsSync(join(home(), state)) ? readdirSync(join(home(), state)).length : 0).toBe(before);
  });

  test.concurrent.each([
    ['a full device', '/dev/full'],
    ['a folder that cannot be made', join(file('no-folder', ''), 'x.mcpcap')],
    ['a folder', scratch],
  ])('%s costs a warning, never the chat', async (_, path) => {
    // Where there is no such device, its name cannot be made in /dev either.
    const { code, stdout, stderr } = await run(['chat', fixture('echo'), '--capture', path, ...says()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[called add.*\]\nDone\.\n$/);
    expect(stderr).toMatch(/^mcp-dbg: not recording: .*\n/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.concurrent('a disk that gets full in the middle costs the rest of the capture, never the chat', async () => {
    const path = join(scratch, 'cut.mcpcap');
    // Blocks of 512 bytes, or of 1024 in some shells.
    const under = ['sh', '-c', 'ulimit -f 4; exec "$@"', 'sh'];
    const model = script({ call: [{ tool: 'big', args: { bytes: 100_000 } }] }, { say: 'Done.' });
    const { code, signal, stdout, stderr } = await run(
      ['chat', fixture('echo'), '--yes', '--capture', path, '--model', model, '-p', 'go'],
      { under },
    );
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stdout).toMatch(/^\[called big.*\]\nDone\.\n$/);
    expect(statSync(path).size).toBeLessThanOrEqual(4096);
    expect(stderr).toMatch(
      /\nThe capture ".*cut\.mcpcap" is incomplete: writing failed with EFBIG; make room, or .*\n/,
    );
  });

  test.concurrent('a link that stands where the capture should be is not followed', async () => {
    const target = file('precious.txt', 'precious');
    const link = join(scratch, 'link.mcpcap');
    symlinkSync(target, link);
    const { code } = await run(['chat', fixture('echo'), '--capture', link, ...says()]);
    expect(code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });
});

describe('a home that cannot be written', () => {
  test.concurrent.each([
    ['is a file', () => file('home', '')],
    ['does not exist and cannot be made', () => '/proc/no-home'],
    ['is read-only', () => '/sys'],
  ])('%s: a warning, never the chat', async (_, where) => {
    const { code, stdout, stderr } = await run(['chat', fixture('echo'), ...says()], { env: { HOME: where() } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Done\.\n$/);
    expect(stderr).toMatch(/^mcp-dbg: not recording: .*\n/);
  });
});

test.concurrent('a current folder with nothing but hostile names is no trouble', async () => {
  const cwd = join(scratch, 'odd \u001b[31m folder');
  mkdirSync(cwd);
  writeFileSync(join(cwd, '.env'), Buffer.from([0xff, 0xfe, 0x00, 0x3d, 0x0a]));
  const { code, stderr } = await run(['tools', './none.py'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('odd \\e[31m folder');
  expect(stderr).not.toContain('\u001b');
  expect((await run(['chat', fixture('echo'), ...says()], { cwd })).code).toBe(0);
});
