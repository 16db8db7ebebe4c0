import { join } from 'node:path';

import { fixture, httpFixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { jsonLines, run, scratch } from '../driver.ts';
import { DIES, ECHO, SILENT, answering, result } from './answering.ts';

const server = answering({
  'x/echo': ECHO,
  'x/exact': result('{"z":12345678901234567890,"a":1.50,"s":"\\u001b[1m"}'),
  'x/dies': DIES,
  'x/silent': SILENT,
});
const modern = fixture('features-v2');

/** What arrived at a server that gives its request back. */
async function arrived(...argv: readonly string[]): Promise<unknown> {
  const { stdout, stderr, code } = await run(argv);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return (JSON.parse(stdout) as { got: string }).got;
}

describe('raw', () => {
  test.concurrent('sends the params as they stand, and gives the result as received', async () => {
    const params = '{"n":12345678901234567890,"a":1,"a":2.50,"__proto__":"\\ud800"}';
    expect(await arrived('raw', server, 'x/echo', params)).toBe(
      `{"jsonrpc":"2.0","id":"raw-1","method":"x/echo","params":${params}}`,
    );
    const { stdout } = await run(['raw', server, 'x/exact']);
    expect(stdout).toBe('{"z":12345678901234567890,"a":1.50,"s":"\\u001b[1m"}\n');
  });

  test.concurrent('takes the params from stdin, of several lines too', async () => {
    const { stdout } = await run(['raw', server, 'x/echo', '-'], { stdin: '[1,\r\n  {"a": "\\n"}\n]\n' });
    expect((JSON.parse(stdout) as { got: string }).got).toContain('"params":[1, {"a": "\\n"} ]}');
  });

  test.concurrent('sends what the modern era wants beside the params, unless that is given or not wanted', async () => {
    const capture = join(scratch, 'raw.mcpcap');
    const meta = '{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","mine":1.0},"cursor":"x"}';
    const whole = await run(['raw', modern, 'prompts/list', meta, '--capture', capture]);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    const sent = jsonLines((await run(['log', capture, 'method:prompts/list', '--json'])).stdout)[0]?.['raw'];
    expect(sent).toContain(
      '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","mine":1.0,"io.modelcontextprotocol/clientInfo":',
    );
    const bare = await run(['raw', fixture('echo'), 'tools/list', '--bare']);
    expect(bare).toMatchObject({ code: 5, stdout: '' });
    expect(bare.stderr).toMatch(/-32602: The request carries no protocol version/);
  });

  test.concurrent('sends the params as they stand to a server behind a URL, too', async () => {
    await using http = await httpFixture('http-v2');
    const capture = join(scratch, 'http.mcpcap');
    const argv = ['raw', http.url, 'tools/list', '{"n":12345678901234567890, "a":1.50}', '--capture', capture];
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ tools: expect.any(Array) });
    const sent = jsonLines((await run(['log', capture, 'method:tools/list', '--json'])).stdout)[0]?.['raw'];
    expect(sent).toContain(
      '"params":{"n":12345678901234567890, "a":1.50,"_meta":{"io.modelcontextprotocol/protocolVersion":',
    );
  });

  test.concurrent('sends a method of the other era, and prints the refusal of the server', async () => {
    const { code, stdout, stderr } = await run(['raw', modern, 'ping', '--json']);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    const { error } = JSON.parse(stderr) as { error: { code: string; rpc: unknown } };
    expect(error).toMatchObject({ code: 'REQUEST_FAILED', rpc: { code: -32601 } });
    const legacy = await run(['raw', fixture('features-v1'), 'server/discover']);
    expect(legacy.stderr).toMatch(/^mcp-dbg: The server answered server\/discover with error -32601: /);
  });

  test.concurrent('sends a notification with --notify, and waits for nothing', async () => {
    const capture = join(scratch, 'notify.mcpcap');
    const { code, stdout, stderr } = await run([
      'raw',
      server,
      'notifications/x',
      '{"a":1}',
      '--notify',
      '--capture',
      capture,
    ]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: 'mcp-dbg: sent notifications/x; a notification has no answer\n',
    });
    const lines = jsonLines((await run(['log', capture, 'method:notifications/x', '--json'])).stdout);
    expect(lines.map(({ raw }) => raw)).toEqual(['{"jsonrpc":"2.0","method":"notifications/x","params":{"a":1}}']);
  });

  test.concurrent('fails in a sentence where the server dies or is silent, and cancels what is not answered', async () => {
    const dead = await run(['raw', server, 'x/dies']);
    expect(dead).toMatchObject({ code: 5, stdout: '' });
    expect(dead.stderr).toMatch(/^mcp-dbg: The server ended before it answered x\/dies: exit code 3; stderr: Fatal/);
    const silent = await run(['raw', server, 'x/silent', '--timeout', '0.3', '--verbose']);
    expect(silent.code).toBe(5);
    expect(silent.stderr).toMatch(
      /\{"jsonrpc":"2.0","method":"notifications\/cancelled","params":\{"requestId":"raw-1"/,
    );
    expect(silent.stderr).toMatch(/mcp-dbg: The server did not answer x\/silent within 0.3 s \(/);
  });

  test.concurrent.each([
    [['raw', server], /Name the method, and its params as JSON/],
    [['raw', server, 'x', '{'], /Cannot read the params as JSON: /],
    [['raw', server, 'x', '5'], /Params are an object or a list/],
  ])('refuses what is no request before anything starts: %j', async (argv, why) => {
    const { code, stderr } = await run(argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(why);
  });
});
