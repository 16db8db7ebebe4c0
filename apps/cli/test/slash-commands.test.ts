import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type Ran, file, run, script } from './driver.ts';

/** Types these lines into a chat without a model. Times and pids are made alike. */
async function typed(lines: readonly string[], ...servers: readonly string[]): Promise<Ran> {
  const argv = ['chat', ...(servers.length === 0 ? [fixture('echo')] : servers), '--model', 'manual'];
  const ran = await run(argv, { stdin: `${lines.join('\n')}\n` });
  const alike = (text: string): string => text.replaceAll(/\d+(\.\d+)? m?s\b/g, 'T').replaceAll(/pid \d+/g, 'pid P');
  return { ...ran, stdout: alike(ran.stdout), stderr: alike(ran.stderr) };
}

/** What was said about the commands alone. */
function said({ stderr }: Ran): string {
  return stderr.slice(stderr.indexOf('no model: ')).replace(/^.*\n/, '');
}

/** A server with one resource and one prompt. */
const library = file(
  'library.mjs',
  `import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
   serve({ name: 'library', era: 'legacy', tools: [], intercept({ id, method, params }, link) {
     if (method === 'resources/read') link.send({ id, result: { contents: [{ uri: params.uri, text: 'once upon\\u001b[31m a time' }] } });
     else if (method === 'prompts/get') link.send({ id, result: { messages: [{ role: 'user', content: { type: 'text', text: JSON.stringify(params) } }] } });
     else return false;
     return true;
   } });`,
);

/** A server whose tool takes a text or null, as every `Optional[str]` in Python is told. */
const optional = file(
  'optional.mjs',
  `import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
   const zip = { anyOf: [{ type: 'string' }, { type: 'null' }], default: null };
   serve({ name: 'optional', tools: [{ name: 'find', inputSchema: { type: 'object', properties: { zip } }, run: (args) => JSON.stringify(args) }] });`,
);

describe('/call', () => {
  test.concurrent('takes JSON, key=value, key:=json, quotes, or nothing; a value is read by the schema of its tool', async () => {
    const calls = [
      ['/call add {"a": 1, "b": 2}', '[called add(a: 1, b: 2) T]', '3'],
      ['/call add a=1 b=2', '[called add(a: 1, b: 2) T]', '3'],
      ['/call echo text:="5 \\u00e9"', '[called echo(text: "5 é") T]', '5 é'],
      ['/call echo text=5', '[called echo(text: "5") T]', '5'],
      ['/call echo text="two words"', '[called echo(text: "two words") T]', 'two words'],
      [
        '/call image',
        '[called image() T]',
        'a pixel',
        expect.stringMatching(/^\[image image\/png, 70 B: ~\/.*\.png\]$/),
      ],
      // It may change something; who types it has approved it.
      ['/call slow ms=0', '[called slow(ms: 0) T]', 'waited T'],
    ];
    const ran = await typed(calls.map(([line = '']) => line));
    expect(ran.code).toBe(0);
    expect(ran.stdout.trimEnd().split('\n')).toEqual(calls.flatMap(([, ...output]) => output));
    expect(said(ran)).toBe('');
  });

  test.concurrent('reads a text that may be missing as a text, and so does the command', async () => {
    expect((await typed(['/call find zip=12345'], optional)).stdout).toBe(
      '[called find(zip: "12345") T]\n{"zip":"12345"}\n',
    );
    const { code, stdout } = await run(['call', optional, 'find', 'zip=12345']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"zip":"12345"}\n' });
    expect((await run(['tools', optional])).stdout).toContain('find(zip?: string|null)\n');
  });

  test.concurrent('says what is wrong, and the chat goes on', async () => {
    const ran = await typed([
      '/call',
      '/call ad a=1',
      '/call add a=1',
      '/call add a=x b=2',
      '/call add {"a":',
      '/call add [1]',
      '/call echo text=on',
    ]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/\[not called add\(a: 1\): The arguments do not fit .*required property 'b'\]\n/);
    expect(ran.stdout).toMatch(/\[not called add\(a: "x", b: 2\): The arguments do not fit .*must be number\]\n/);
    expect(ran.stdout).toMatch(/\[called echo\(text: "on"\) T\]\non\n$/);
    const lines = said(ran).trimEnd().split('\n');
    expect(lines).toEqual([
      'Usage: /call TOOL [{json} | key=value…]',
      'There is no tool "ad"; tools: add, big, counter, echo, image, pid, slow',
      expect.stringMatching(/^Cannot read the arguments as JSON: /),
      'Arguments are key=value, key:=json or --args JSON, not "[1]"',
    ]);
  });

  test.concurrent('shows a failure once, whole', async () => {
    const ran = await typed(['/call is_error', '/call rpc_error'], fixture('tool-errors'));
    expect(ran.stdout).toMatch(
      /^\[called is_error\(\) T: failed: The disk is full\]\n\[called rpc_error\(\) T: failed: The server answered tools\/call with error .*\]\n$/,
    );
    const long = 'a long story '.repeat(50).trim();
    const server = file(
      'fails.mjs',
      `import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
       serve({ name: 'fails', tools: [{ name: 'fail', inputSchema: { type: 'object' }, run: () => { throw new Error(${JSON.stringify(long)}); } }] });`,
    );
    expect((await typed(['/call fail'], server)).stdout).toMatch(
      new RegExp(`… \\(349 more characters\\)\\]\\n${long}\\n$`),
    );
  });

  test.concurrent('with several servers takes the full name, or the plain one where only one server has it', async () => {
    const ran = await typed(
      ['/call work steps=1 ms=0', '/call echo__pid', '/call pid'],
      fixture('echo'),
      fixture('progress'),
    );
    expect(ran.stdout).toMatch(
      /^\[called progress__work\(steps: 1, ms: 0\) T\]\n.*\n\[called echo__pid\(\) T\]\n\d+\n$/,
    );
    expect(said(ran)).toBe('"pid" is a tool of echo and progress; say echo__pid or progress__pid\n');
  });
});

describe('the other commands', () => {
  test.concurrent('/help lists them all', async () => {
    const { stdout } = await typed(['/help']);
    for (const name of [
      'help',
      'tools',
      'call',
      'read',
      'prompt',
      'raw',
      'servers',
      'add',
      'stop',
      'reconnect',
      'log',
      'show',
      'verbose',
      'history',
      'clear',
      'quit',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  /${name}( .*)?  \\S`, 'm'));
    }
  });

  test.concurrent('/tools lists the tools, shows one with its schema, and marks those that no model can use', async () => {
    const { stdout } = await typed(['/tools', '/tools add']);
    expect(stdout).toContain('  add      Adds two numbers.\n');
    expect(stdout).toContain(
      'add: Adds two numbers.\nonly reads, may reach the outside world\n{\n  "type": "object",\n',
    );
    const bad = await typed(['/tools', '/call string_schema'], fixture('bad-tools'));
    expect(bad.stdout).toMatch(/^ {2}string_schema .*\(no model can use it\)$/m);
    expect((await typed(['/tools'], library)).stdout).toBe('There are no tools.\n');
  });

  test.concurrent('/read, /prompt and /raw show the raw result', async () => {
    const ran = await typed(
      [
        '/read book://one',
        '/prompt greet name=Ann',
        '/prompt greet {"name":"Bob"}',
        '/raw ping',
        '/raw no/such',
        '/raw',
        '/read',
        '/prompt',
      ],
      library,
    );
    expect(ran.stdout.split('\n')).toEqual([
      '{"contents":[{"uri":"book://one","text":"once upon\\u001b[31m a time"}]}',
      '{"messages":[{"role":"user","content":{"type":"text","text":"{\\"name\\":\\"greet\\",\\"arguments\\":{\\"name\\":\\"Ann\\"}}"}}]}',
      '{"messages":[{"role":"user","content":{"type":"text","text":"{\\"name\\":\\"greet\\",\\"arguments\\":{\\"name\\":\\"Bob\\"}}"}}]}',
      '{}',
      '',
    ]);
    expect(said(ran).trimEnd().split('\n')).toEqual([
      'The server answered no/such with error -32601: Method not found',
      'Usage: /raw [SERVER] METHOD [{json}]',
      'Usage: /read [SERVER] URI',
      'Usage: /prompt [SERVER] NAME [{json} | key=value…]',
    ]);
  });

  test.concurrent('/raw and its like need the name of a server where there are several', async () => {
    const ran = await typed(
      ['/raw ping', '/raw legacy-only ping', '/read nothing x://y'],
      library,
      fixture('legacy-only'),
    );
    expect(ran.stdout).toBe('{}\n');
    expect(said(ran).trimEnd().split('\n')).toEqual([
      'Name the server: /raw [SERVER] METHOD [{json}]; servers: library, legacy-only',
      'Name the server: /read [SERVER] URI; servers: library, legacy-only',
    ]);
  });

  test.concurrent('/servers tells which live, /reconnect starts them anew', async () => {
    const ran = await typed([
      '/servers',
      '/call pid',
      '/reconnect',
      '/call pid',
      '/reconnect nobody',
      '/reconnect echo',
    ]);
    const [, one, two] =
      /^ {2}echo {2}pid P, up T; echo 1\.0\.0, modern 2026-07-28; 7 tools\n\[called pid\(\) T\]\n(\d+)\n\[called pid\(\) T\]\n(\d+)\n$/.exec(
        ran.stdout,
      ) ?? [];
    expect(Number(one)).toBeGreaterThan(0);
    expect(two).not.toBe(one);
    expect(said(ran)).toMatch(/^echo: restarted, pid P[\s\S]*There is no server "nobody"; servers: echo\n/);
    expect(ran.stderr.match(/restarted, pid P/g)).toHaveLength(2);
  });

  test.concurrent('/verbose shows the frames from then on, and hides them again', async () => {
    const ran = await typed(['/call pid', '/verbose', '/call pid', '/verbose', '/call pid']);
    expect(ran.stdout).toContain('The raw JSON-RPC is shown from now on.\n');
    expect(ran.stdout).toContain('The raw JSON-RPC is no longer shown.\n');
    expect(said(ran).match(/tools\/call pid {2}id/g)).toHaveLength(2);
  });

  test.concurrent('a tool that no model can be told of is said once, also when it comes later', async () => {
    const ran = await typed(['/call add_tool name=a.b', '/tools', '/call a.b', '/tools'], fixture('list-changes'));
    expect(ran.stdout).toContain('a.b');
    const bad = await typed(['/tools', '/tools'], fixture('bad-tools'));
    expect(bad.stderr.match(/The model is not told of the tool "string_schema"/g)).toHaveLength(1);
  });

  test.concurrent('/clear forgets the conversation', async () => {
    // A request that knows of the first query would be answered by the first turn.
    const model = script({ when: 'one', say: 'first' }, { say: 'second', repeat: true });
    const { stdout } = await run(['chat', fixture('echo'), '--model', model], { stdin: 'one\n/clear\ntwo\n' });
    expect(stdout).toBe('first\nThe conversation is forgotten.\nsecond\n');
  });

  test.concurrent('a line that is no command says so and names the nearest, and the chat goes on', async () => {
    const wrong = [
      ['/tols', 'There is no command /tols; did you mean /tools? (/help lists them)'],
      ['/Tools', 'There is no command /Tools; did you mean /tools? (/help lists them)'],
      ['/cal', 'There is no command /cal; did you mean /call? (/help lists them)'],
      ['/frobnicate', 'There is no command /frobnicate (/help lists them)'],
      ['/', 'There is no command / (/help lists them)'],
      ['/constructor', 'There is no command /constructor (/help lists them)'],
    ] as const;
    const ran = await typed([...wrong.map(([line]) => line), '/call echo text=on']);
    expect(said(ran).trimEnd().split('\n')).toEqual(wrong.map(([, sentence]) => sentence));
    expect(ran.stdout).toMatch(/on\n$/);
  });
});
