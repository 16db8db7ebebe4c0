import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type ServerEvent, Session } from '../src/index.ts';
import { custom } from './support/custom-server.ts';
import { brokenRules, echo, observed, outcomeText, recording, server } from './support/observed-session.ts';

/** How many of the things are still in use once the garbage is gone. */
async function stillHeld(things: readonly WeakRef<object>[]): Promise<number> {
  // A new reference holds its thing until the task at hand is done.
  await setImmediate();
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return things.filter((thing) => thing.deref() !== undefined).length;
}

describe('a server that breaks the rules of the wire is used all the same, and the breach is told:', () => {
  test.each([
    ['bom', ['stdio/utf-8']],
    ['pretty-json', ['stdio/one-message-a-line']],
    ['batch', ['json-rpc/no-batch']],
    ['null-id', ['json-rpc/id-null']],
    ['string-ids', ['json-rpc/id-type']],
    ['duplicate-answers', ['json-rpc/orphan']],
    ['prints-banner', []],
    ['stderr-flood', []],
  ] as const)('%s', async (name, expected) => {
    // Nothing here waits for a time-out: the default ones would end the test first.
    await using it = await observed([server(name)]);
    expect(await echo(it)).toBe('hello');
    expect([...brokenRules(it)]).toEqual(expected);
    expect(it.told('notice')).toEqual([]);
  });

  const withAnswers = (change: string): ReturnType<typeof custom> =>
    custom(`serve({ name: 'changed', tools: goodTools, encode: (message) => (${change})(message) });`);
  const line = (change: string): ReturnType<typeof custom> =>
    withAnswers(`(message) => JSON.stringify((${change})(message)) + '\\n'`);

  test.each([
    [
      'noise before each message',
      withAnswers("(message) => 'log: ' + JSON.stringify(message) + '\\n'"),
      ['stdio/one-message-a-line'],
    ],
    [
      'noise after each message',
      withAnswers("(message) => JSON.stringify(message) + ' done\\n'"),
      ['stdio/one-message-a-line'],
    ],
    [
      'a request quoted in a log line',
      withAnswers(
        `(message) => 'got {"jsonrpc":"2.0","id":' + JSON.stringify(message.id ?? 0) + ',"method":"tools/call"}\\n' + JSON.stringify(message) + '\\n'`,
      ),
      ['stdio/one-message-a-line', 'json-rpc/echo'],
    ],
    ['no "jsonrpc"', line('({ jsonrpc, ...rest }) => rest'), ['json-rpc/version']],
    [
      '"error":null beside each result',
      line('(message) => ({ ...message, error: null })'),
      ['json-rpc/result-or-error'],
    ],
    [
      'no resultType, ttlMs and cacheScope',
      line('({ result: { resultType, ttlMs, cacheScope, ...result } = {}, ...rest }) => ({ ...rest, result })'),
      [],
    ],
  ])('%s', async (_, config, expected) => {
    await using it = await observed([config]);
    expect(await echo(it)).toBe('hello');
    expect([...brokenRules(it)]).toEqual(expected);
  });

  const incomplete = (change: string): ReturnType<typeof custom> =>
    line(`(message) => message.result?.capabilities ? { ...message, result: (${change})(message.result) } : message`);

  test.each([
    [
      'auto',
      'modern',
      '({ supportedVersions, capabilities }) => ({ supportedVersions, capabilities, instructions: 7, _meta: 7 })',
      'resultType',
    ],
    [
      'legacy',
      'legacy',
      '({ protocolVersion, capabilities }) => ({ protocolVersion, capabilities, serverInfo: "x" })',
      'serverInfo',
    ],
  ] as const)('an opening that lacks what SDK clients insist on (era %s)', async (choice, era, change, lacks) => {
    await using it = await observed([incomplete(change)], { era: choice });
    expect(await echo(it)).toBe('hello');
    expect(it.told('server-ready')).toMatchObject([{ era, name: '', version: '' }]);
    expect(it.told('notice').map(({ message }) => message)).toEqual([
      `The server's answer to the opening lacks ${lacks}; SDK clients refuse that`,
    ]);
  });

  test.each([
    [
      'an unknown version',
      '() => ({ protocolVersion: "1999-01-01", capabilities: {} })',
      'NO_COMMON_VERSION',
      /^The server speaks 1999-01-01, and this client speaks /,
    ],
    [
      'no version',
      '() => ({ capabilities: {} })',
      'BAD_ANSWER',
      /^The server's answer to initialize names no protocol version$/,
    ],
  ])('but not with %s', async (_, change, code, message) => {
    const { onEvent, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [incomplete(change)], era: 'legacy', onEvent });
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expectNobodyLeft();
  });

  test('notifications and requests after a byte order mark', async () => {
    const code = `serve({ name: 'bom', era: 'legacy', listChanged: true, tools: [...goodTools, { name: 'add_tool', inputSchema: object,
      run: (_, { tools, toolsChanged, send }) => { tools.push({ ...tools[0], name: 'later' }); toolsChanged(); send({ id: 'p', method: 'ping' }); return 'ok'; } }],
      encode: (message) => '\\uFEFF' + JSON.stringify(message) + '\\n' });`;
    await using it = await observed([custom(code)]);
    await it.session.call('add_tool', {});
    await waitFor(() => it.told('tools-changed').length === 1, 'the new list');
    await waitFor(
      () => it.told('frame').some(({ frame, reading }) => frame.from === 'client' && reading.kind === 'result'),
      'the pong',
    );
  });
});

describe.concurrent('a server that gives no answer', () => {
  test('but garbage is given up after the time-out, with what to look for', async () => {
    const { onEvent, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [server('garbage')], probeMs: 200, timeoutMs: 200, onEvent });
    await expect(opening).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'The server did not answer initialize within 0.2 s; is it an MCP server on stdio?',
    });
    expectNobodyLeft();
  });

  test('but sends everything back is known for what it is', async () => {
    const { onEvent, told } = recording();
    const cat = { name: 'cat', argv: ['cat'], trusted: true } as const;
    const opening = Session.open({ servers: [cat], probeMs: 200, timeoutMs: 2000, onEvent });
    await expect(opening).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(told('finding').map(({ rule }) => rule)).toEqual(['json-rpc/echo', 'json-rpc/echo']);
  });
});

describe('much data', () => {
  test.each([11, 100])('a line of %i MB is an answer like any other', async (megabytes) => {
    await using it = await observed([server('big-line', String(megabytes))]);
    expect(outcomeText(await it.session.call('big', {})).length).toBe(megabytes * 1024 * 1024);
  });

  test('a line that never ends is cut off by ending the server, which is started again', async () => {
    const code = `const CHUNK = 'x'.repeat(1 << 20);
      serve({ name: 'endless', tools: [...goodTools, { name: 'endless', inputSchema: object, run: async (_, { write }) => {
        for (;;) if (!write(CHUNK)) await new Promise((resolve) => process.stdout.once('drain', resolve));
      } }] });`;
    await using it = await observed([custom(code)]);
    expect(outcomeText(await it.session.call('endless', {}))).toMatch(/^lost/);
    expect([...brokenRules(it)]).toEqual(['stdio/line-length']);
    expect(await echo(it)).toBe('hello');
  });

  test('a flood before the first answer delays nothing but that answer', async () => {
    await using it = await observed([server('floods', '5000')]);
    expect(outcomeText(await it.session.call('flood', { count: 1 }))).toBe('sent 1');
    expect(it.told('server-ready')).toMatchObject([{ era: 'modern' }]);
  });

  test('a flood of notifications is read and not kept', async () => {
    const [bytes, readings]: [WeakRef<object>[], WeakRef<object>[]] = [[], []];
    const onEvent = (event: ServerEvent): void => {
      if (event.type !== 'frame') return;
      bytes.push(new WeakRef(event.frame.bytes));
      readings.push(new WeakRef(event.reading));
    };
    await using session = await Session.open({ servers: [server('floods')], approve: async () => true, onEvent });
    await session.call('flood', { count: 60_000 });
    expect(bytes.length).toBeGreaterThan(60_000);
    expect(await stillHeld(bytes), 'frames that are held after they were read').toBeLessThan(100);
    expect(await stillHeld(readings), 'messages that are held after they were told').toBeLessThan(100);
  });

  test('hostile text comes through as it is, and breaks nothing', async () => {
    await using it = await observed([server('hostile-text')]);
    for (const { tool } of it.session.routes.byName.values()) {
      const outcome = await it.session.call(tool.name, {});
      expect(outcome.kind === 'result' || outcome.reason === 'error').toBe(true);
    }
    for (const name of it.session.routes.byName.keys()) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });
});
