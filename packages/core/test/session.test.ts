import { describe, expect, test } from 'vitest';

import type { SessionOptions } from '../src/index.ts';
import { observed, outcomeText, server } from './support/observed-session.ts';
import { asked, call, expectStillValid, results, said, script, still, stopped } from './support/queries.ts';

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
    const approve: SessionOptions['approve'] = async ({ tool }) => tool.name !== 'slow';
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
    await expectStillValid(it.session);
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
    await expectStillValid(it.session);
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
    await expectStillValid(it.session);
  });

  test('that pauses goes on by itself', async () => {
    await using model = await script([{ say: 'one', stop: 'pause_turn' }, { say: ' two' }, still]);
    await using it = await observed([server('echo')], { model });
    expect(said(await asked(it.session, 'go'))).toBe('one two');
    await expectStillValid(it.session);
  });

  test('that uses tools without end is stopped, and leaves the conversation valid', async () => {
    await using model = await script([
      { when: 'are you', say: 'Still here.', on: 'user' },
      { call: [call('echo', { text: 'x' })], repeat: true },
    ]);
    await using it = await observed([server('echo')], { model, maxRounds: 3 });
    expect(stopped(await asked(it.session, 'go'))).toMatchObject({ reason: 'rounds' });
    await expectStillValid(it.session);
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
