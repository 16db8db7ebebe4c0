import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fixture, waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { BIN, environment, run } from '../driver.ts';
import { Attached, HeldProxy, attached, captureOf, liveFolderOf, newHome, placesOf } from './held-proxy.ts';

const CALLS = ['--hold', 'is:pending method:tools/call'];

describe.concurrent('somebody who is attached', () => {
  test('lets a held frame go on, changes, drops, answers, and adds one; the client and the capture show it', async () => {
    const { proxy, person } = await attached(CALLS);
    proxy.calls(1, 'as it is');
    const held = await person.sees({ type: 'held', number: 1 });
    expect(held).toMatchObject({ from: 'client', kind: 'request', id: '1', method: 'tools/call', tool: 'echo' });
    expect(held['raw'], 'its text').toContain('"as it is"');
    proxy.says({ jsonrpc: '2.0', id: 'p', method: 'ping' });
    await proxy.answer('p');
    expect(proxy.got, 'the answer to what is held').toHaveLength(2);
    person.types('a 1');
    await person.sees({ type: 'settled', number: 1, how: 'accepted' });
    expect(await proxy.answer(1)).toContain('as it is');

    proxy.calls(2, 'before');
    await person.sees({ type: 'held', number: 2 });
    person.types(`e 2 ${String(held['raw']).replace('as it is', 'after').replace('"id":1', '"id":2')}`);
    await person.sees({ type: 'settled', number: 2, how: 'edited' });
    expect(await proxy.answer(2)).toContain('after');

    proxy.calls(3, 'never seen');
    await person.sees({ type: 'held', number: 3 });
    person.types('d');
    await person.sees({ type: 'settled', number: 3, how: 'dropped' });

    proxy.calls(4, 'never seen either');
    await person.sees({ type: 'held', number: 4 });
    person.types('r 4 {"error":{"code":-32000,"message":"out of order"}}');
    await person.sees({ type: 'settled', number: 4, how: 'answered' });
    expect(await proxy.answer(4)).toBe('{"jsonrpc":"2.0","id":4,"error":{"code":-32000,"message":"out of order"}}');

    person.types('add client {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
    await person.sees({ type: 'passed', method: 'notifications/tools/list_changed', by: 'mcp-dbg' });
    person.types('add server {"jsonrpc":"2.0","id":"ours","method":"ping"}');
    await proxy.answer('ours');
    expect(proxy.got).toContain('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
    await proxy.closes();
    await person.sees({ type: 'ended', how: 'bye' });
    expect((await person.program.ended).code).toBe(0);

    const lint = await run(['lint', '--json'], { env: { HOME: proxy.home } });
    const { findings = [] } = JSON.parse(lint.stdout) as { readonly findings?: readonly { readonly level: string }[] };
    expect(
      findings.filter(({ level }) => level !== 'info'),
      'what the peers are blamed for',
    ).toEqual([]);
    const capture = captureOf(proxy.home);
    expect(capture).toMatch(/"t":"note".*passed on 1, the request tools\/call echo \(id 1\), after .*s, as it was/);
    expect(capture).toMatch(/"t":"note".*changed 2,.*"original":"\{.*before.*\\n"/);
    expect(capture).toMatch(/"t":"note".*dropped 3,.*"original":"\{.*never seen.*\\n"/);
    expect(capture).toMatch(/"t":"note".*answered by hand 4,.*"original":"\{.*never seen either.*\\n"/);
    expect(capture).toMatch(/"t":"note".*added for the client, by hand/);
    expect(
      capture.match(/"by":"mcp-dbg"/g),
      'what was passed on and is ours: one changed, answered, two added',
    ).toHaveLength(4);
  });

  test('lists what is held, shows one whole, and is told what was wrong with a line', async () => {
    const { proxy, person } = await attached(CALLS);
    person.types('list');
    await person.sees({ type: 'list', held: [] });
    const long = 'x'.repeat(100_000);
    for (const id of [1, 2]) proxy.calls(id, long);
    const held = await person.sees({ type: 'held', number: 2 });
    expect(held).toMatchObject({ isCut: true });
    person.types('s 2');
    const whole = await person.sees({ type: 'frame', number: 2 });
    expect(whole).toMatchObject({ isCut: false });
    expect(whole['raw'], 'the whole text').toContain(long);
    const lines = {
      a: /Several frames are held; say which: 1, 2/,
      accpet: /did you mean accept\?/,
      'a x': /x is none/,
      'd 7': /Frame 7 is not held/,
      'r 1 {': /not JSON/,
      'e 1': /Without a terminal there is no editor/,
      'add both {}': /takes client or server/,
    };
    for (const [line, why] of Object.entries(lines)) {
      person.types(line);
      const refused = await person.sees({ type: 'refused', command: line });
      expect(refused['message'], line).toMatch(why);
    }
    person.types('all');
    await person.sees({ type: 'done', frames: 2 });
    await Promise.all([proxy.answer(1), proxy.answer(2)]);
    person.types('q');
    expect((await person.program.ended).code, 'leaving').toBe(0);
    await proxy.closes();
  });

  test('reads it as text without --json, with nothing raw of what a peer wrote', async () => {
    const proxy = await new HeldProxy(CALLS).opens();
    proxy.calls(1, '\u001b[31m\u202eevil');
    await waitFor(() => captureOf(proxy.home).includes('held 1'), 'the hold on record');
    const ran = await run(['attach'], { env: { HOME: proxy.home }, stdin: 'list\nwhat\na 1\nq\n' });
    expect(ran.stderr).toMatch(
      /^attached to echo \(pid \d+\)\nit holds "is:pending method:tools\/call", 30 s at most; capture: .*\.mcpcap\n/,
    );
    expect(ran.stderr).toContain('There is no command what');
    expect(ran.stdout).toMatch(/held 1 --> tools\/call echo {2}id 1 {2}\d+ B {2}\d+ s left\n {5}\{"jsonrpc"/);
    expect(ran.stdout).toContain('1 passed on to the server after ');
    expect(ran.stdout + ran.stderr).not.toMatch(/\u001b|\u202e/);
    await proxy.closes();
  });
});

describe.concurrent('which proxy', () => {
  test('is the newest, or the one of a label, a pid, or a capture; others and none are told in a sentence', async () => {
    const home = newHome();
    const none = await run(['attach'], { env: { HOME: home } });
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toMatch(/^mcp-dbg: No proxy runs that holds frames; start one with --hold, as in: .*\n$/);

    const one = await new HeldProxy([...CALLS, '--label', 'one'], { home }).opens();
    const other = await new HeldProxy([...CALLS, '--label', 'other'], { home }).opens();
    const attach = async (...words: readonly string[]): Promise<string> =>
      (await run(['attach', ...words], { env: { HOME: home } })).stderr;
    const newest = await attach();
    expect(newest).toMatch(/^attached to other \(pid \d+\), the newest of 2; a label or a pid names another\n/);
    const [, capture = ''] = /capture: (.*)\n/.exec(newest) ?? [];
    const [byLabel, byPid, byCapture, mistyped] = await Promise.all(
      ['one', String(one.program.pid), capture, 'oen'].map((word) => attach(word)),
    );
    expect(byLabel).toMatch(/^attached to one \(pid \d+\)\n/);
    expect(byPid).toBe(byLabel);
    expect(byCapture).toMatch(/^attached to other \(pid \d+\)\n/);
    expect(mistyped).toMatch(
      /^mcp-dbg: No running proxy that holds frames is called "oen"; did you mean one\? There are: one \(pid \d+\), other \(pid \d+\)\n$/,
    );
    await Promise.all([one.closes(), other.closes()]);
    expect(placesOf(home), 'what a proxy leaves behind').toEqual([]);
  });
});

test('with --wait it takes one proxy after another, and a script waits for what is held', async () => {
  const home = newHome();
  const person = new Attached(home, ['--wait', '--quiet']);
  for (const id of [1, 2]) {
    person.types('wait');
    person.types(`r ${id === 1 ? 1 : ''} {"error":{"code":${id},"message":"no"}}`);
    const proxy = await new HeldProxy(CALLS, { home }).opens();
    await person.sees({ type: 'attached', pid: proxy.program.pid });
    proxy.calls(id, 'x');
    expect(await proxy.answer(id)).toContain(`"code":${id}`);
    await proxy.closes();
    await person.sees({ type: 'ended', how: 'bye' });
  }
  person.types('a 1');
  await person.sees({ type: 'refused', message: 'No proxy is attached to yet' });
  expect(person.events.filter(({ type }) => type === 'passed')).toEqual([]);
  person.program.child.kill('SIGTERM');
  expect((await person.program.ended).code).toBe(143);
});

test('a stock client never notices, but for the time', async () => {
  const home = newHome();
  const client = new Client({ name: 'stock', version: '1.0.0' }, { versionNegotiation: { mode: 'legacy' } });
  const args = [BIN, 'proxy', '--hold', 'tool:echo', '--', process.execPath, fixture('sdk-v2')];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, env: environment({ HOME: home }), stderr: 'ignore' }),
  );
  const person = new Attached(home);
  await person.sees({ type: 'attached' });
  const called = client.callTool({ name: 'echo', arguments: { text: 'from the client' } });
  const asked = await person.sees({ type: 'held', kind: 'request' });
  person.types(`e 1 ${String(asked['raw']).replace('from the client', 'from the person')}`);
  const answered = await person.sees({ type: 'held', kind: 'response' });
  expect(answered).toMatchObject({ status: 'ok', tool: 'echo' });
  expect(answered['raw']).toContain('from the person');
  person.types('a 2');
  expect(JSON.stringify((await called).content)).toContain('from the person');
  await client.close();
  expect((await person.program.ended).code).toBe(0);
  expect(liveFolderOf(home)).toSatisfy(() => placesOf(home).length === 0);
});

test.for([
  [
    ['--hold', 'level:error'],
    /^mcp-dbg: --hold: "level:" cannot be asked while frames pass: .*\nlevel:error\n\^{6}\n$/,
  ],
  [['--hold', 'metod:x'], /^mcp-dbg: --hold: .*did you mean "method"\?.*\nmetod:x\n\^{5}\n$/],
  [['--hold-for', '3'], /^mcp-dbg: --hold-for needs --hold, which says what to hold\n$/],
  [['--hold', 'x', '--hold-for', '3s'], /^mcp-dbg: --hold-for needs seconds, such as 120: more than 0, at most \d+\n$/],
] as const)('a mistyped option is told before anything starts: %s', async ([own, why]) => {
  const ran = await run(['proxy', ...own, '--', 'node', '-e', 'console.log(1)']);
  expect(ran).toMatchObject({ code: 125, stdout: '' });
  expect(ran.stderr).toMatch(why);
});
