import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { file, jsonLines, run, scratch, script, start } from './driver.ts';

const parrot = script({ say: '<{{query}}>', repeat: true });

/** A good server that takes its time to start: until `gate` exists. */
function slowServer(gate: string): readonly string[] {
  const wrapper = file(
    'slow.mjs',
    `import { existsSync } from 'node:fs';
     import { setTimeout as wait } from 'node:timers/promises';
     while (!existsSync(${JSON.stringify(gate)})) await wait(10);
     await import(${JSON.stringify(fixture('echo'))});`,
  );
  return ['--', process.execPath, wrapper];
}

/** The answers of a chat with the parrot, in order. */
function parroted(stdout: string): readonly string[] {
  return [...stdout.matchAll(/<(.*)>\n/g)].map(([, text]) => text ?? '');
}

describe('queries on stdin', () => {
  test.concurrent('none is lost while the server starts, and 100 are answered in order', async () => {
    const gate = join(scratch, 'gate');
    const queries = Array.from({ length: 100 }, (_, n) => `query ${n}`);
    const program = start(['chat', '--model', parrot, ...slowServer(gate)]);
    program.child.stdin?.end(`${queries.join('\n')}\n`);
    // The program has read what it wants to read when the server is there.
    writeFileSync(gate, '');
    const { code, stdout } = await program.ended;
    expect(code).toBe(0);
    expect(parroted(stdout)).toEqual(queries);
  });

  test.concurrent.each<[string, string, readonly string[]]>([
    [
      'lines may end in LF, CRLF or not at all, be empty or have spaces around them, and hold any script',
      'one\r\n\n   \n  two  \nnaïve 日本語 😀\r\nlast',
      ['one', 'two', 'naïve 日本語 😀', 'last'],
    ],
    ['quit ends the chat at once', 'one\nquit\ntwo\n', ['one']],
    ['/quit does too, and a last line without a newline counts', 'one\n/quit', ['one']],
  ])('%s', async (_, stdin, answers) => {
    const { code, stdout } = await run(['chat', fixture('echo'), '--model', parrot], { stdin });
    expect(code).toBe(0);
    expect(parroted(stdout)).toEqual(answers);
  });

  test.concurrent('--prompt goes before stdin, repeated in order', async () => {
    const argv = ['chat', fixture('echo'), '--model', parrot, '-p', 'one', '--prompt', 'two', '-p', 'three'];
    expect(parroted((await run(argv, { stdin: 'four\n' })).stdout)).toEqual(['one', 'two', 'three']);
  });

  test.concurrent('stdout holds nothing but answers and calls', async () => {
    const model = script(
      { when: 'add', call: [{ tool: 'add', args: { a: 1, b: 2 } }] },
      { on: 'result', say: 'It is {{result}}.' },
      { say: 'Bye.', repeat: true },
    );
    const { stdout, stderr } = await run(['chat', fixture('echo'), '--model', model], { stdin: 'add\nbye\n' });
    expect(stdout.replace(/\d+(\.\d+)? ms/, 'N ms')).toBe('[called add(a: 1, b: 2) N ms]\nIt is 3.\nBye.\n');
    expect(stderr).toMatch(
      /^echo: connected to echo 1\.0\.0 \(modern, 2026-07-28\), 7 tools: echo, add.*\nmodel: script: script\.json \(no language model\)\n\(.* m?s, 1 call, [\d,]+ tokens in, \d+ out\)\n\(.* m?s, [\d,]+ tokens in, \d+ out\)\n$/,
    );
  });

  test.concurrent('-q leaves out what each turn took', async () => {
    const { stderr } = await run(['chat', fixture('echo'), '--model', parrot, '-q'], { stdin: 'add\nbye\n' });
    expect(stderr).toMatch(/\nmodel: .*\n$/);
  });

  test.concurrent('a query that fails ends nothing', async () => {
    const model = script(
      { when: 'bad', error: { status: 400, message: 'cannot do that' } },
      { say: 'Fine: {{query}}', repeat: true },
    );
    const { stdout, stderr } = await run(['chat', fixture('echo'), '--model', model], { stdin: 'a\nbad\nb\n' });
    expect(stdout).toBe('Fine: a\nFine: b\n');
    expect(stderr).toContain('cannot do that');
  });
});

test.concurrent('several servers: their tools are told apart, each has its own variables, a name that is taken twice gets a number', async () => {
  const shows = file(
    'shows.mjs',
    `import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
     const schema = { type: 'object' };
     serve({ name: 'shows', tools: [{ name: 'env', inputSchema: schema, annotations: { readOnlyHint: true },
       run: () => JSON.stringify({ K: process.env.K, L: process.env.L, KEY: process.env.ANTHROPIC_API_KEY }) }] });`,
  );
  const model = script(
    { call: [{ tool: 'shows__env' }, { tool: 'shows-2__env' }, { tool: 'echo__pid' }] },
    { say: 'ok' },
  );
  const argv = ['chat', shows, shows, fixture('echo'), '--wait', '60', '--json', '--model', model, '-p', 'go'];
  const { code, stdout } = await run([...argv, '-e', 'shows:K=one=1', '-e', 'shows-2:K=two', '-e', 'shows-2:L='], {
    env: { ANTHROPIC_API_KEY: 'secret', K: 'mine' },
  });
  expect(code).toBe(0);
  const events = jsonLines(stdout);
  const calls = events.filter(({ type }) => type === 'tool-call');
  expect(calls.map(({ server, tool }) => `${String(server)}/${String(tool)}`)).toEqual([
    'shows/env',
    'shows-2/env',
    'echo/pid',
  ]);
  const texts = new Map(
    events.flatMap(({ type, id, content }) =>
      type === 'tool-result' ? [[id, (content as [{ text: string }])[0].text]] : [],
    ),
  );
  expect(JSON.parse(texts.get(calls[0]?.['id']) ?? '')).toEqual({ K: 'one=1' });
  expect(JSON.parse(texts.get(calls[1]?.['id']) ?? '')).toEqual({ K: 'two', L: '' });
});

test.concurrent.each([
  [['-e', 'K=V'], /With several servers -e takes SERVER:NAME=VALUE; the servers: echo, legacy-only/],
  [['-e', 'K'], /-e takes NAME=VALUE, not "K"/],
])('-e that cannot be placed is refused: %j', async (words, why) => {
  const { code, stderr } = await run(['chat', fixture('echo'), fixture('legacy-only'), ...words]);
  expect(code).toBe(1);
  expect(stderr).toMatch(why);
});

test.concurrent('calls that may change something are refused without a terminal, but for what --allow names', async () => {
  const model = script(
    {
      call: [
        { tool: 'slow', args: { ms: 0 } },
        { tool: 'big', args: { bytes: 1 } },
        { tool: 'image' },
        { tool: 'pid' },
      ],
    },
    { say: 'ok' },
  );
  const argv = ['chat', fixture('echo'), '--model', model, '-p', 'go', '--allow', 'sl*w', '--allow', 'big'];
  const { code, stdout, stderr } = await run(argv);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\[called slow\(ms: 0\) /m);
  expect(stdout).toMatch(/^\[called big\(bytes: 1\) /m);
  expect(stdout).toMatch(/^\[called pid\(\) /m);
  expect(stdout).toMatch(/^\[not called image\(\): The user did not allow this call, so it was not made\]$/m);
  expect(stderr).toContain(
    'Refused to call image: it may change something, and nobody can be asked here; use --yes or --allow "image"\n',
  );
});
