import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type LoopEvent, type Model, type ServerConfig, Session } from '../src/index.ts';
import { changing, custom, scratchFile } from './support/custom-server.ts';
import {
  type Observed,
  asked,
  observed,
  outcomeText,
  recording,
  results,
  said,
  script,
  server,
  stopped,
} from './support/observed-session.ts';

const call = (tool: string, args: object = {}): object => ({ tool, args });
/** A last turn that answers everything; the API refuses it where the history is not valid. */
const still = { say: 'Still here.', repeat: true };

async function expectStillValid({ session }: Observed): Promise<void> {
  const events = await asked(session, 'Are you there?');
  expect(stopped(events)).toEqual({ type: 'stopped', reason: 'end_turn' });
  expect(said(events)).toBe('Still here.');
}

const missing: ServerConfig = { name: 'missing', argv: ['/nowhere/at/all'], trusted: true };

describe('a query', () => {
  test('is answered with the tools of the servers, and the history is kept for the next', async () => {
    await using model = await script([
      { on: 'user', say: 'Adding.', call: [call('add', { a: 2, b: 3 })] },
      { on: 'result', say: 'It is {{result}}.' },
      { say: 'You asked before.' },
    ]);
    await using it = await observed([server('echo')], { model });
    const events = await asked(it.session, 'What is 2 + 3?');
    expect(said(events)).toBe('Adding.It is 5.');
    expect(results(events)).toEqual([{ isError: false, text: '5' }]);
    expect(said(await asked(it.session, 'And?'))).toBe('You asked before.');
    expect(it.session.turns.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tools',
      'assistant',
      'user',
      'assistant',
    ]);
    it.session.clear();
    expect(it.session.turns).toEqual([]);
  });

  test('without a model says so', async () => {
    await using it = await observed([server('echo')]);
    expect(await asked(it.session, 'hi')).toEqual([{ type: 'stopped', reason: 'no-model' }]);
    expect(it.session.turns).toEqual([]);
  });

  test('gives every failure of a tool to the model, in words', async () => {
    await using model = await script([
      { call: [call('nope'), call('add', { a: 'x', b: 1 }), call('crash'), call('slow', { ms: 0 })] },
      still,
    ]);
    const approve: NonNullable<Parameters<typeof observed>[1]>['approve'] = async ({ tool }) => tool.name !== 'slow';
    await using it = await observed([server('crashes-on-call')], { model, approve });
    await asked(it.session, 'go');
    const turn = it.session.turns[2];
    const texts =
      turn?.role === 'tools'
        ? turn.replies.map(({ isError, content: [part] }) => [isError, part?.type === 'text' && part.text])
        : [];
    expect(texts).toEqual([
      [true, expect.stringMatching(/^There is no tool "nope"; tools: add, /)],
      [true, expect.stringMatching(/^The arguments do not fit .* data\/a must be number/)],
      [true, expect.stringMatching(/^The server ended before it answered tools\/call: exit code 3; stderr: KeyError/)],
      [true, 'The user did not allow this call, so it was not made'],
    ]);
    await expectStillValid(it);
  });

  test('uses two servers at once, whose tools and file names collide', async () => {
    await using model = await script([
      { call: [call('echo-2__pid'), call('echo__pid'), call('echo__slow', { ms: 1 })] },
      still,
    ]);
    await using it = await observed([server('echo'), server('echo')], { model });
    const pids = it.session.servers.map(({ live }) => `${live?.connection.pid}`);
    const texts = new Map<string, string>();
    for await (const event of it.session.ask('go')) {
      if (event.type === 'tool-call') texts.set(event.id, `${event.server}/${event.tool}`);
      if (event.type === 'tool-result')
        texts.set(
          event.id,
          `${texts.get(event.id)}: ${event.content.map((part) => part.type === 'text' && part.text).join('')}`,
        );
    }
    expect([...texts.values()]).toEqual([`echo-2/pid: ${pids[1]}`, `echo/pid: ${pids[0]}`, 'echo/slow: waited 1 ms']);
    await expect(it.session.call('pid', {})).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
    expect(outcomeText(await it.session.call('echo-2__pid', {}))).toBe(pids[1]);
  });

  test('goes on after an error of the API, and so does the next one', async () => {
    await using model = await script([
      { error: { status: 400, message: 'no' } },
      { say: 'a', error: { status: 529 } },
      still,
    ]);
    await using it = await observed([server('echo')], { model });
    expect(stopped(await asked(it.session, 'one'))).toMatchObject({ reason: 'api-error', error: { code: 'REJECTED' } });
    expect(it.session.turns).toEqual([]);
    expect(stopped(await asked(it.session, 'two'))).toMatchObject({ reason: 'api-error' });
    await expectStillValid(it);
  });

  test.each([
    ['max_tokens', { say: 'I will', call: [call('echo', { text: 'x' })], stop: 'max_tokens' }, 'max_tokens'],
    ['refusal', { say: 'No.', stop: 'refusal' }, 'refusal'],
  ])('that stops for %s leaves the conversation valid', async (_, turn, reason) => {
    await using model = await script([turn, still]);
    await using it = await observed([server('echo')], { model });
    const events = await asked(it.session, 'go');
    expect(stopped(events).reason).toBe(reason);
    expect(results(events)).toEqual([]);
    await expectStillValid(it);
  });

  test('that pauses goes on by itself', async () => {
    await using model = await script([{ say: 'one', stop: 'pause_turn' }, { say: ' two' }, still]);
    await using it = await observed([server('echo')], { model });
    expect(said(await asked(it.session, 'go'))).toBe('one two');
    await expectStillValid(it);
  });

  test('that uses tools without end is stopped, and leaves the conversation valid', async () => {
    await using model = await script([
      { when: 'are you', say: 'Still here.', on: 'user' },
      { call: [call('echo', { text: 'x' })], repeat: true },
    ]);
    await using it = await observed([server('echo')], { model, maxRounds: 3 });
    expect(stopped(await asked(it.session, 'go'))).toMatchObject({ reason: 'rounds' });
    await expectStillValid(it);
  });

  test('sees the tools that a server gained meanwhile', async () => {
    await using model = await script([
      { call: [call('add_tool', { name: 'later' })] },
      { call: [call('later')] },
      { say: '{{result}}' },
    ]);
    await using it = await observed([server('list-changes')], { model });
    expect(said(await asked(it.session, 'go'))).toBe('later');
  });

  test('goes on over the death of its server: the model reads of it, and the next call works', async () => {
    await using model = await script([{ call: [call('crash')] }, { call: [call('pid')] }, { say: 'pid {{result}}' }]);
    await using it = await observed([server('crashes-on-call')], { model });
    const events = await asked(it.session, 'go');
    expect(results(events)).toMatchObject([
      { isError: true, text: expect.stringMatching(/exit code 3/) },
      { isError: false },
    ]);
    expect(said(events)).toBe(`pid ${it.session.servers[0]?.live?.connection.pid}`);
  });
});

describe('an interruption', () => {
  async function interruptedAt(it: Observed, when: (event: LoopEvent) => boolean): Promise<readonly LoopEvent[]> {
    const interrupt = new AbortController();
    const events: LoopEvent[] = [];
    for await (const event of it.session.ask('go', interrupt.signal)) {
      events.push(event);
      if (when(event)) interrupt.abort();
    }
    return events;
  }

  test('while the model streams', async () => {
    await using model = await script([{ say: 'A long answer that is cut off. '.repeat(50), drip: 20 }, still]);
    await using it = await observed([server('echo')], { model });
    const events = await interruptedAt(it, ({ type }) => type === 'text');
    expect(stopped(events).reason).toBe('interrupted');
    await expectStillValid(it);
  });

  test('while tools run', async () => {
    await using model = await script([{ call: [call('slow', { ms: 3_600_000 }), call('echo', { text: 'x' })] }, still]);
    await using it = await observed([server('echo')], { model });
    const events = await interruptedAt(it, ({ type }) => type === 'tool-result');
    expect(stopped(events).reason).toBe('interrupted');
    expect(results(events)).toMatchObject([
      { text: 'x' },
      { isError: true, text: expect.stringMatching(/interrupted/) },
    ]);
    await expectStillValid(it);
  });

  test('before the query is asked', async () => {
    await using model = await script([still]);
    await using it = await observed([server('echo')], { model });
    expect(await asked(it.session, 'go', AbortSignal.abort())).toEqual([{ type: 'stopped', reason: 'interrupted' }]);
    await expectStillValid(it);
  });

  test('while a server is started again', async () => {
    using file = scratchFile();
    await using model = await script([still]);
    await using it = await observed([changing('echo', 'never-answers', file.path)], { model });
    process.kill(it.session.servers[0]?.live?.connection.pid ?? 0, 'SIGKILL');
    await waitFor(() => it.told('server-started').length === 2, 'the second start');
    const interrupt = new AbortController();
    const events = asked(it.session, 'go', interrupt.signal);
    interrupt.abort();
    expect(await events).toEqual([{ type: 'stopped', reason: 'interrupted' }]);
    expect(it.session.turns).toEqual([{ role: 'user', text: 'go' }]);
  });

  test('by leaving the loop', async () => {
    await using model = await script([{ call: [call('slow', { ms: 3_600_000 })] }, still]);
    await using it = await observed([server('echo')], { model });
    for await (const event of it.session.ask('go')) if (event.type === 'tool-call') break;
    await expectStillValid(it);
  });
});

describe('opening a session', () => {
  test('with one server of two that does not start tells it, goes on trying, and works with the other', async () => {
    await using it = await observed([server('echo'), missing]);
    expect(it.told('server-start-failed')[0]).toMatchObject({
      server: 'missing',
      waitMs: 0,
      reason: expect.stringMatching(/no such file/),
    });
    await waitFor(() => it.told('server-start-failed').length > 1, 'the second try');
    expect(outcomeText(await it.session.call('echo__echo', { text: 'x' }))).toBe('x');
  });

  test('without any server that starts throws the first one’s reason', async () => {
    const { onEvent, told, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [missing, server('exits-at-once')], onEvent });
    await expect(opening).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    expect(told('server-start-failed')).toEqual([]);
    expectNobodyLeft();
  });

  test('that is interrupted ends what was started', async () => {
    const { onEvent, told, expectNobodyLeft } = recording();
    const interrupt = new AbortController();
    const opening = Session.open({
      servers: [server('echo'), server('never-answers')],
      onEvent,
      signal: interrupt.signal,
    });
    opening.catch(() => {});
    await waitFor(() => told('server-ready').length === 1, 'the first server');
    interrupt.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    expectNobodyLeft();
  });

  test('that was interrupted before starts nothing', async () => {
    const { onEvent, events } = recording();
    await expect(
      Session.open({ servers: [server('echo')], onEvent, signal: AbortSignal.abort(new Error('no')) }),
    ).rejects.toThrow('no');
    expect(events).toEqual([]);
  });

  test('without servers gives a session without tools', async () => {
    await using it = await observed([]);
    expect(it.session.routes.byName.size).toBe(0);
  });

  test('gives each server a name of its own', async () => {
    const named = (name: string): ServerConfig => ({ ...server('echo'), name });
    await using it = await observed([named('a'), named('a'), named('a-2'), named('a')]);
    expect(it.session.servers.map(({ name }) => name)).toEqual(['a', 'a-3', 'a-2', 'a-4']);
  });
});

describe('what a server may know', () => {
  const reveal = custom(
    `serve({ name: 'x', tools: [{ name: 'env', inputSchema: object, run: () => JSON.stringify(process.env) }] });`,
  );

  test('is the safe environment and what the user named, no secrets', async () => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: '/home/x',
      ANTHROPIC_API_KEY: 'secret',
      SHELL: '() { evil; }',
    };
    await using it = await observed([{ ...reveal, env: { TOKEN: 'named' } }], { environment });
    expect(JSON.parse(outcomeText(await it.session.call('env', {})))).toEqual({
      PATH: process.env['PATH'],
      HOME: '/home/x',
      TOKEN: 'named',
    });
  });
});

describe('an app', () => {
  test('hands in observers for each process, and they see every byte', async () => {
    const seen: string[] = [];
    await using it = await observed([server('echo')], {
      observe: ({ name }) => [
        {
          read: (from, bytes) => void seen.push(`${name} ${from} ${bytes.length > 0}`),
          event: ({ kind }) => void seen.push(`${name} ${kind}`),
        },
      ],
    });
    await it.session.servers[0]?.reconnect();
    expect(seen.filter((each) => each === 'echo spawn')).toHaveLength(2);
    expect(seen).toEqual(expect.arrayContaining(['echo client true', 'echo server true', 'echo exit']));
  });

  test('hands in a model of its own', async () => {
    const model: Model = {
      name: 'mine',
      async *reply({ turns, tools }) {
        yield 'hi';
        return { text: 'hi', calls: [], stop: 'end_turn', vendor: { turns: turns.length, tools: tools.length } };
      },
    };
    await using it = await observed([server('echo')], { model });
    expect(said(await asked(it.session, 'hello'))).toBe('hi');
  });
});
