import { describe, expect, test } from 'vitest';

import { type Model, type ModelReply, type Turn, readTurns, writeTurns } from '../src/index.ts';
import { assistant, results, scripted, user } from './support/model-conversation.ts';
import { observed, server } from './support/observed-session.ts';
import { asked, call, expectStillValid, said, script, still } from './support/queries.ts';

const said1: ModelReply = { text: 'a', calls: [], stop: 'end_turn', vendor: null };
const calls1: ModelReply = { ...said1, calls: [{ id: 'c1', name: 'echo', args: {} }], stop: 'tool_use' };
const inJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a session that starts with a conversation', () => {
  test('continues it: signed thinking goes back unchanged, and calls made later have new ids', async () => {
    const played = [
      { think: 'Hm.', say: 'Adding.', call: [call('add', { a: 1, b: 2 })] },
      { say: 'It is {{result}}.' },
    ];
    await using first = await scripted(played);
    await using one = await observed([server('echo')], { model: first.model });
    await asked(one.session, 'go');
    const turns = readTurns(inJson(writeTurns(one.session.turns)));
    expect(turns).toEqual(one.session.turns);

    await using second = await scripted([...played, still]);
    await using two = await observed([server('echo')], { model: second.model, turns });
    expect(said(await asked(two.session, 'again'))).toBe('Adding.It is 3.');
    await expectStillValid(two.session);
    const [before, after] = [first.bodies[1], second.bodies[0]].map((body) => JSON.parse(body ?? '').messages);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(before[1].content[0]).toMatchObject({ type: 'thinking' });
  });

  test('may name tools that are gone, or have no tools at all', async () => {
    const turns = [user('a'), assistant({ ...calls1, calls: [{ id: 'c1', name: 'gone', args: {} }] }), results(calls1)];
    for (const servers of [[], [server('echo')]]) {
      await using model = await script([still]);
      await using it = await observed(servers, { model, turns });
      await expectStillValid(it.session);
    }
  });

  test('keeps its own copy', async () => {
    const turns: Turn[] = [user('a'), assistant(said1)];
    await using it = await observed([], { turns });
    it.session.clear();
    expect(turns).toHaveLength(2);
    expect(it.session.turns).toEqual([]);
  });

  test.each([
    ['blocks that are none', [{ type: 'text' }]],
    ['calls that are not its own', [{ type: 'tool_use', id: 'other', name: 'echo', input: {} }]],
    ['no list', 'text'],
  ])('whose vendor’s form has %s sends text and calls instead', async (_, blocks) => {
    await using model = await script([still]);
    const vendor = { vendor: 'anthropic-messages', content: blocks };
    const turns = [user('a'), assistant({ ...calls1, vendor }), results(calls1)];
    await using it = await observed([], { model, turns });
    await expectStillValid(it.session);
  });
});

describe('another model', () => {
  /** A model that notes what it is given, and signs its replies. */
  function signing(name: string): { readonly model: Model; readonly given: (readonly Turn[])[] } {
    const given: (readonly Turn[])[] = [];
    const model: Model = {
      name,
      async *reply({ turns }) {
        given.push([...turns]);
        yield name;
        return { text: name, calls: [], stop: 'end_turn', vendor: { signed: name } };
      },
    };
    return { model, given };
  }

  test('gets the conversation without what the one before signed, and the one before gets its own back no more', async () => {
    const [one, two] = [signing('one'), signing('two')];
    await using it = await observed([], { model: one.model });
    expect(it.session.model).toBe(one.model);
    await asked(it.session, 'a');
    it.session.use(two.model);
    expect(it.session.model).toBe(two.model);
    await asked(it.session, 'b');
    it.session.use(one.model);
    await asked(it.session, 'c');
    expect(two.given[0]).toEqual([user('a'), assistant({ ...said1, text: 'one' }), user('b')]);
    expect(one.given[1]?.map((turn) => (turn.role === 'assistant' ? turn.reply.vendor : ''))).toEqual([
      '',
      null,
      '',
      null,
      '',
    ]);
  });

  test('may be none for a while: the same one then has all of its own', async () => {
    const { model, given } = signing('one');
    await using it = await observed([], { model });
    await asked(it.session, 'a');
    it.session.use(undefined);
    expect(await asked(it.session, 'b')).toEqual([{ type: 'stopped', reason: 'no-model' }]);
    it.session.use(model);
    await asked(it.session, 'c');
    expect(given[1]?.[1]).toEqual(assistant({ ...said1, text: 'one', vendor: { signed: 'one' } }));
  });
});
