import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { file, jsonLines, run, script } from './driver.ts';

/** Everything that a terminal or a reader could be fooled by: none of it may stand raw in JSON output. */
const HIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/u;

/** A server whose one tool gives, as its result, the text of `result`, byte for byte. */
function exact(result: string): string {
  const list = '{"tools":[{"title":"T","name":"exact","inputSchema":{"type":"object"},"limit":9007199254740993}]}';
  return file(
    'exact.mjs',
    `import { createInterface } from 'node:readline';
     const answers = { initialize: ${JSON.stringify('{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"exact","version":"1"}}')},
       'tools/list': ${JSON.stringify(list)}, 'tools/call': ${JSON.stringify(result)} };
     createInterface({ input: process.stdin }).on('line', (line) => {
       const { id, method } = JSON.parse(line);
       if (id === undefined) return;
       const body = answers[method] === undefined ? '"error":{"code":-32601,"message":"no"}' : '"result":' + answers[method];
       process.stdout.write('{"jsonrpc":"2.0","id":' + JSON.stringify(id) + ',' + body + '}\\n');
     });`,
  );
}

describe('tools --json', () => {
  test.concurrent('gives server, era, version and the tools as listed', async () => {
    const { code, stdout, stderr } = await run(['tools', fixture('echo'), '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.endsWith('}\n')).toBe(true);
    const shape = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(shape)).toEqual(['server', 'era', 'protocolVersion', 'tools']);
    expect(shape).toMatchObject({
      server: { name: 'echo', version: '1.0.0' },
      era: 'modern',
      protocolVersion: '2026-07-28',
    });
    expect((shape['tools'] as unknown[])[1]).toEqual({
      name: 'add',
      description: 'Adds two numbers.',
      inputSchema: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { type: 'number' } },
        required: ['a', 'b'],
      },
      annotations: { readOnlyHint: true },
    });
  });

  test.concurrent('keeps big numbers and the order of keys of every entry, and names the legacy era', async () => {
    const { stdout } = await run(['tools', exact('{}'), '--json']);
    expect(stdout).toBe(
      '{"server":{"name":"exact","version":"1"},"era":"legacy","protocolVersion":"2025-11-25","tools":[{"title":"T","name":"exact","inputSchema":{"type":"object"},"limit":9007199254740993}]}\n',
    );
  });

  test.concurrent('writes hidden characters as escapes of the same value', async () => {
    const { stdout } = await run(['tools', fixture('hostile-text'), '--json']);
    expect(stdout).not.toMatch(HIDDEN);
    const { server } = JSON.parse(stdout) as { server: { name: string } };
    expect(server.name).toBe('hostile\u001b[31mPWNED\u001b[0m');
  });
});

describe('call --json', () => {
  test.concurrent('gives the result as received: big numbers, the order of keys, the digits', async () => {
    const result =
      '{"z":1,"content":[{"type":"text","text":"ok"}],"structuredContent":{"id":12345678901234567890,"pi":3.10,"e":1E+2},"a":0}';
    const { code, stdout, stderr } = await run(['call', exact(result), 'exact', '--json']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${result}\n`, stderr: '' });
  });

  test.concurrent('writes hidden characters as escapes of the same value, on one line', async () => {
    const { stdout } = await run(['call', fixture('hostile-text'), 'result', '--json']);
    expect(stdout).not.toMatch(HIDDEN);
    expect(stdout.indexOf('\n')).toBe(stdout.length - 1);
    expect(stdout).toContain('\\u202eDENWP\\u202c');
    expect(stdout).toContain('\\udb40\\udc50');
    const { content } = JSON.parse(stdout) as { content: [{ text: string }] };
    expect(content[0].text).toContain('\u001b]0;PWNED\u0007');
  });

  test.concurrent('gives the result of a failed tool too', async () => {
    const { code, stdout, stderr } = await run(['call', fixture('tool-errors'), 'is_error', '--json']);
    expect(code).toBe(5);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ isError: true, content: [{ type: 'text', text: 'The disk is full' }] });
  });
});

describe('chat --json', () => {
  const keys: Readonly<Record<string, readonly string[]>> = {
    text: ['type', 'text'],
    'tool-call': ['type', 'id', 'name', 'server', 'tool', 'args'],
    'tool-result': ['type', 'id', 'isError', 'content'],
    'server-ended': ['type', 'server', 'pid', 'code', 'signal', 'stderr', 'inFlight'],
    'server-restarted': ['type', 'server', 'pid', 'attempt'],
    frame: ['type', 'server', 'from', 'us', 'raw'],
    stopped: ['type', 'reason'],
  };

  test.concurrent('tells exactly the promised events with exactly their keys', async () => {
    const model = script(
      { say: 'Let me see.', call: [{ tool: 'sigkill' }, { tool: 'add', args: { a: 1, b: 2 } }] },
      { say: 'Done: {{result}}' },
    );
    const argv = ['chat', fixture('crashes-on-call'), '--json', '--verbose', '--yes', '--model', model, '-p', 'go'];
    const { code, stdout } = await run(argv);
    expect(code).toBe(0);
    const events = jsonLines(stdout);
    for (const event of events) expect(Object.keys(event)).toEqual(keys[String(event['type'])]);
    expect(new Set(events.map((event) => event['type']))).toEqual(new Set(Object.keys(keys)));
    expect(events.filter((event) => event['type'] === 'stopped')).toEqual([{ type: 'stopped', reason: 'end_turn' }]);
    expect(events.at(-1)?.['type']).toBe('stopped');
    const ended = events.find((event) => event['type'] === 'server-ended');
    expect(ended).toMatchObject({ server: 'crashes-on-call', code: null, signal: 'SIGKILL', stderr: null });
    expect(ended?.['inFlight']).toContain('sigkill');
    const restarted = events.find((event) => event['type'] === 'server-restarted');
    expect(restarted?.['pid']).not.toBe(ended?.['pid']);
    const calls = events.filter((event) => event['type'] === 'tool-call');
    expect(calls.map(({ name, server, tool, args }) => ({ name, server, tool, args }))).toEqual([
      { name: 'sigkill', server: 'crashes-on-call', tool: 'sigkill', args: {} },
      { name: 'add', server: 'crashes-on-call', tool: 'add', args: { a: 1, b: 2 } },
    ]);
    const results = events.filter((event) => event['type'] === 'tool-result');
    expect(new Set(results.map(({ id }) => id))).toEqual(new Set(calls.map(({ id }) => id)));
    expect(results.find(({ id }) => id === calls[0]?.['id'])?.['isError']).toBe(true);
  });

  test.concurrent('leaves frames out without --verbose', async () => {
    const { stdout } = await run(['chat', fixture('echo'), '--json', '--model', script({ say: 'Hi.' }), '-p', 'go']);
    expect(jsonLines(stdout)).toEqual([
      { type: 'text', text: 'Hi.' },
      { type: 'stopped', reason: 'end_turn' },
    ]);
  });

  test.concurrent.each([
    ['max_tokens', script({ say: 'cut', stop: 'max_tokens' })],
    ['refusal', script({ say: 'no', stop: 'refusal' })],
    ['rounds', script({ call: [{ tool: 'pid' }], repeat: true })],
    ['api-error', script({ error: { status: 400, message: 'bad' } })],
    ['no-model', 'manual'],
  ])('says %s when that is why a query stopped', async (reason, model) => {
    const argv = ['chat', fixture('echo'), '--json', '--max-rounds', '3', '--model', model, '-p', 'go'];
    const events = jsonLines((await run(argv)).stdout);
    expect(events.filter((event) => event['type'] === 'stopped')).toEqual([{ type: 'stopped', reason }]);
  });

  test.concurrent('shows a frame that is no UTF-8 as base64', async () => {
    const argv = [
      'chat',
      fixture('garbage'),
      '--json',
      '--verbose',
      '--timeout',
      '3',
      '--probe-timeout',
      '0.3',
      '--model',
      'manual',
    ];
    const frames = jsonLines((await run(argv)).stdout).filter((event) => event['type'] === 'frame');
    const broken = frames.find((event) => event['raw'] === null);
    expect(Object.keys(broken ?? {})).toEqual(['type', 'server', 'from', 'us', 'raw', 'rawBase64']);
    expect(Buffer.from(String(broken?.['rawBase64']), 'base64')).toEqual(
      Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0xff, 0xfe]),
    );
  });
});

test.concurrent.each([
  ['USAGE', ['tools', '--json']],
  ['USAGE', ['call', fixture('echo'), '--json']],
  ['USAGE', ['chat', '--json']],
  ['USAGE', ['tools', '--json', '--no-such-option']],
  ['USAGE', ['no-such-command', '--json']],
  ['USAGE', ['tools', '--json', '--era', 'golden', fixture('echo')]],
  ['USAGE', ['tools', '--json', fixture('echo'), 'a', 'b']],
  ['UNKNOWN_TOOL', ['tools', '--json', fixture('echo'), 'nope']],
  ['USAGE', ['tools', '--json', '--timeout', 'soon', fixture('echo')]],
  ['BAD_SERVER', ['tools', './nothing.py', '--json']],
  ['BAD_ARGUMENTS', ['call', fixture('echo'), 'add', 'a=1', '--json']],
  ['BAD_ARGUMENTS', ['call', fixture('echo'), 'add', '--args', '{', '--json']],
  ['UNKNOWN_TOOL', ['call', fixture('echo'), 'nope', '--json']],
  ['CONNECTION_LOST', ['tools', fixture('exits-at-once'), '--json']],
  ['TIMEOUT', ['tools', fixture('never-answers'), '--probe-timeout', '0.2', '--timeout', '0.2', '--json']],
  ['TOOL_FAILED', ['call', fixture('crashes-on-call'), 'crash', '--json']],
  ['TOOL_FAILED', ['call', fixture('tool-errors'), 'rpc_error', '--json']],
  ['SCRIPT', ['chat', fixture('echo'), '--model', 'script:nothing.json', '--json']],
  ['CREDENTIALS', ['chat', fixture('echo'), '--model', 'some-model', '--json']],
])('a command that fails with %s says so in one line of JSON: %j', async (code, argv) => {
  const { stdout, stderr, code: exit } = await run(argv);
  expect(exit).not.toBe(0);
  expect(stdout).toBe('');
  const [line, ...others] = stderr.split('\n');
  expect(others).toEqual(['']);
  const shape = JSON.parse(line ?? '') as { error: Record<string, unknown> };
  expect(shape).toEqual({ error: { code, message: expect.any(String) } });
  expect(shape.error['message']).not.toMatch(/\n|\bat .*:\d+/);
});

test('in a chat for programs /log and /show know the frames, and /verbose gives them from then on', async () => {
  const argv = ['chat', fixture('echo'), '--model', 'manual', '--json'];
  const { stdout, stderr } = await run(argv, { stdin: '/call pid\n/log pid\n/show 1\n/verbose\n/call pid\n' });
  expect(stderr).toMatch(/tools\/call pid/);
  expect(stderr).toMatch(/#1 --> server\/discover/);
  const events = jsonLines(stdout).map(({ type }) => type);
  expect(events).toEqual(['tool-call', 'tool-result', 'tool-call', 'frame', 'frame', 'tool-result']);
});
