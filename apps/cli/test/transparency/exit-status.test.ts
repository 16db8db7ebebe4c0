import { constants } from 'node:os';

import { describe, expect, it } from 'vitest';

import { HOST_KINDS, finish, startProxy, text } from './driver.ts';

/** A shell that ends itself so. */
function ending(signal: string): readonly string[] {
  return ['sh', '-c', `kill -${signal} $$; sleep 60`];
}

describe.each(HOST_KINDS)('with a host that gives %s', (host) => {
  it.each([0, 1, 3, 77, 125, 255])("T6: exits with the server's code %i", async (code) => {
    const run = startProxy(['sh', '-c', `exit ${code}`], { host });
    expect(await run.ended).toEqual({ code, signal: null });
  });

  it.each(['TERM', 'INT', 'HUP', 'KILL', 'USR1', 'USR2', 'ALRM'])(
    'T6: dies of SIG%s as the server did',
    async (name) => {
      const run = startProxy(ending(name), { host });
      const stderr = text(run.stderr);
      expect(await run.ended).toEqual({ code: null, signal: `SIG${name}` });
      expect(await stderr).toBe('');
    },
  );
});

it.each(['QUIT', 'ABRT', 'SEGV', 'BUS', 'FPE', 'ILL', 'TRAP', 'SYS', 'XCPU', 'XFSZ', 'PIPE'] as const)(
  'T6: exits with 128+n where SIG%s would dump our core or leave us alive',
  async (name) => {
    const run = startProxy(['sh', '-c', `ulimit -c 0; kill -${name} $$; sleep 60`]);
    expect(await run.ended).toEqual({ code: 128 + constants.signals[`SIG${name}`], signal: null });
  },
);

it('T6: ends with the server although the client keeps stdin open', async () => {
  const run = startProxy(['sh', '-c', 'exec sleep 0']);
  expect(await run.ended).toEqual({ code: 0, signal: null });
});

it('T6: bad usage is 125, in one line', async () => {
  const wrong: readonly (readonly [own: readonly string[], said?: string])[] = [
    [['--kill-after', 'soon']],
    [['--kill-after', '99999999999']],
    [['--kill-after', '-3'], '--kill-after needs whole milliseconds, from 0 to 2147483647'],
    [['--hold', 'x', '--hold-for', '-1'], '--hold-for needs seconds, such as 120: more than 0, at most 2147483'],
    [['--chaos', 'flaky', '--seed', '-1'], '--seed takes a whole number from 0 to 4294967295, not "-1"'],
    [['--label', '-x'], '--label needs a value; one that begins with a dash is written --label=-VALUE'],
    [['--max-capture', 'much']],
    [['--watch='], '--watch: It takes a glob, and an empty text names none'],
    [['--watch', 'src', '--watch', '!'], '--watch: It takes a glob'],
    [['--fault-file', ''], '--fault-file: It takes a file'],
    [['--no-such-option']],
    [['--log', 'a', '--no-capture']],
    [['stray']],
    [['--log']],
  ];
  for (const [own, said = ''] of wrong) {
    const run = startProxy(['true'], { own });
    const [stdout, stderr] = [text(run.stdout), text(run.stderr)];
    expect(await run.ended).toEqual({ code: 125, signal: null });
    expect(await stdout).toBe('');
    expect(await stderr).toMatch(/^mcp-dbg: [^\n]+\n$/);
    expect(await stderr).toContain(said);
  }
});

it('T6: no command after -- is 125 and says what to write', async () => {
  const run = startProxy([]);
  const stderr = text(run.stderr);
  await finish(run.stdin);
  expect(await run.ended).toEqual({ code: 125, signal: null });
  expect(await stderr).toContain('mcp-dbg proxy -- python3 server.py');
});

it('--help says where captures go and shows two examples', async () => {
  const run = startProxy([], { own: ['--help'] });
  const stdout = await text(run.stdout);
  expect(await run.ended).toEqual({ code: 0, signal: null });
  expect(stdout).toMatch(/captures/i);
  expect(stdout.match(/^ {2}mcp-dbg proxy .*-- /gm)).toHaveLength(2);
});
