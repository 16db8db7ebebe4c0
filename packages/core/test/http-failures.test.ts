import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type HttpServer, Session, type SessionOptions } from '../src/index.ts';
import { type Respond, httpServer, json, legacy } from './support/http-server.ts';
import { observed, outcomeText } from './support/observed-session.ts';

function at(url: string): HttpServer {
  return { name: 'far', url, trusted: false };
}

/** Why a session with this server does not open. */
async function whyNot(url: string, options: Partial<SessionOptions> = {}): Promise<unknown> {
  return await Session.open({ servers: [at(url)], ...options }).then(
    async (session) => await session.close(),
    (error: unknown) => error,
  );
}

const page = '<!doctype html>\n<html><head><title>Welcome to nginx!</title></head></html>';

describe.concurrent('a server that cannot be used says in words why', () => {
  const answers: readonly (readonly [string, Respond, string, RegExp])[] = [
    [
      'a 401',
      (response) => response.writeHead(401).end(),
      'UNAUTHORIZED',
      /who you are \(HTTP 401\): sign in, or give --header/,
    ],
    ['a 403', (response) => response.writeHead(403).end('no'), 'UNAUTHORIZED', /does not let you do that \(HTTP 403\)/],
    [
      'a 404',
      (response) => response.writeHead(404).end('no route'),
      'BAD_ANSWER',
      /HTTP 404 Not Found: no route; is the path/,
    ],
    [
      'a 405',
      (response) => response.writeHead(405).end(),
      'BAD_ANSWER',
      /HTTP 405 Method Not Allowed; is it the URL of an MCP/,
    ],
    [
      'a 500',
      (response) => response.writeHead(500).end(page),
      'BAD_ANSWER',
      /HTTP 500 Internal Server Error: <!doctype html>/,
    ],
    ['a 503 without end', (response) => endless(response), 'BAD_ANSWER', /HTTP 503 Service Unavailable: xxx/],
    [
      'a web page',
      (response) => response.setHeader('content-type', 'text/html').end(page),
      'BAD_ANSWER',
      /with a web page: <!doctype html> <html>/,
    ],
    [
      'plain text',
      (response) => response.end('it works'),
      'BAD_ANSWER',
      /no message of the protocol \(no content type\): it works;/,
    ],
    ['nothing', (response) => response.writeHead(200).end(), 'BAD_ANSWER', /HTTP 200 without a message/],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'https://user:pw@example.com/mcp?key=secret' }).end(),
      'BAD_ANSWER',
      /says that it is at https:\/\/example.com\/mcp \(HTTP 302\)/,
    ],
    [
      'half an answer',
      (response) => half(response),
      'CONNECTION_LOST',
      /ended its answer in the middle: the connection was cut/,
    ],
    [
      'a stream without the answer',
      (response) => response.setHeader('content-type', 'text/event-stream').end(': hello\n\n'),
      'CONNECTION_LOST',
      /ended its answer without the message/,
    ],
  ];

  test.each(answers)('%s', async (_, respond, code, words) => {
    await using server = await httpServer(respond);
    const error = await whyNot(server.url);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(error).toMatchObject({ message: expect.not.stringMatching(/secret|pw/) });
  });

  test('a port where nobody listens, TLS where there is none, and what is no HTTP', async () => {
    await using server = await httpServer(legacy());
    const { port } = new URL(server.url);
    const gone = createServer((socket) => socket.resume().end('220 mail ready\r\n'));
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const other = (gone.address() as AddressInfo).port;
    const garbage = whyNot(`http://127.0.0.1:${other}/`);
    expect(await garbage).toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(/does not speak HTTP/),
    });
    gone.close();
    await once(gone, 'close');
    const reasons = await Promise.all(
      [`http://127.0.0.1:${other}/?key=secret`, `https://127.0.0.1:${port}/`].map((url) => whyNot(url)),
    );
    expect(reasons).toMatchObject([
      {
        code: 'CONNECTION_LOST',
        message: expect.stringMatching(/^Cannot reach http:\/\/127.0.0.1:\d+\/: connection refused/),
      },
      {
        code: 'CONNECTION_LOST',
        isRemote: true,
        message: expect.stringMatching(/does not speak TLS there; try http:/),
      },
    ]);
  });

  test('one that takes the probe and never answers is tried in the legacy era, within the time for an answer', async () => {
    await using server = await httpServer(() => {});
    const error = await whyNot(server.url, { probeMs: 1000, timeoutMs: 1000 });
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/did not answer initialize.*the URL of an/),
    });
    expect(server.asked).toEqual(['POST server/discover', 'POST initialize']);
  });

  const deaf: readonly (readonly [string, Respond, string, RegExp])[] = [
    ['refuses', (response) => response.writeHead(500).end('not now'), 'BAD_ANSWER', /HTTP 500 .*not now/],
    ['never takes', () => {}, 'TIMEOUT', /did not take notifications\/initialized within 1\.5 s/],
  ];
  test.each(deaf)('one that %s what follows its answer to initialize', async (_, respond, code, words) => {
    const small = legacy();
    await using server = await httpServer((response, asked, request) =>
      (asked.method === 'notifications/initialized' ? respond : small)(response, asked, request),
    );
    const error = await whyNot(server.url, { era: 'legacy', timeoutMs: 1500 });
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  });
});

describe.concurrent('an answer is read however it is written', () => {
  const events = (text: (answer: string) => string): Respond =>
    legacy((response, answer) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.end(text(JSON.stringify(answer)));
    });
  const ways: readonly (readonly [string, Respond, readonly string[]])[] = [
    [
      'events with CRLF, comments, other events and a byte order mark',
      events((answer) => `\uFEFF: hi\r\nevent: ping\r\ndata: x\r\n\r\nevent: message\r\ndata: ${answer}\r\n\r\n`),
      [],
    ],
    [
      'an event whose data is spread over lines that end in CR',
      events((answer) => `data: ${answer.replace(',', ',\rdata:')}\r\r`),
      [],
    ],
    ['an event that no blank line ends', events((answer) => `data: ${answer}\n`), ['http/event-end']],
    [
      'JSON over many lines',
      legacy((response, answer) =>
        response.setHeader('content-type', 'application/json').end(`${JSON.stringify(answer, null, 2)}\n`),
      ),
      [],
    ],
    [
      'JSON under another name',
      legacy((response, answer) => response.setHeader('content-type', 'text/plain').end(JSON.stringify(answer))),
      ['http/content-type'],
    ],
    ['JSON in a refusal', legacy((response, answer) => json(response, answer, 'error' in answer ? 400 : 200)), []],
  ];
  test.each(ways)('%s', async (_, respond, findings) => {
    await using server = await httpServer(respond);
    await using it = await observed([at(server.url)]);
    expect(outcomeText(await it.session.call('echo', {}))).toBe('hello');
    expect([...new Set(it.told('finding').map(({ rule }) => rule))]).toEqual(findings);
  });
});

describe.concurrent('the life of a session over HTTP', () => {
  test('one that we end is ended by us, also where the server is not there to be told', async () => {
    const server = await httpServer(legacy(undefined, { 'mcp-session-id': 'one' }));
    await using it = await observed([at(server.url)]);
    await server[Symbol.asyncDispose]();
    await it.session.close();
    expect(it.told('server-ended')).toMatchObject([{ why: 'we ended it', asked: true }]);
  });

  test('one that the server has forgotten is opened anew, and the call is made once more', async () => {
    let session = 0;
    const small = legacy();
    await using server = await httpServer((response, asked, request) => {
      const isCurrent = request.headers['mcp-session-id'] === `s${session}`;
      if (asked.method === 'initialize') response.setHeader('mcp-session-id', `s${++session}`);
      else if (asked.method === 'tools/call' && session === 1) session = 1.5;
      if (asked.method !== 'initialize' && asked.method !== 'server/discover' && (session === 1.5 || !isCurrent))
        return json(response, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } }, 404);
      return small(response, asked, request);
    });
    await using it = await observed([at(server.url)]);
    expect(outcomeText(await it.session.call('echo', {}))).toBe('hello');
    expect(it.told('server-ended')).toMatchObject([
      { pid: null, why: expect.stringMatching(/no longer knows this session/) },
    ]);
    expect(it.told('notice').map(({ message }) => message)).toEqual([
      expect.stringMatching(/once more: the server did not get it/),
    ]);
    expect(server.asked.filter((each) => each.endsWith('initialize'))).toHaveLength(2);
  });

  test('a stream that broke off is taken up again where it was, and a goodbye ends the session', async () => {
    const small = legacy(
      (response, answer, asked) => {
        if (asked.method !== 'tools/call') return json(response, answer);
        // Only the number of an event, and then a cut.
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('id: 7\nretry: 1\n\n', () => response.destroy());
      },
      { 'mcp-session-id': 'one' },
    );
    let called: object = {};
    await using server = await httpServer((response, asked, request) => {
      if (asked.method === 'tools/call')
        called = { jsonrpc: '2.0', id: asked.id, result: { content: [{ type: 'text', text: 'late' }] } };
      if (request.headers['last-event-id'] !== '7') return small(response, asked, request);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end(`data: ${JSON.stringify(called)}\n\n`);
    });
    await using it = await observed([at(server.url)]);
    expect(outcomeText(await it.session.call('echo', {}))).toBe('late');
    await it.session.close();
    expect(server.asked.at(-1)).toBe('DELETE');
  });

  test('a call that is cut with its stream fails at once, and one that is given up ends its stream', async () => {
    let isCut = true;
    let closed = 0;
    const small = legacy((response, answer, asked) => {
      if (asked.method !== 'tools/call') return json(response, answer);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.on('close', () => closed++);
      if (isCut) response.write(': here\n\n', () => response.destroy());
      else response.write(': here\n\n');
    });
    await using server = await httpServer(small);
    await using it = await observed([at(server.url)]);
    expect(outcomeText(await it.session.call('echo', {}))).toMatch(/^lost: .*ended its answer in the middle/);
    isCut = false;
    expect(outcomeText(await it.session.call('echo', {}, { timeoutMs: 1500 }))).toMatch(/^timeout/);
    await it.session.close();
    await waitFor(() => closed === 2, 'the stream to be closed');
  });
});

/** Says no, and goes on saying it. */
function endless(response: Parameters<Respond>[0]): void {
  response.writeHead(503);
  const more = (): void => {
    if (!response.destroyed) response.write('x'.repeat(4096), more);
  };
  more();
}

function half(response: Parameters<Respond>[0]): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"jsonrpc":"2.0","id"', () => response.destroy());
}
