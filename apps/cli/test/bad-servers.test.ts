import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { file, run, scratch, script } from './driver.ts';

const hurry = ['--timeout', '0.5', '--probe-timeout', '0.3'];
const node = process.execPath;

/** One sentence for a person: a line that says what, why and what next, and no stack trace. */
function expectOneSentence(stderr: string): void {
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^mcp-dbg: [A-Z]/);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
}

describe('a server that cannot be started', () => {
  const folder = join(scratch, 'a-folder');
  mkdirSync(folder, { recursive: true });
  const text = file('notes.txt', 'hello');
  const unrunnable = file('server', '#!/bin/sh\n');
  const lost = file('lost', '#!/no/such/interpreter\n');
  chmodSync(lost, 0o755);

  test.concurrent.each<[string, readonly string[], number, RegExp]>([
    ['missing file', ['./missing.py'], 1, /"\.\/missing\.py".*no such file in .*check the path/],
    ['folder', [folder], 1, /it is a folder; name the server's script in it/],
    ['unknown extension without run bit', [text], 1, /neither a .* script nor executable; run `chmod \+x` on it/],
    ['no extension and no run bit', [unrunnable], 1, /nor executable; run `chmod \+x`/],
    ['command not found', ['no-such-command'], 1, /no such command in PATH \(.*bin.*\); check the spelling/],
    ['command not found after --', ['--', 'no-such-command'], 1, /command not found in PATH \(".*bin.*"\); install it/],
    ['not executable after --', ['--', text], 1, /it may not be run; `chmod \+x` it/],
    ['folder after --', ['--', folder], 1, /it is a folder/],
    ['interpreter of #! missing', [lost], 1, /\/no\/such\/interpreter/],
    ['working folder missing', [fixture('echo'), '--cwd', '/no/such/folder'], 1, /"\/no\/such\/folder" does not exist/],
    ['URL', ['http://127.0.0.1:1/mcp'], 4, /127\.0\.0\.1:1.*refused/],
  ])('%s', async (_, server, exit, why) => {
    const { code, stderr, stdout } = await run(['tools', ...server]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expectOneSentence(stderr);
    expect(stderr).toMatch(why);
  });

  test.concurrent('is not named twice', async () => {
    const { code, stderr } = await run(['chat', fixture('echo'), '--', 'node']);
    expect(code).toBe(1);
    expectOneSentence(stderr);
    expect(stderr).toMatch(/either before -- or after it, not both/);
  });

  test.concurrent('is said by chat in the same words', async () => {
    const chat = await run(['chat', './missing.py'], { cwd: scratch });
    expect(chat).toEqual(await run(['tools', './missing.py'], { cwd: scratch }));
  });

  test.concurrent('a Python script where there is no Python', async () => {
    const python = file('server.py', 'print(1)\n');
    const { code, stderr } = await run(['tools', python], { env: { PATH: folder } });
    expect(code).toBe(1);
    expectOneSentence(stderr);
    expect(stderr).toMatch(/neither python3 nor python is in PATH \(.*a-folder.*\); install Python 3/);
  });
});

describe('a server that starts badly', () => {
  test.concurrent.each<[string, readonly string[], RegExp]>([
    [
      'exits at once',
      [fixture('exits-at-once')],
      /exit code 1; stderr: Error: WEATHER_API_KEY is not set \(run it by itself/,
    ],
    [
      'never answers',
      [fixture('never-answers'), ...hurry],
      /did not answer initialize within 0\.5 s; is it an MCP server.*--timeout/,
    ],
    [
      'closes its stdin',
      [...hurry, '--', node, fixture('closes-stdin'), 'at-once'],
      // It is seen when something is written; a server that is faster than that gets a second start.
      /closed its stdin|did not answer initialize/,
    ],
    ['closes its stdout', ['--', node, fixture('closes-stdout'), 'at-once'], /ended before it answered/],
    ['forks and dies', ['--', node, fixture('forks-and-dies'), 'at-once'], /exit code 1; stderr: grandchild \d+/],
    [
      'dies in the handshake',
      ['--', node, fixture('dies-after-handshake'), 'handshake'],
      /exit code 1; stderr: fatal: the database is locked/,
    ],
    ['is no MCP server', [...hurry, '--', 'cat'], /sent our own request server\/discover back; is it an MCP server\?/],
  ])('%s', async (_, server, why) => {
    const { code, stderr, stdout } = await run(['tools', ...server]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    const sentence = stderr.trimEnd().split('\n').at(-1) ?? '';
    expectOneSentence(sentence);
    expect(stderr).toMatch(why);
  });

  test.concurrent('misses a variable: ours are not passed on, and -e gives it one', async () => {
    const server = fixture('needs-variable');
    const without = await run(['tools', server], { env: { WEATHER_API_KEY: 'ours' } });
    expect(without.code).toBe(4);
    expectOneSentence(without.stderr);
    expect(without.stderr).toMatch(/WEATHER_API_KEY is not set .*-e NAME=VALUE gives it a variable/);
    const call = await run(['call', server, 'get_forecast', 'city=Paris', '-e', 'WEATHER_API_KEY=given']);
    expect(call).toMatchObject({ code: 0, stdout: 'Sunny in Paris.\n', stderr: '' });
  });

  test.concurrent('answers garbage: what it wrote is told beside the sentence', async () => {
    const { code, stderr } = await run(['tools', fixture('garbage'), '--timeout', '3', '--probe-timeout', '0.3']);
    expect(code).toBe(4);
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toMatch(/garbage: wrote to stdout what is no message: .*UTF-8.*logs go to stderr/);
    expect(lines.at(-1)).toMatch(/^mcp-dbg: The server did not answer initialize/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.concurrent('a stack trace is shown where MCP_DBG_DEBUG asks for it', async () => {
    const { code, stderr } = await run(['tools', './missing.py'], { env: { MCP_DBG_DEBUG: '1' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcp-dbg: Cannot use .*\n.*\n\s+at /);
  });

  test.concurrent('one dead server costs the others nothing', async () => {
    const argv = ['chat', fixture('exits-at-once'), fixture('echo'), '--model', 'manual'];
    const { code, stdout, stderr } = await run(argv, { stdin: '/call echo__echo {"text":"hi"}\nquit\n' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[called echo__echo\(text: "hi"\) .*\]\nhi\n$/);
    expect(stderr).toMatch(/exits-at-once: The server ended .*WEATHER_API_KEY is not set; trying again in 500 ms/);
    expect(stderr).toContain('echo: connected to echo 1.0.0 (modern, 2026-07-28), 7 tools');
  });
});

test.concurrent('a message that lacks a brace is told, since nobody answers then', async () => {
  const server = file(
    'braceless.mjs',
    `process.stdin.on('data', (data) => {
      const { id, method } = JSON.parse(data);
      if (id === undefined) return;
      const result = { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} },
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'braceless', version: '1.0.0' } },
        tools: [{ name: 'now', inputSchema: { type: 'object' } }], content: [] };
      const answer = JSON.stringify({ jsonrpc: '2.0', id, result });
      process.stdout.write((method === 'tools/call' ? answer.slice(0, -1) : answer) + '\\n');
    });`,
  );
  const { code, stderr } = await run(['call', server, 'now', '--timeout', '1']);
  expect(code).toBe(5);
  expect(stderr).toMatch(
    /braceless: wrote a message that is not JSON: Expected .* \[frame \d+\]\nmcp-dbg: .*did not answer tools\/call/,
  );
});

describe('a server that works although', () => {
  test.concurrent.each<[string, readonly string[], RegExp | undefined]>([
    [
      'it prints a banner',
      [fixture('prints-banner'), 'add'],
      /wrote to stdout what is no message: "Starting server v1\.2\.3"/,
    ],
    [
      'it prints pretty JSON',
      [fixture('pretty-json'), 'add'],
      /spread one message over several lines.*\[stdio\/one-message-a-line/,
    ],
    ['it starts with a byte order mark', [fixture('bom'), 'add'], /byte order mark/],
    ['it floods', ['add', '--', node, fixture('floods'), '20000'], undefined],
    ['it floods stderr', [fixture('stderr-flood'), 'add'], undefined],
    ['it dies on the probe', [fixture('exits-on-probe'), 'add'], /legacy/],
    ['it is silent on the probe', [fixture('silent-on-probe'), 'add', '--probe-timeout', '0.3'], /legacy/],
  ])('%s', async (_, words, told) => {
    const cut = words.includes('--') ? words.indexOf('--') : words.length;
    const argv = ['call', ...words.slice(0, cut), 'a=1', 'b=2', ...words.slice(cut)];
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '3\n' });
    if (told === undefined) expect(stderr).toBe('');
    else expect(stderr).toMatch(told);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
  });

  test.concurrent.each(['prints-banner', 'exits-on-probe'] as const)(
    '%s: with --json nothing of that is said',
    async (name) => {
      const { stdout, stderr } = await run(['call', fixture(name), 'add', 'a=1', 'b=2', '--json']);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({ content: [{ type: 'text', text: '3' }] });
    },
  );

  test.concurrent('its result has 100 MB: every byte arrives', async () => {
    const { code, stdout, stderr } = await run(['call', fixture('big-line'), 'big', 'megabytes=100']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.length).toBe(100 * 1024 * 1024 + 1);
    expect(/^x+\n$/.test(stdout)).toBe(true);
  });

  test.concurrent('its result is broken UTF-8: the call ends, and the bytes are told', async () => {
    const server = file(
      'latin1.mjs',
      `import { readFileSync } from 'node:fs';
       import { createInterface } from 'node:readline';
       createInterface({ input: process.stdin }).on('line', (line) => {
         const { id, method, params } = JSON.parse(line);
         const say = (result) => process.stdout.write(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n', 'latin1'));
         if (method === 'initialize') say({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } });
         else if (method === 'tools/list') say({ tools: [{ name: 'cafe', inputSchema: { type: 'object' } }] });
         else if (method === 'tools/call') say({ content: [{ type: 'text', text: 'caf\\u00e9' }] });
         else if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }) + '\\n');
       });`,
    );
    const { code, stderr } = await run(['call', server, 'cafe', '--timeout', '3']);
    expect(code).toBe(5);
    expect(stderr).toMatch(/wrote to stdout what is no message: .*UTF-8/);
    expect(stderr).toMatch(/mcp-dbg: The server did not answer tools\/call within 3 s/);
  });
});

describe('a call that fails', () => {
  test.concurrent.each<[string, readonly string[], number, RegExp]>([
    [
      'server crashes',
      [fixture('crashes-on-call'), 'crash'],
      5,
      /exit code 3; stderr: KeyError: 'temperature'; whether the call had an effect is not known/,
    ],
    ['server is killed', [fixture('crashes-on-call'), 'sigkill'], 5, /signal SIGKILL; no stderr/],
    ['server closes stdout', [fixture('closes-stdout'), 'close_stdout'], 5, /closed its stdout/],
    ['server forks and dies', [fixture('forks-and-dies'), 'fork_and_die'], 5, /exit code 1/],
    [
      'time runs out',
      [fixture('echo'), 'slow', 'ms=20000', '--timeout', '3'],
      5,
      /did not answer tools\/call within 3 s/,
    ],
    ['JSON-RPC error', [fixture('tool-errors'), 'rpc_error'], 5, /answered tools\/call with error/],
    ['tool missing', [fixture('echo'), 'ad'], 5, /There is no tool "ad"; tools: add, big/],
    [
      'wrong argument',
      [fixture('echo'), 'add', 'a=x', 'b=2'],
      1,
      /mcp-dbg: Nothing was sent: a must be a number, not "x"\n/,
    ],
    ['no key', [fixture('echo'), 'add', '1', '2'], 1, /Arguments are key=value, key:=json or --args JSON, not "1"/],
    ['args no object', [fixture('echo'), 'add', '--args', '[1]'], 1, /must be a JSON object, such as/],
    [
      'a number that would change',
      [fixture('echo'), 'add', 'a=12345678901234567890', 'b=1'],
      1,
      /number 12345678901234567890 is too big to be sent exactly/,
    ],
    [
      'one in JSON',
      [fixture('echo'), 'add', '--args', '{"x":"9007199254740993","a":[-9007199254740993]}'],
      1,
      /number -9007199254740993 is too big/,
    ],
    ['no tool', [fixture('echo')], 1, /Name the tool: mcp-dbg call SERVER TOOL/],
  ])('%s', async (_, words, exit, why) => {
    const { code, stderr, stdout } = await run(['call', ...words]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expectOneSentence(stderr);
    expect(stderr).toMatch(why);
  });

  test.concurrent('a tool that says it failed: its words are the output', async () => {
    const { code, stdout, stderr } = await run(['call', fixture('tool-errors'), 'is_error']);
    expect({ code, stdout, stderr }).toEqual({ code: 5, stdout: 'The disk is full\n', stderr: '' });
  });

  test.concurrent('a tool that no model can use can be called by a person', async () => {
    const { code, stdout } = await run(['call', fixture('bad-tools'), 'illegal_key']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'illegal_key\n' });
  });
});

test.concurrent('nothing is written outside of the home, and nothing at all by one-shot commands', async () => {
  const empty = join(scratch, 'empty-home');
  mkdirSync(empty);
  await run(['tools', fixture('echo')], { env: { HOME: empty } });
  expect(existsSync(join(empty, '.local'))).toBe(false);
  await run(['chat', fixture('echo'), '--no-capture', '--model', script({ say: 'x' }), '-p', 'x'], {
    env: { HOME: empty },
  });
  expect(existsSync(join(empty, '.local'))).toBe(false);
});
