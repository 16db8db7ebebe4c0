import { describe, expect, test } from 'vitest';
import { messagesApi, parseScript } from '../src/script/index.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const tool = { name: 'echo', input_schema: { type: 'object' } };
const asked = { role: 'user', content: 'hi' };
const use = (id: string): object => ({ type: 'tool_use', id, name: 'echo', input: {} });
const called = (...ids: string[]): object => ({ role: 'assistant', content: ids.map(use) });
const result = (id: string, more: object = {}): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'ok',
  ...more,
});
const answered = (...blocks: object[]): object => ({ role: 'user', content: blocks });
const image = (media_type: string, data: string): object => ({
  type: 'image',
  source: { type: 'base64', media_type, data },
});
const text = (value: unknown): object => ({ type: 'text', text: value });

const valid = { model: 'any', max_tokens: 10, messages: [asked], tools: [tool] };

/** One request each that the real API refuses, and what it says of it. */
const REFUSED: readonly (readonly [string, object | string, RegExp])[] = [
  ['no JSON', '{"model":', /not valid JSON/],
  ['a list', '[]', /not valid JSON/],
  ['half a character', { ...valid, messages: [{ role: 'user', content: '\ud800' }] }, /no low surrogate/],
  ['an unknown field', { ...valid, temperature: 1 }, /^temperature: Extra inputs are not permitted/],
  ['no model', { ...valid, model: undefined }, /^model: Field required/],
  ['no max_tokens', { ...valid, max_tokens: undefined }, /^max_tokens: Field required/],
  ['max_tokens that are no number', { ...valid, max_tokens: '9' }, /^max_tokens: .*integer/],
  ['max_tokens of none', { ...valid, max_tokens: 0 }, /^max_tokens: .*greater/],
  ['no messages', { ...valid, messages: undefined }, /^messages: Field required/],
  ['an empty conversation', { ...valid, messages: [] }, /at least one message/],
  ['a message that is none', { ...valid, messages: ['hi'] }, /^messages\.0: /],
  ['an unknown role', { ...valid, messages: [{ role: 'tool', content: 'x' }] }, /^messages\.0\.role/],
  [
    'an unknown key in a message',
    { ...valid, messages: [{ ...asked, name: 'x' }] },
    /^messages\.0\.name: Extra inputs/,
  ],
  [
    'a beginning by the assistant',
    { ...valid, messages: [{ role: 'assistant', content: 'x' }] },
    /first message must use the "user" role/,
  ],
  ['empty content', { ...valid, messages: [{ role: 'user', content: [] }] }, /non-empty content/],
  [
    'an empty assistant message before the end',
    { ...valid, messages: [asked, { role: 'assistant', content: [] }, asked] },
    /non-empty content/,
  ],
  ['an empty text block', { ...valid, messages: [answered(text(''))] }, /text content blocks must be non-empty/],
  ['a blank text block', { ...valid, messages: [answered(text(' \n'))] }, /non-whitespace/],
  [
    'a text block without text',
    { ...valid, messages: [answered({ type: 'text' })] },
    /^messages\.0\.content\.0\.text\.text: Field required/,
  ],
  ['a block without type', { ...valid, messages: [answered({ text: 'x' })] }, /^messages\.0\.content\.0\.type/],
  ['a block of MCP', { ...valid, messages: [answered({ type: 'audio', data: '' })] }, /Input tag 'audio'/],
  [
    'an MCP annotation in a block',
    { ...valid, messages: [answered({ type: 'text', text: 'x', annotations: {} })] },
    /text\.annotations: Extra inputs/,
  ],
  [
    'a user message with a call',
    { ...valid, messages: [answered(use('a'))] },
    /`tool_use` blocks can only be in `assistant`/,
  ],
  [
    'trailing white space before a continuation',
    { ...valid, messages: [asked, { role: 'assistant', content: 'x ' }] },
    /trailing whitespace/,
  ],
  [
    'thinking at the end',
    {
      ...valid,
      messages: [asked, { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: 's' }] }, asked],
    },
    /cannot be `thinking`/,
  ],
  [
    'thinking without signature',
    {
      ...valid,
      messages: [
        asked,
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: '' }, text('x')] },
        asked,
      ],
    },
    /Invalid `signature`/,
  ],
  [
    'a call without result',
    { ...valid, messages: [asked, called('a'), asked] },
    /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: a\./,
  ],
  [
    'one of two calls without result',
    { ...valid, messages: [asked, called('a', 'b'), answered(result('b'))] },
    /without `tool_result` blocks immediately after: a\./,
  ],
  [
    'results in two messages',
    { ...valid, messages: [asked, called('a', 'b'), answered(result('a')), answered(result('b'))] },
    /immediately after: b\./,
  ],
  [
    'text before a result',
    { ...valid, messages: [asked, called('a'), answered(text('so'), result('a'))] },
    /immediately after: a\./,
  ],
  ['a call at the end', { ...valid, messages: [asked, called('a')] }, /immediately after: a\./],
  [
    'a result of no call',
    { ...valid, messages: [answered(result('z'))] },
    /^messages\.0\.content\.0: unexpected `tool_use_id` found in `tool_result` blocks: z/,
  ],
  [
    'two results of one call',
    { ...valid, messages: [asked, called('a'), answered(result('a'), result('a'))] },
    /single result/,
  ],
  [
    'two calls of one id',
    { ...valid, messages: [asked, called('a', 'a'), answered(result('a'))] },
    /ids must be unique/,
  ],
  [
    'an id used before',
    { ...valid, messages: [asked, called('a'), answered(result('a')), called('a'), answered(result('a'))] },
    /ids must be unique/,
  ],
  [
    'an id with a space',
    { ...valid, messages: [asked, called('a b'), answered(result('a b'))] },
    /tool_use\.id: String should match/,
  ],
  [
    'a result without id',
    { ...valid, messages: [asked, called('a'), answered({ type: 'tool_result' })] },
    /tool_use_id: Field required/,
  ],
  [
    'an empty failed result',
    { ...valid, messages: [asked, called('a'), answered(result('a', { is_error: true, content: [] }))] },
    /content cannot be empty if `is_error` is true/,
  ],
  [
    'a failed result with an image',
    {
      ...valid,
      messages: [asked, called('a'), answered(result('a', { is_error: true, content: [image('image/png', PNG)] }))],
    },
    /all content must be type "text"/,
  ],
  [
    'MCP content in a result',
    {
      ...valid,
      messages: [asked, called('a'), answered(result('a', { content: [{ type: 'resource_link', uri: 'x' }] }))],
    },
    /Input tag 'resource_link'/,
  ],
  [
    'an MCP image in a result',
    {
      ...valid,
      messages: [
        asked,
        called('a'),
        answered(result('a', { content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] })),
      ],
    },
    /image\.data: Extra inputs/,
  ],
  [
    'an image of another type than said',
    { ...valid, messages: [answered(image('image/jpeg', PNG))] },
    /image\/jpeg media type, but the image appears to be a image\/png image/,
  ],
  ['an image that is none', { ...valid, messages: [answered(image('image/png', 'AAAA'))] }, /Could not process image/],
  [
    'an SVG image',
    { ...valid, messages: [answered(image('image/svg+xml', 'AAAA'))] },
    /media_type: Input should be 'image\/jpeg'/,
  ],
  ['broken base64', { ...valid, messages: [answered(image('image/png', '***'))] }, /Invalid base64/],
  [
    'a document that is no PDF',
    {
      ...valid,
      messages: [
        answered({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } }),
      ],
    },
    /PDF specified was not valid/,
  ],
  [
    'a tool with a point in its name',
    { ...valid, tools: [{ ...tool, name: 'a.b' }] },
    /^tools\.0\.custom\.name: String should match pattern '\^\[a-zA-Z0-9_-\]\{1,64\}\$'/,
  ],
  ['a tool with a long name', { ...valid, tools: [{ ...tool, name: 'x'.repeat(65) }] }, /^tools\.0\.custom\.name/],
  ['a tool without name', { ...valid, tools: [{ input_schema: { type: 'object' } }] }, /name: Field required/],
  ['two tools of one name', { ...valid, tools: [tool, tool] }, /names must be unique/],
  [
    'an unknown key in a tool',
    { ...valid, tools: [{ ...tool, _server: 'x' }] },
    /^tools\.0\.custom\._server: Extra inputs are not permitted/,
  ],
  ['a tool without schema', { ...valid, tools: [{ name: 'x' }] }, /input_schema: Field required/],
  [
    'a schema without type',
    { ...valid, tools: [{ name: 'x', input_schema: {} }] },
    /input_schema\.type: Field required/,
  ],
  [
    'a schema of a text',
    { ...valid, tools: [{ name: 'x', input_schema: { type: 'string' } }] },
    /input_schema\.type: Input should be 'object'/,
  ],
  [
    'a root anyOf',
    { ...valid, tools: [{ name: 'x', input_schema: { type: 'object', anyOf: [] } }] },
    /does not support oneOf, allOf, or anyOf at the top level/,
  ],
  [
    'a parameter with a space',
    { ...valid, tools: [{ name: 'x', input_schema: { type: 'object', properties: { 'a b': {} } } }] },
    /Property keys should match pattern '\^\[a-zA-Z0-9_\.-\]\{1,64\}\$'/,
  ],
  [
    'calls and no tools',
    { ...valid, tools: [], messages: [asked, called('a'), answered(result('a'))] },
    /must define tools/,
  ],
  ['a choice among no tools', { ...valid, tools: undefined, tool_choice: { type: 'auto' } }, /while providing tools/],
];

describe('the Messages API', () => {
  test.each(REFUSED)('refuses %s', async (_, body, words) => {
    await using api = await messagesApi(parseScript('{"turns":[{"say":"ok"}]}'));
    const { status, answer } = await post(api, body);
    expect([status, answer.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(answer.error?.message).toMatch(words);
  });

  test.each<[string, object]>([
    ['a plain question', valid],
    ['a question without tools', { ...valid, tools: undefined }],
    ['messages of one side in a row', { ...valid, messages: [asked, asked] }],
    [
      'a round with two calls, and text after the results',
      {
        ...valid,
        messages: [asked, called('a', 'b'), answered(result('b'), result('a', { is_error: true }), text('so'))],
      },
    ],
    [
      'a result without content',
      { ...valid, messages: [asked, called('a'), answered(result('a', { content: undefined }))] },
    ],
    ['an image', { ...valid, messages: [answered(image('image/png', PNG))] }],
    ['a system prompt and caching', { ...valid, system: 'Be brief', cache_control: { type: 'ephemeral' } }],
  ])('takes %s', async (_, body) => {
    await using api = await messagesApi(parseScript('{"turns":[{"say":"ok"}]}'));
    expect(await post(api, body)).toMatchObject({
      status: 200,
      answer: { type: 'message', content: [{ type: 'text', text: 'ok' }], stop_reason: 'end_turn' },
    });
  });

  test('uses up no turn for a refused request', async () => {
    await using api = await messagesApi(parseScript('{"turns":[{"say":"first"}]}'));
    await post(api, { ...valid, max_tokens: undefined });
    expect((await post(api, valid)).answer).toMatchObject({ content: [{ text: 'first' }] });
  });

  test.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['an empty key', { authorization: 'Bearer ' }],
    ['a wrong key', { authorization: 'Bearer nonsense' }],
    ['the key of another server', { 'x-api-key': 'f'.repeat(48) }],
  ])('refuses %s', async (_, headers) => {
    await using api = await messagesApi(parseScript('{"turns":[{"say":"ok"}]}'));
    expect(await post(api, valid, headers)).toMatchObject({
      status: 401,
      answer: { error: { type: 'authentication_error' } },
    });
  });

  test('draws a new key for each server', async () => {
    const script = parseScript('{"turns":[{"say":"ok"}]}');
    await using one = await messagesApi(script);
    await using two = await messagesApi(script);
    expect(one.token).not.toBe(two.token);
    expect(one.token.length).toBeGreaterThanOrEqual(32);
  });

  test('knows one path and one method', async () => {
    await using api = await messagesApi(parseScript('{"turns":[{"say":"ok"}]}'));
    expect((await fetch(`${api.url}/v1/models`)).status).toBe(404);
    expect((await fetch(`${api.url}/v1/messages`)).status).toBe(405);
  });

  test('refuses a request of more than 32 MB', async () => {
    await using api = await messagesApi(parseScript('{"turns":[{"say":"ok"}]}'));
    const { status, answer } = await post(api, ' '.repeat(32 * 1024 * 1024 + 1));
    expect([status, answer.error?.type]).toEqual([413, 'request_too_large']);
  });

  test('streams the events of the real API in their order', async () => {
    const turns = [{ think: 'hm', say: 'Hello there', call: [{ tool: 'echo', args: { a: 1 } }] }];
    await using api = await messagesApi(parseScript(JSON.stringify({ turns })));
    const response = await send(api, { ...valid, stream: true });
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    const names = events.map((event) => /^event: (.*)\ndata: \{"type":"\1"/.exec(event)?.[1]);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('lets its port and its open answers go when disposed', async () => {
    const api = await messagesApi(parseScript('{"turns":[{"say":"one two three four five six","drip":600000}]}'));
    const response = await send(api, { ...valid, stream: true });
    const reading = response.text();
    await api[Symbol.asyncDispose]();
    await expect(reading).rejects.toThrow('terminated');
    await expect(send(api, valid)).rejects.toThrow('fetch failed');
  });
});

interface Answer {
  readonly error?: { readonly type: string; readonly message: string };
  readonly [key: string]: unknown;
}

async function post(
  api: { url: string; token: string },
  body: object | string,
  headers?: Record<string, string>,
): Promise<{ status: number; answer: Answer }> {
  const response = await send(api, body, headers);
  return { status: response.status, answer: (await response.json()) as Answer };
}

function send(
  api: { url: string; token: string },
  body: object | string,
  headers: Record<string, string> = { authorization: `Bearer ${api.token}` },
): Promise<Response> {
  return fetch(`${api.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2026-10-21', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
