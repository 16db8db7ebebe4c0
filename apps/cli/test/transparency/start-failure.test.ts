import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { environment, scratch, startProxy, text } from './driver.ts';

const folder = mkdtempSync(join(scratch, 'start-'));

function script(name: string, content: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

mkdirSync(join(folder, 'folder'));
symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));

const FAILURES: readonly (readonly [string, string, number, RegExp])[] = [
  [
    'a command that is not in PATH',
    'no-such-command-here',
    127,
    /command not found in PATH \("\/some\/where:\/else"\)/,
  ],
  ['a path that is not there', join(folder, 'nowhere'), 127, /no such file/],
  ['a link to nowhere', join(folder, 'dangling'), 127, /no such file/],
  ['an empty command', '', 127, /the command is empty/],
  ['a folder', join(folder, 'folder'), 126, /it is a folder/],
  ['a file without run bit', script('plain.py', 'print(1)\n', 0o644), 126, /chmod \+x/],
  [
    'a script whose interpreter is missing',
    script('odd', '#!/no/such/interpreter -x\n'),
    127,
    /"\/no\/such\/interpreter".*not installed/,
  ],
  ['a script with Windows line ends', script('crlf', '#!/bin/sh\r\nexit 0\r\n'), 127, /carriage return/],
  [
    'a script whose interpreter may not be run',
    script('data', `#!${script('words', 'x', 0o644)}\n`),
    126,
    /may not be run/,
  ],
];

it.each(FAILURES)('T8: %s is told in one line', async (_, command, code, reason) => {
  const run = startProxy([command], { env: { ...environment, PATH: '/some/where:/else' } });
  const [stdout, stderr] = [text(run.stdout), text(run.stderr)];
  expect(await run.ended).toEqual({ code, signal: null });
  expect(await stdout).toBe('');
  expect(await stderr).toMatch(reason);
  expect(await stderr).toMatch(/^mcp-dbg: Cannot start [^\n]+\n$/);
});

it('T8: an argument list that is too long is told in one line', async () => {
  const list = script('list.sh', 'exec "$@" ' + `${'x'.repeat(130_000)} `.repeat(20));
  const run = startProxy(['true'], { under: ['sh', list] });
  const stderr = text(run.stderr);
  // The shell itself may be the one that cannot start us so.
  expect((await run.ended).code).toBeGreaterThan(0);
  expect((await stderr).split('\n').length).toBeLessThan(3);
});

it('T8: PATH is searched as the system does, past a file that may not be run', async () => {
  const [first, second] = ['a', 'b'].map((name) => join(folder, name)) as [string, string];
  mkdirSync(first);
  mkdirSync(second);
  writeFileSync(join(first, 'tool'), 'not a program', { mode: 0o644 });
  writeFileSync(join(second, 'tool'), '#!/bin/sh\necho right\n', { mode: 0o755 });
  const run = startProxy(['tool'], { env: { ...environment, PATH: `${first}:${second}` } });
  expect(await text(run.stdout)).toBe('right\n');
});
