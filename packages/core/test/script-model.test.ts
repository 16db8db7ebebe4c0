import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ModelReply, ToolSpec, Turn } from '../src/model.ts';
import { parseScript, scriptModel } from '../src/script/index.ts';
import { assistant, echo, failure, hear, results, user } from './support/model-conversation.ts';

/** Asks one model several things in one conversation; a reply that calls tools gets results of this text. */
async function conversation(
  turns: readonly object[],
  queries: readonly string[],
  tools: readonly ToolSpec[] = [echo],
  result = 'done',
): Promise<ModelReply[]> {
  await using model = await scriptModel({ script: parseScript(JSON.stringify({ turns })) });
  const history: Turn[] = [];
  const replies: ModelReply[] = [];
  for (const query of queries) {
    history.push(user(query));
    let reply: ModelReply;
    do {
      ({ reply } = await hear(model, { turns: history, tools }));
      replies.push(reply);
      history.push(assistant(reply), ...(reply.calls.length > 0 ? [results(reply, result)] : []));
    } while (reply.stop === 'tool_use');
  }
  return replies;
}

const said = (replies: readonly ModelReply[]): readonly string[] => replies.map(({ text }) => text);

describe('a script model', () => {
  test('says in its name that it is no language model', async () => {
    const script = parseScript('{"turns":[{"say":"x"}]}');
    await using named = await scriptModel({ script, source: 'demo.json' });
    await using nameless = await scriptModel({ script });
    expect([named.name, nameless.name]).toEqual([
      'script: demo.json (no language model)',
      'script (no language model)',
    ]);
  });

  test('plays its turns in order, tool rounds included', async () => {
    const turns = [{ say: 'one', call: [{ tool: 'echo' }] }, { say: 'two' }, { say: 'three' }];
    expect(said(await conversation(turns, ['a', 'b']))).toEqual(['one', 'two', 'three']);
  });

  test('keeps a turn with "when" until its words come', async () => {
    const turns = [{ when: 'weather', say: 'Sunny.' }, { say: 'Hello.' }, { say: 'Bye.' }];
    expect(said(await conversation(turns, ['hi', 'the WEATHER?', 'weather again']))).toEqual([
      'Hello.',
      'Sunny.',
      'Bye.',
    ]);
  });

  test('answers a hundred queries with two turns that repeat', async () => {
    const turns = [
      {
        on: 'user',
        when: '^add (?<n>\\d+)$',
        call: [{ tool: 'echo', args: { n: '{{n}}', list: ['{{1}}', 1] } }],
        repeat: true,
      },
      { on: 'result', say: '{{query}}: {{result}}', repeat: true },
    ];
    const queries = Array.from({ length: 100 }, (_, index) => `add ${index}`);
    const replies = await conversation(turns, queries, [echo], 'add 7');
    expect(said(replies).filter((text) => text !== '')).toEqual(queries.map((query) => `${query}: add 7`));
    expect(replies.flatMap(({ calls }) => calls.map(({ args }) => args))).toEqual(
      queries.map((_, index) => ({ n: `${index}`, list: [`${index}`, 1] })),
    );
  });

  test('counts a turn that repeats so many times', async () => {
    expect(said(await conversation([{ say: 'x', repeat: 2 }, { say: 'y' }], ['1', '2', '3']))).toEqual(['x', 'x', 'y']);
  });

  test('says plainly that the script has nothing left', async () => {
    const [, last] = await conversation([{ say: 'x' }], ['1', '2']);
    expect(last).toMatchObject({
      stop: 'end_turn',
      text: expect.stringMatching(/no turn for this.*no language model/i),
    });
  });

  test('leaves unknown templates as they are and fills in what did not match with nothing', async () => {
    expect(said(await conversation([{ when: 'a(b)?', say: '[{{1}}][{{2}}][{{nope}}]' }], ['a']))).toEqual([
      '[][{{2}}][{{nope}}]',
    ]);
  });

  test('does not read templates in what it fills in', async () => {
    expect(said(await conversation([{ say: '{{query}}' }], ['{{result}} $& {{query}}']))).toEqual([
      '{{result}} $& {{query}}',
    ]);
  });

  test.each([
    ['echo', ['echo', 'b__echo'], 'echo'],
    ['echo', ['a__echo', 'b__other'], 'a__echo'],
    ['dot.name', ['a__dot_name'], 'a__dot_name'],
    ['a__echo', ['a__echo', 'b__echo'], 'a__echo'],
    ['gone', ['a__echo'], 'gone'],
  ])('calls %s among %j as %s', async (tool, names, called) => {
    const tools = names.map((name) => ({ ...echo, name }));
    const [first] = await conversation([{ call: [{ tool }] }, { say: 'ok' }], ['go'], tools);
    expect(first?.calls.map(({ name }) => name)).toEqual([called]);
  });

  test('refuses to guess between two servers', async () => {
    await using model = await scriptModel({ script: parseScript('{"turns":[{"call":[{"tool":"echo"}]}]}') });
    const tools = [
      { ...echo, name: 'a__echo' },
      { ...echo, name: 'b__echo' },
    ];
    const asking = {
      name: 'x',
      reply: (request: Parameters<typeof model.reply>[0]) => model.reply({ ...request, tools }),
    };
    expect(await failure(asking)).toMatchObject({
      code: 'REJECTED',
      message: expect.stringMatching(/turns\[0\]\.call\[0\].*a__echo, b__echo/),
    });
  });

  test('lets go of its port when disposed', async () => {
    const model = await scriptModel({ script: parseScript('{"turns":[{"say":"x"}]}') });
    await hear(model, { turns: [user('hi')] });
    await model[Symbol.asyncDispose]();
    expect(await failure({ name: 'x', reply: (request) => model.reply(request) })).toMatchObject({
      code: 'UNREACHABLE',
    });
  });

  test('ends its answer in the middle when the reader leaves', async () => {
    await using model = await scriptModel({
      script: parseScript('{"turns":[{"say":"first piece and a long wait","drip":20}]}'),
    });
    const abort = new AbortController();
    const replies = model.reply({ turns: [user('hi')], tools: [], signal: abort.signal });
    expect(await replies.next()).toMatchObject({ done: false, value: 'first piece ' });
    abort.abort('enough');
    await expect(replies.next()).rejects.toBe('enough');
  });
});

test('every script on the page about the format is valid', () => {
  const page = readFileSync(new URL('../../../docs/script-model.md', import.meta.url), 'utf8');
  const scripts = [...page.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1] ?? '');
  expect(scripts.length).toBeGreaterThan(1);
  for (const script of scripts) expect(() => parseScript(script)).not.toThrow();
});
