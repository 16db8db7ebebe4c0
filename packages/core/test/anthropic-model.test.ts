import { describe, expect, test } from 'vitest';
import { anthropicModel } from '../src/anthropic/index.ts';
import { assistant, echo, hear, results, scripted, user } from './support/model-conversation.ts';

describe('a reply', () => {
  test('streams its text in pieces that together are the text', async () => {
    await using talk = await scripted([{ say: 'The quick brown fox 🦊 jumps over the lazy dog.' }]);
    const { pieces, reply } = await hear(talk.model, { turns: [user('hi')] });
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe('The quick brown fox 🦊 jumps over the lazy dog.');
    expect(reply).toMatchObject({ text: pieces.join(''), calls: [], stop: 'end_turn' });
    expect(reply.usage?.outputTokens).toBeGreaterThan(0);
  });

  test('holds parallel tool calls in order, each with its own id and arguments', async () => {
    const call = [
      { tool: 'echo', args: { text: 'one', deep: { list: [1, 2.5, null] } } },
      { tool: 'echo', args: {} },
      { tool: 'echo', args: { text: 'three "quoted" ü' } },
    ];
    await using talk = await scripted([{ say: 'Now.', call }]);
    const { reply } = await hear(talk.model, { turns: [user('go')] });
    expect(reply.stop).toBe('tool_use');
    expect(reply.calls.map(({ args }) => args)).toEqual(call.map(({ args }) => args));
    expect(new Set(reply.calls.map(({ id }) => id)).size).toBe(3);
  });

  test.each([
    ['end_turn', 'end_turn'],
    ['stop_sequence', 'end_turn'],
    ['max_tokens', 'max_tokens'],
    ['model_context_window_exceeded', 'max_tokens'],
    ['pause_turn', 'pause_turn'],
    ['refusal', 'refusal'],
  ])('that the API stopped with %s stops with %s', async (sent, stop) => {
    await using talk = await scripted([{ say: 'So far.', stop: sent }]);
    const { reply } = await hear(talk.model, { turns: [user('hi')] });
    expect(reply).toMatchObject({ stop, text: 'So far.' });
  });

  test('says why it was refused, or that the context window is full', async () => {
    await using talk = await scripted([{ stop: 'refusal' }, { say: 'x', stop: 'model_context_window_exceeded' }]);
    expect((await hear(talk.model, { turns: [user('hi')] })).reply.detail).toBe('The script refuses here.');
    expect((await hear(talk.model, { turns: [user('hi')] })).reply.detail).toContain('context window');
  });

  test('cut off inside a tool call is not a wish to run tools, though the call can be answered', async () => {
    await using talk = await scripted([
      { call: [{ tool: 'echo', args: { text: 'a long argument that is cut' } }], stop: 'max_tokens' },
      { say: 'Again.' },
    ]);
    const { reply } = await hear(talk.model, { turns: [user('go')] });
    expect(reply.stop).toBe('max_tokens');
    expect(reply.calls).toHaveLength(1);
    const turns = [user('go'), assistant(reply), results(reply, 'not run'), user('again')];
    expect((await hear(talk.model, { turns })).reply.text).toBe('Again.');
  });

  test('of a refusal has no calls, and its turn cannot spoil the next request', async () => {
    await using talk = await scripted([
      { stop: 'refusal' },
      { say: 'Half', call: [{ tool: 'echo' }], stop: 'refusal' },
      { say: 'Fine.' },
    ]);
    const first = (await hear(talk.model, { turns: [user('bad')] })).reply;
    const second = (await hear(talk.model, { turns: [user('bad'), assistant(first), user('worse')] })).reply;
    expect([first.calls, second.calls]).toEqual([[], []]);
    await hear(talk.model, { turns: [user('bad'), assistant(first), user('worse'), assistant(second), user('good')] });
    expect(JSON.parse(talk.bodies[2] ?? '').messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'bad' },
          { type: 'text', text: 'worse' },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'Half', citations: null }] },
      { role: 'user', content: [{ type: 'text', text: 'good' }] },
    ]);
  });
});

describe('the history', () => {
  test('goes back block by block as it came, signed thinking included, results first and in one message', async () => {
    await using talk = await scripted([
      {
        think: 'Which one?',
        say: 'Two calls.',
        call: [
          { tool: 'echo', args: { n: 1 } },
          { tool: 'echo', args: { n: 2 } },
        ],
      },
      { say: 'Done.' },
      { say: 'Bye.' },
    ]);
    const one = (await hear(talk.model, { turns: [user('go')] })).reply;
    const turns = [user('go'), assistant(one), results(one)];
    const two = (await hear(talk.model, { turns })).reply;
    await hear(talk.model, { turns: [...turns, assistant(two), user('and?')] });
    const [first, second, third] = talk.bodies.map((body) => JSON.parse(body).messages);
    expect(second.slice(0, 1)).toEqual(first);
    expect(third.slice(0, 3)).toEqual(second);
    expect(second[1].content[0]).toEqual({
      type: 'thinking',
      thinking: 'Which one?',
      signature: expect.stringMatching(/.{8}/),
    });
    expect(second[1].content.map(({ type }: { type: string }) => type)).toEqual([
      'thinking',
      'text',
      'tool_use',
      'tool_use',
    ]);
    expect(second[2]).toEqual({
      role: 'user',
      content: one.calls.map(({ id }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: [{ type: 'text', text: 'done' }],
      })),
    });
  });

  test('is sent with the same bytes in each later request', async () => {
    await using talk = await scripted([{ say: 'ok', repeat: true }]);
    const turns = [user('one')];
    for (const text of ['two', 'three', 'four']) {
      const { reply } = await hear(talk.model, { turns });
      turns.push(assistant(reply), user(text));
    }
    await hear(talk.model, { turns });
    const histories = talk.bodies.map((body) => JSON.stringify(JSON.parse(body).messages).slice(0, -1));
    for (const [index, history] of histories.slice(1).entries())
      expect(history.startsWith(histories[index] ?? '?')).toBe(true);
  });

  test('may hold several texts of the person in a row, and blank ones are left out', async () => {
    await using talk = await scripted([{ on: 'user', when: '^two$', say: 'ok' }]);
    expect((await hear(talk.model, { turns: [user('one'), user('  \n'), user('two')] })).reply.text).toBe('ok');
  });

  test('may hold an interrupted round: results, then the next text', async () => {
    await using talk = await scripted([{ call: [{ tool: 'echo' }] }, { when: '^never mind$', on: 'user', say: 'ok' }]);
    const one = (await hear(talk.model, { turns: [user('go')] })).reply;
    const turns = [user('go'), assistant(one), results(one, 'cancelled'), user('never mind')];
    expect((await hear(talk.model, { turns })).reply.text).toBe('ok');
  });

  test('of a paused turn is sent back as it is', async () => {
    await using talk = await scripted([{ say: 'Part one.', stop: 'pause_turn' }, { say: 'Part two.' }]);
    const one = (await hear(talk.model, { turns: [user('go')] })).reply;
    expect((await hear(talk.model, { turns: [user('go'), assistant(one)] })).reply.text).toBe('Part two.');
  });

  test('that ends in cut-off thinking leaves the thinking out', async () => {
    await using talk = await scripted([{ think: 'endless', stop: 'max_tokens' }, { say: 'ok' }]);
    const one = (await hear(talk.model, { turns: [user('go')] })).reply;
    expect((await hear(talk.model, { turns: [user('go'), assistant(one), user('on')] })).reply.text).toBe('ok');
  });

  test('with replies of another model is written anew', async () => {
    await using talk = await scripted([{ say: 'ok' }]);
    const reply = {
      text: '',
      calls: [{ id: 'c1', name: 'echo', args: { a: 1 } }],
      stop: 'tool_use',
      vendor: null,
    } as const;
    await hear(talk.model, { turns: [user('go'), assistant(reply), results(reply)] });
    expect(JSON.parse(talk.bodies[0] ?? '').messages[1]).toEqual({
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'c1', name: 'echo', input: { a: 1 } }],
    });
  });

  test('with tool calls is still accepted when no tool is left', async () => {
    await using talk = await scripted([{ call: [{ tool: 'echo' }] }, { say: 'gone' }]);
    const one = (await hear(talk.model, { turns: [user('go')] })).reply;
    const { reply } = await hear(talk.model, { turns: [user('go'), assistant(one), results(one)], tools: [] });
    expect(reply.text).toBe('gone');
  });

  test('of hostile text with half characters in it reaches the API', async () => {
    await using talk = await scripted([{ say: 'ok', repeat: true }]);
    const tool = {
      name: 'half',
      description: 'a \ud800 tool',
      inputSchema: { type: 'object', properties: { a: { title: '\udc00' } } },
    };
    expect((await hear(talk.model, { turns: [user('half \ud83d')], tools: [tool] })).reply.text).toBe('ok');
    expect(talk.bodies[0]).toContain('half \ufffd');
  });
});

describe('a tool result', () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const pdf = Buffer.from('%PDF-1.4\n').toString('base64');
  const rich = [
    { type: 'image', mimeType: 'image/png', data: png },
    { type: 'pdf', data: pdf },
    { type: 'text', text: '' },
  ] as const;

  test('carries images and documents', async () => {
    await using talk = await scripted([{ call: [{ tool: 'echo' }] }, { say: 'ok' }], { profile: 'full' });
    const one = (await hear(talk.model, { turns: [user('go')] })).reply;
    const replies = [{ id: one.calls[0]?.id ?? '', isError: false, content: rich }];
    await hear(talk.model, { turns: [user('go'), assistant(one), { role: 'tools', replies }] });
    expect(JSON.parse(talk.bodies[1] ?? '').messages[2].content[0].content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
    ]);
  });

  test('that failed is text alone, and never empty', async () => {
    await using talk = await scripted([{ call: [{ tool: 'echo' }, { tool: 'echo' }] }, { say: 'ok' }], {
      profile: 'full',
    });
    const one = (await hear(talk.model, { turns: [user('go')] })).reply;
    const [a, b] = one.calls.map(({ id }) => id);
    const replies = [
      { id: a ?? '', isError: true, content: rich },
      { id: b ?? '', isError: true, content: [] },
    ];
    expect(
      (await hear(talk.model, { turns: [user('go'), assistant(one), { role: 'tools', replies }] })).reply.text,
    ).toBe('ok');
    const sent = JSON.parse(talk.bodies[1] ?? '').messages[2].content;
    expect(sent[0]).toMatchObject({ is_error: true, content: [{ type: 'text' }, { type: 'text' }] });
    expect(sent[1]).toMatchObject({ is_error: true, content: [{ type: 'text', text: '(no output)' }] });
  });
});

describe('a request', () => {
  test('has nothing that only Anthropic knows when the address is not theirs', async () => {
    await using talk = await scripted([{ say: 'ok' }]);
    await hear(talk.model, { turns: [user('hi')] });
    expect(Object.keys(JSON.parse(talk.bodies[0] ?? '')).toSorted()).toEqual([
      'max_tokens',
      'messages',
      'model',
      'stream',
      'tools',
    ]);
  });

  test('asks for prompt caching with the full profile', async () => {
    await using talk = await scripted([{ say: 'ok' }], { profile: 'full', maxTokens: 77, model: 'claude-opus-5-5' });
    await hear(talk.model, { turns: [user('hi')] });
    expect(JSON.parse(talk.bodies[0] ?? '')).toMatchObject({
      cache_control: { type: 'ephemeral' },
      max_tokens: 77,
      model: 'claude-opus-5-5',
      tools: [{ name: 'echo', description: 'Says it again', input_schema: { type: 'object' } }],
    });
  });

  test('goes without credentials to a server that needs none', async () => {
    await using talk = await scripted([{ say: 'ok' }], {}, { needsKey: false });
    const model = anthropicModel({ baseURL: talk.api.url });
    expect((await hear(model, { turns: [user('hi')], tools: [echo] })).reply.text).toBe('ok');
  });

  test('carries a token as well as a key', async () => {
    await using talk = await scripted([{ say: 'ok' }]);
    const model = anthropicModel({ baseURL: `${talk.api.url}/`, authToken: talk.api.token });
    expect((await hear(model, { turns: [user('hi')] })).reply.text).toBe('ok');
  });
});
