import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { anthropicModel } from '../src/anthropic/index.ts';
import { ModelError } from '../src/model.ts';
import { failure, hear, scripted, user } from './support/model-conversation.ts';

const KEY = 'sk-ant-very-secret-key';

describe('without usable settings', () => {
  test('no credentials for Anthropic is told at once, with what to set', () => {
    expect(() => anthropicModel({})).toThrow(
      expect.objectContaining({ code: 'CREDENTIALS', message: expect.stringContaining('ANTHROPIC_API_KEY') }),
    );
  });

  test('a key that cannot be sent is told without being shown', () => {
    const broken = (): unknown => anthropicModel({ apiKey: `${KEY}\nexport X=1` });
    expect(broken).toThrow(expect.objectContaining({ code: 'CREDENTIALS', message: expect.not.stringContaining(KEY) }));
  });

  test.each(['localhost:11434', 'ftp://host', 'http://me:pass@host', 'not a url'])(
    'the base URL %s is told',
    (baseURL) => {
      expect(() => anthropicModel({ baseURL })).toThrow(
        expect.objectContaining({ code: 'UNREACHABLE', message: expect.not.stringContaining('pass@') }),
      );
    },
  );
});

describe('an answer of the API that is an error', () => {
  test('401 names the variable that holds the key', async () => {
    await using talk = await scripted([{ say: 'x' }], { apiKey: 'wrong' });
    const error = await failure(talk.model);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: 'CREDENTIALS', message: expect.stringMatching(/401.*ANTHROPIC_API_KEY/) });
  });

  test('404 names the model', async () => {
    await using talk = await scripted([{ say: 'x' }], { model: 'claude-9' }, { models: ['claude-sonnet-5-5'] });
    expect(await failure(talk.model)).toMatchObject({
      code: 'REJECTED',
      message: expect.stringContaining('"claude-9"'),
    });
  });

  test.each([
    [400, 'REJECTED'],
    [403, 'CREDENTIALS'],
    [413, 'REJECTED'],
    [429, 'OVERLOADED'],
    [500, 'OVERLOADED'],
    [529, 'OVERLOADED'],
  ])('%i is %s', async (status, code) => {
    await using talk = await scripted([{ error: { status, message: 'No luck today' } }], { maxRetries: 0 });
    const error = await failure(talk.model);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`${status}: No luck today`) });
    expect(error.message).not.toMatch(/\n|    at /);
  });

  test.each([429, 503, 529])('%i is tried again, and the answer is as if nothing had been', async (status) => {
    await using talk = await scripted([{ error: { status }, repeat: 2 }, { say: 'At last.' }]);
    expect((await hear(talk.model, { turns: [user('hi')] })).reply.text).toBe('At last.');
    expect(talk.bodies).toHaveLength(3);
  });

  test('is given up after the retries', async () => {
    await using talk = await scripted([{ error: { status: 529 }, repeat: true }], { maxRetries: 1 });
    expect(await failure(talk.model)).toMatchObject({ code: 'OVERLOADED' });
    expect(talk.bodies).toHaveLength(2);
  });

  test('in mid-stream ends the answer with what the API said', async () => {
    await using talk = await scripted([{ say: 'It begins', error: { status: 529, message: 'Overloaded' } }]);
    expect(await failure(talk.model)).toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining('Overloaded'),
    });
  });

  test.each(['{"error":"model not found"}', '{"error":{"message":{"a":1}}}', '<html>Not here</html>', ''])(
    'of a server with its own idea of errors is told: %s',
    async (body) => {
      await using server = await answering(() => [404, body]);
      const error = await failure(anthropicModel({ apiKey: KEY, baseURL: server.url, model: 'llama' }));
      expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('"llama"') });
    },
  );

  test('that repeats the key shows it nowhere', async () => {
    await using server = await answering((_, key) => [
      401,
      JSON.stringify({ type: 'error', error: { type: 'authentication_error', message: `bad key: ${key}` } }),
    ]);
    const error = await failure(anthropicModel({ apiKey: KEY, baseURL: server.url }));
    expect(error.message).toContain('bad key: Bearer [key]');
    expect(inspect(error, { depth: 9 })).not.toContain(KEY);
  });
});

describe('the network', () => {
  test('that refuses is named with host and cause', async () => {
    const talk = await scripted([{ say: 'x' }], { maxRetries: 0, apiKey: KEY });
    await talk[Symbol.asyncDispose]();
    const error = await failure(talk.model);
    expect(error).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/127\.0\.0\.1:\d+.*ECONNREFUSED/),
    });
    expect(inspect(error, { depth: 9 })).not.toContain(KEY);
  });

  test('that breaks in mid-stream breaks the answer, after what had come', async () => {
    await using talk = await scripted([{ say: 'Half of it', disconnect: true }]);
    const replies = talk.model.reply({ turns: [user('hi')], tools: [], signal: new AbortController().signal });
    const heard: string[] = [];
    const reading = (async () => {
      for await (const piece of replies) heard.push(piece);
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'BROKEN',
      message: expect.stringContaining('in the middle of the answer'),
    });
    expect(heard.join('')).toBe('Half of it');
  });
});

describe('an answer that is not the Messages API', () => {
  const start =
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"x","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n';
  const stop = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
  const delta = (reason: string): string =>
    `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":${reason}},"usage":{"output_tokens":1}}\n\n`;
  const tool = (json: string): string =>
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"echo","input":{}}}\n\n' +
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":${JSON.stringify(json)}}}\n\n` +
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n';

  test.each([
    ['a web page', '<!doctype html><title>Welcome</title>'],
    ['nothing', ''],
    ['a stream that ends early', start],
    ['no JSON', 'event: message_start\ndata: {"type":"mess\n\n'],
    [
      'a message without content',
      'event: message_start\ndata: {"type":"message_start","message":{}}\n\n' + tool('{}') + delta('"tool_use"') + stop,
    ],
    ['broken tool arguments', start + tool('{"a":]') + delta('"tool_use"') + stop],
    ['tool arguments that are a list', start + tool('[1]') + delta('"tool_use"') + stop],
    ['no stop reason', start + delta('null') + stop],
  ])('is told as one that cannot be read: %s', async (_, body) => {
    await using server = await answering(() => [200, body]);
    const error = await failure(anthropicModel({ apiKey: KEY, baseURL: server.url }));
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: 'BROKEN', message: expect.stringContaining('127.0.0.1') });
  });

  test('with a stop reason from the future ends the turn and runs no tool', async () => {
    await using server = await answering(() => [200, start + tool('{}') + delta('"napping"') + stop]);
    const { reply } = await hear(anthropicModel({ apiKey: KEY, baseURL: server.url }), { turns: [user('hi')] });
    expect(reply).toMatchObject({ stop: 'end_turn', detail: expect.stringContaining('napping') });
  });

  test('that counts its tokens in something else than numbers counts none', async () => {
    const told = delta('"end_turn"').replace('{"output_tokens":1}', '{"output_tokens":"\\u001b]0;title\\u0007"}');
    await using server = await answering(() => [200, start + told + stop]);
    const { reply } = await hear(anthropicModel({ apiKey: KEY, baseURL: server.url }), { turns: [user('hi')] });
    expect(reply.usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: 0 });
  });

  test('that stops for tools and names none is an end', async () => {
    await using server = await answering(() => [200, start + delta('"tool_use"') + stop]);
    const { reply } = await hear(anthropicModel({ apiKey: KEY, baseURL: server.url }), { turns: [user('hi')] });
    expect(reply).toMatchObject({ stop: 'end_turn', calls: [] });
  });
});

const ONCE = [
  'event: message_start\ndata: {"type":"message_start","message":{"content":[],"usage":{}}}\n\n',
  'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Once"}}\n\n',
].join('');

describe('an abort', () => {
  test('while nothing comes throws the reason of the signal and closes the connection', async () => {
    await using server = await hanging();
    const abort = new AbortController();
    const reason = new Error('the person pressed Ctrl-C');
    const model = anthropicModel({ apiKey: KEY, baseURL: server.url });
    const reading = hear(model, { turns: [user('hi')], signal: abort.signal });
    await server.asked;
    abort.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await server.left;
  });

  test('before the question sends nothing', async () => {
    await using talk = await scripted([{ say: 'x' }]);
    await expect(hear(talk.model, { turns: [user('hi')], signal: AbortSignal.abort('early') })).rejects.toBe('early');
    expect(talk.bodies).toEqual([]);
  });

  test('while text streams leaves what was heard and throws the reason', async () => {
    await using server = await hanging(ONCE);
    const abort = new AbortController();
    const replies = anthropicModel({ apiKey: KEY, baseURL: server.url }).reply({
      turns: [user('hi')],
      tools: [],
      signal: abort.signal,
    });
    expect(await replies.next()).toEqual({ done: false, value: 'Once' });
    abort.abort('enough');
    await expect(replies.next()).rejects.toBe('enough');
    await server.left;
  });

  test('by an app that stops reading closes the connection', async () => {
    await using server = await hanging(ONCE);
    for await (const piece of anthropicModel({ apiKey: KEY, baseURL: server.url }).reply({
      turns: [user('hi')],
      tools: [],
      signal: new AbortController().signal,
    })) {
      expect(piece).toBe('Once');
      break;
    }
    await server.left;
  });
});

interface Listening extends AsyncDisposable {
  readonly url: string;
}

async function answering(answer: (url: string, key: string) => readonly [number, string]): Promise<Listening> {
  return listening(
    createServer((request, response) => {
      const [status, body] = answer(request.url ?? '', request.headers.authorization ?? '');
      request
        .resume()
        .once('end', () =>
          response
            .writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/json' })
            .end(body),
        );
    }),
  );
}

/** A server that says a little and then nothing; knows when it was asked and when the client left. */
async function hanging(
  text = '',
): Promise<Listening & { readonly asked: Promise<unknown>; readonly left: Promise<unknown> }> {
  const asked = deferred();
  const left = deferred();
  const server = await listening(
    createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`: hello\n\n${text}`);
      response.once('close', left.resolve);
      request.resume();
      asked.resolve();
    }),
  );
  return { ...server, asked: asked.promise, left: left.promise };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function listening(server: Server): Promise<Listening> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}
