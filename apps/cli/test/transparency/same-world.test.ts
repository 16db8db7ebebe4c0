import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { all, environment, finish, scratch, server, start, startProxy, text, written } from './driver.ts';

/** What shells, JSON and programmers trip over. */
const ODD_WORDS = [
  '',
  ' ',
  '--',
  '--log',
  '-h',
  "it's",
  '"quoted"',
  'a b',
  '$HOME',
  '`id`',
  '*',
  '\\',
  'x\ny',
  '\t',
  'é',
  '😀',
  '=',
];

it('T9: the command line reaches the server unchanged, whatever looks like ours in it', async () => {
  const run = startProxy(server('self', ...ODD_WORDS));
  expect(JSON.parse(await text(run.stdout))).toMatchObject({ args: ODD_WORDS });
});

it('T9: the working folder reaches the server unchanged', async () => {
  const cwd = join(mkdtempSync(join(scratch, 'cwd-')), "odd 'folder' \n name");
  mkdirSync(cwd);
  const run = startProxy(server('self'), { cwd });
  expect(JSON.parse(await text(run.stdout))).toMatchObject({ cwd: realpathSync(cwd) });
});

it('T9: the environment reaches the server unchanged, odd names included', async () => {
  const env = JSON.parse(`{
    "PATH": ${JSON.stringify(environment['PATH'])}, "HOME": ${JSON.stringify(scratch)},
    "EMPTY": "", "with space": "1", "with.dot": "2", "BASH_FUNC_f%%": "() { :; }", "__proto__": "3", "constructor": "4",
    "toString": "5", "lines": "a\\nb\\n", "é": "ü", "NODE_V8_COVERAGE_": "6", "_": "7", "NO_COLOR": "9"
  }`) as Record<string, string>;
  const command = ['env', '-0'];
  const direct = await entries(start(command, { env }));
  expect(direct).toContain('__proto__=3');
  expect(await entries(startProxy(command, { env }))).toEqual(direct);
});

it('T12: nothing is asked for in the environment: hosts pass only six variables on', async () => {
  const env = {
    HOME: scratch,
    PATH: environment['PATH'] ?? '',
    LOGNAME: 'x',
    SHELL: '/bin/sh',
    TERM: 'dumb',
    USER: 'x',
  };
  const run = startProxy(['cat'], { env });
  const stdout = text(run.stdout);
  await written(run.stdin, 'hello\n');
  await finish(run.stdin);
  expect(await stdout).toBe('hello\n');
  expect(await run.ended).toEqual({ code: 0, signal: null });
});

it('T9: the server leads a process group and a session of its own', async () => {
  const run = startProxy(['sh', '-c', 'ps -o pid=,pgid=,sid= -p $$']);
  const [pid, group, session] = (await text(run.stdout)).trim().split(/\s+/);
  expect([group, session]).toEqual([pid, pid]);
});

it('T9: the server gets no descriptor of ours but its three', async () => {
  const run = startProxy(['sh', '-c', 'exec cat /proc/self/fdinfo/3']);
  expect(await text(run.stderr)).toMatch(/No such file/);
  expect((await run.ended).code).toBe(1);
});

async function entries(run: ReturnType<typeof start>): Promise<readonly string[]> {
  const bytes = await all(run.stdout);
  await run.ended;
  return bytes.toString('latin1').split('\0').toSorted();
}

it('T9: the mask for new files reaches the server unchanged', async () => {
  const run = startProxy(['sh', '-c', 'umask'], { under: ['sh', '-c', 'umask 027; exec "$@"', 'sh'] });
  expect((await text(run.stdout)).trim()).toMatch(/^0*27$/);
});
