import { describe, expect, test } from 'vitest';

import { messagesApi, parseScript } from '../src/script/index.ts';
import { PNG, answered, asked, called, image, post, result, send, text, valid } from './support/messages-request.ts';

describe('the Messages API', () => {
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
