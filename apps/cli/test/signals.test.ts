import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { expectNoneLeft, run, script, start, workingIn } from './driver.ts';

const EXITS = [
  ['SIGINT', 130, 'tools'],
  ['SIGTERM', 143, 'chat'],
  ['SIGHUP', 129, 'tools'],
] as const;

describe.each(EXITS)('%s', (signal, exit, kind) => {
  test.concurrent('ends a chat that waits for its next query, and its servers', async () => {
    const program = start(['chat', fixture('echo'), fixture('ignores-eof'), '--model', 'manual']);
    await program.saw(/no model: /);
    program.child.kill(signal);
    const { code, stderr } = await program.ended;
    expect(code).toBe(exit);
    expect(stderr).not.toMatch(/\n\s+at /);
    await expectNoneLeft(program.cwd);
  });

  test.concurrent('ends a turn in which a tool hangs, answers its call, and ends the chat', async () => {
    const model = script({ call: [{ tool: 'slow', args: { ms: 60_000 } }] }, { say: 'never' });
    const program = start(['chat', fixture('echo'), '--json', '--yes', '--model', model]);
    program.write('go\nand on\n');
    await program.saw('"type":"tool-call"');
    program.child.kill(signal);
    const { code, stdout } = await program.ended;
    expect(code).toBe(exit);
    expect(stdout).toMatch(/"type":"tool-result".*"isError":true/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('{"type":"stopped","reason":"interrupted"}');
    await expectNoneLeft(program.cwd);
  });

  test.concurrent.each([
    ['call', ['call', fixture('echo'), 'slow', 'ms=60000']],
    [kind, [kind, fixture('never-answers')]],
  ])('ends %s while its server hangs', async (_, argv) => {
    const program = start(argv);
    // The program and its server.
    await program.until(() => workingIn(program.cwd).length === 2, 'the server');
    program.child.kill(signal);
    const { code, stdout, stderr } = await program.ended;
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(/^(mcp-dbg: Interrupted.*\n)?$/);
    await expectNoneLeft(program.cwd);
  });
});

test.concurrent('a server that ignores all but SIGKILL is gone after the close ladder', async () => {
  const program = start(['chat', fixture('ignores-term'), '--model', 'manual']);
  await program.saw(/no model: /);
  program.child.kill('SIGTERM');
  expect((await program.ended).code).toBe(143);
  await expectNoneLeft(program.cwd);
});

test.concurrent('a reader that goes away ends the program quietly', async () => {
  const many = script({ say: 'x'.repeat(1000), repeat: true });
  const argv = ['chat', fixture('echo'), '--model', many];
  const pipe = ['sh', '-c', '"$@" | head -c 10', 'sh'];
  const { code, stdout, stderr } = await run(argv, { under: pipe, stdin: 'query\n'.repeat(100_000) });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'xxxxxxxxxx' });
  expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
  const one = await run(['tools', fixture('echo')], { under: ['sh', '-c', '"$@" | head -1', 'sh'] });
  expect(one).toMatchObject({ code: 0, stdout: 'echo 1.0.0  modern, 2026-07-28, 7 tools\n', stderr: '' });
});

test.concurrent('a server outlives nothing: SIGKILL of the program ends it too, where it heeds the end of its stdin', async () => {
  const program = start(['chat', fixture('echo'), '--model', 'manual']);
  await program.saw(/no model: /);
  program.child.kill('SIGKILL');
  await program.ended;
  await expectNoneLeft(program.cwd);
});
