import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import type { Connection, EraChoice, Features, ServerConfig, SessionOptions } from '../src/index.ts';
import { custom } from './support/custom-server.ts';
import { type Observed, observed, outcomeText, server } from './support/observed-session.ts';
import { asked, results, script } from './support/queries.ts';

const ERAS = [
  ['legacy, SDK 1', 'features-v1', 'auto'],
  ['legacy, SDK 2', 'features-v2', 'legacy'],
  ['modern', 'features-v2', 'auto'],
] as const satisfies readonly (readonly [string, 'features-v1' | 'features-v2', EraChoice])[];

const NOTE = 'note://notes/first';

/** A client that can do everything, and what it was asked. */
function willing(): { readonly features: Features; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const features: Features = {
    roots: () => [{ uri: 'file:///work', name: 'work' }],
    sample: async (sampling) => {
      seen.push(sampling);
      return { text: 'word', model: 'a model', stopReason: 'endTurn' };
    },
    elicit: async (elicitation) => {
      seen.push(elicitation);
      return elicitation.mode === 'url' ? { action: 'accept' } : { action: 'accept', content: { name: 'Ann' } };
    },
  };
  return { features, seen };
}

async function opened(config: ServerConfig, options: Partial<SessionOptions> = {}): Promise<Observed> {
  return await observed([config], options);
}

async function connectionOf({ session }: Observed): Promise<Connection> {
  const live = await session.servers[0]?.ready();
  if (live === undefined) throw new Error('There is no server');
  return live.connection;
}

async function called({ session }: Observed, tool: string, args: object = {}): Promise<string> {
  return outcomeText(await session.call(tool, { ...args }));
}

/** The params of what we sent with a method, in order. */
function sent({ told }: Observed, method: string): readonly unknown[] {
  return told('frame').flatMap(({ frame, reading }) =>
    frame.from === 'client' && reading.kind === 'request' && reading.method === method ? [reading.params] : [],
  );
}

describe.each(ERAS)('a server that asks (%s)', (_, name, era) => {
  test('gets what the client can do, and nothing else is declared', async () => {
    const { features, seen } = willing();
    await using it = await opened(server(name), { era, features });
    expect(JSON.parse(await called(it, 'ask_all'))).toMatchObject({
      name: { action: 'accept', content: { name: 'Ann' } },
      said: { role: 'assistant', content: { type: 'text', text: 'word' }, model: 'a model' },
      roots: { roots: [{ uri: 'file:///work', name: 'work' }] },
    });
    expect(await called(it, 'ask_url')).toContain('"accept"');
    expect(await called(it, 'ask_thrice')).toContain('Ann');
    const answer = await (await connectionOf(it)).request('resources/read', { uri: 'note://asking' });
    expect(answer.text).toContain('Ann');
    expect(seen).toContainEqual({
      messages: [{ role: 'user', text: 'Say a word.' }],
      systemPrompt: 'Be short.',
      maxTokens: 50,
    });
    expect(seen).toContainEqual({
      mode: 'url',
      message: 'Sign in to go on.',
      url: 'https://login.example.com/start?for=tests',
    });
    await using none = await opened(server(name), { era });
    expect(JSON.stringify([sent(none, 'initialize'), sent(none, 'tools/list')])).not.toContain('elicitation');
    expect(await called(none, 'ask_name')).toMatch(/support|capability|elicitation/i);
  });

  test('tells what it has to tell, and is told again after a restart what to tell', async () => {
    await using it = await opened(server(name), { era, logLevel: 'warning' });
    await (await connectionOf(it)).subscribe(NOTE);
    const tellsAll = async (): Promise<void> => {
      const before = it.events.length;
      await called(it, 'log', { text: 'hi' });
      for (const uri of [NOTE, 'note://notes/second']) await called(it, 'touch', { uri });
      await called(it, 'add_prompt');
      await called(it, 'add_resource');
      const news = it.events.slice(before).filter(({ type }) => /^(log|resource-updated|list-changed)$/.test(type));
      expect(news).toMatchObject([
        { type: 'log', level: 'warning', logger: 'features', data: 'hi' },
        { type: 'log', level: 'error' },
        { type: 'resource-updated', uri: NOTE },
        { type: 'list-changed', list: 'prompts' },
        { type: 'list-changed', list: 'resources' },
      ]);
    };
    await tellsAll();
    await called(it, 'crash');
    await waitFor(() => it.told('server-restarted').length === 1, 'the restart');
    await tellsAll();
    await (await connectionOf(it)).setLogLevel('error');
    await (await connectionOf(it)).unsubscribe(NOTE);
    const before = it.events.length;
    await called(it, 'log');
    await called(it, 'touch', { uri: NOTE });
    expect(it.events.slice(before).filter(({ type }) => type === 'log' || type === 'resource-updated')).toMatchObject([
      { level: 'error' },
    ]);
    expect(it.told('notice').filter(({ message }) => !message.includes('once more'))).toEqual([]);
  });
});

describe('a server that asks in the modern era', () => {
  test('gets its state back as it was, whatever is in it', async () => {
    const code = `const state = 'x'.repeat(1_000_000) + ${JSON.stringify('\u0000é"\\/😀\uD800')};
      const input = { name: { method: 'roots/list' } };
      serve({ name: 'x', tools: [{ name: 'ask', inputSchema: object, run: () => 'never' }], intercept: ({ id, method, params }, { send }) => {
        if (method !== 'tools/call') return false;
        send({ id, result: params.requestState === state ? { resultType: 'complete', content: [{ type: 'text', text: 'same' }] }
          : { resultType: 'input_required', inputRequests: input, requestState: state } });
        return true;
      } });`;
    await using it = await opened(custom(code), willing());
    expect(await called(it, 'ask')).toBe('same');
  });

  const answering = (result: string): ServerConfig =>
    custom(`serve({ name: 'x', tools: [{ name: 'ask', inputSchema: object, run: () => 'never' }],
      intercept: ({ id, method }, { send }) => { if (method !== 'tools/call') return false; send({ id, result: ${result} }); return true; } });`);

  test.each([
    ['without end', `{ resultType: 'input_required', requestState: 's' }`, /asked for input 10 times/],
    ['for what nobody knows', `{ resultType: 'input_required', inputRequests: { a: { method: 'x/y' } } }`, /x\/y/],
    ['for nothing', `{ resultType: 'input_required' }`, /names none/],
    ['with a state of another type', `{ resultType: 'input_required', requestState: 7 }`, /no text/],
    [
      'for too much',
      `{ resultType: 'input_required', inputRequests: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [n, { method: 'roots/list' }])) }`,
      /asks for 100 things/,
    ],
    [
      'by a schema that is none',
      `{ resultType: 'input_required', inputRequests: { a: { method: 'elicitation/create', params: { message: 'x', requestedSchema: 7 } } } }`,
      /does not describe an object/,
    ],
  ])('%s fails that call alone', async (_, result, why) => {
    await using it = await opened(answering(result), willing());
    expect(await called(it, 'ask')).toMatch(why);
    expect(it.told('server-ended')).toEqual([]);
  });

  test('is not answered where the caller wants to see what it asks', async () => {
    await using it = await opened(server('features-v2'), { features: { byHand: 'returned' } });
    const answer = await (await connectionOf(it)).request('tools/call', { name: 'ask_name', arguments: {} });
    expect(answer.value).toMatchObject({ resultType: 'input_required', inputRequests: { name: {} } });
  });
});

describe.concurrent('a server that asks in the legacy era', () => {
  test('without end is refused, and its call ends by time', async () => {
    let times = 0;
    const elicit = async (): Promise<{ action: 'decline' }> => {
      times++;
      return { action: 'decline' };
    };
    const code = `let n = 0; const more = (send) => send({ id: 'ask' + n++, method: 'elicitation/create', params: { message: 'more', requestedSchema: { type: 'object', properties: {} } } });
      serve({ name: 'x', era: 'legacy', tools: [{ name: 'ask', inputSchema: object, run: (_, { send }) => { more(send); return new Promise(() => {}); } }],
        intercept: ({ id, method }, { send }) => { if (method !== undefined) return false; if (n < 200) more(send); return true; } });`;
    await using it = await opened(custom(code), { features: { elicit } });
    expect(outcomeText(await it.session.call('ask', {}, { timeoutMs: 3000 }))).toMatch(/^timeout/);
    expect(times).toBe(64);
  });

  test('waits for the person as long as it takes, and a question that nobody needs any more ends', async () => {
    const ends: string[] = [];
    const elicit: Features['elicit'] = async (_, { signal }) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
        setTimeout(resolve, ends.length === 0 ? 2500 : 60_000).unref();
      });
      ends.push(signal.aborted ? 'aborted' : 'answered');
      return { action: 'accept', content: { name: 'Ann' } };
    };
    await using it = await opened(server('features-v1'), { features: { elicit } });
    expect(outcomeText(await it.session.call('ask_name', {}, { timeoutMs: 2000 }))).toContain('Ann');
    const second = it.session.call('ask_name', {}, { repeats: false });
    await waitFor(() => sent(it, 'tools/call').length === 2, 'the second call');
    await waitFor(
      () =>
        it.told('frame').filter(({ reading }) => reading.kind === 'request' && reading.method === 'elicitation/create')
          .length === 2,
      'the second question',
    );
    process.kill(it.told('server-started')[0]?.pid ?? Number.NaN, 'SIGKILL');
    expect(outcomeText(await second)).toMatch(/^lost/);
    await waitFor(() => ends.length === 2, 'the end of the question');
    expect(ends).toEqual(['answered', 'aborted']);
  });

  test('hears of other roots', async () => {
    let roots = [{ uri: 'file:///one' }];
    await using it = await opened(server('features-v1'), { features: { roots: () => roots } });
    expect(await called(it, 'ask_roots')).toContain('file:///one');
    roots = [{ uri: 'file:///two' }];
    await it.session.rootsChanged();
    expect(await called(it, 'ask_roots')).toContain('file:///two');
    const methods = it
      .told('frame')
      .flatMap(({ frame, reading }) =>
        frame.from === 'client' && reading.kind === 'notification' ? [reading.method] : [],
      );
    expect(methods).toEqual(['notifications/initialized', 'notifications/roots/list_changed']);
  });
});

test('what a server does not offer is said and not sent', async () => {
  await using it = await opened(server('echo'), { logLevel: 'debug' });
  const connection = await connectionOf(it);
  await expect(connection.subscribe(NOTE)).rejects.toMatchObject({ code: 'NOT_OFFERED' });
  expect(it.told('notice').map(({ message }) => message)).toEqual([
    'What the server is to keep in mind is not in effect: The server does not offer logging',
  ]);
  expect(JSON.stringify(sent(it, 'tools/list'))).not.toContain('logLevel');
});

test.each([
  ['of another form', '{ sum: "three" }', /does not fit its output schema: .*sum/],
  ['that is missing', 'undefined', /no structured content/],
])('structured output %s is told to the person and to the model', async (_, structuredContent, why) => {
  const code = `const outputSchema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] };
    serve({ name: 'x', tools: [{ name: 'add', inputSchema: object, outputSchema, run: () => ({ ...text('3'), structuredContent: ${structuredContent} }) }] });`;
  await using model = await script([{ call: [{ tool: 'add', args: {} }] }, { say: 'done' }]);
  await using it = await opened(custom(code), { model });
  const events = await asked(it.session, 'Add.');
  expect(results(events)).toMatchObject([{ isError: false, text: expect.stringMatching(why) }]);
  expect(events.find(({ type }) => type === 'tool-result')).toMatchObject({ outputFault: expect.stringMatching(why) });
});
