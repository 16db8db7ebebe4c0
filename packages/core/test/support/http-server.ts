import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A message that a client sent, as far as a server here looks at it. */
export interface Asked {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly name?: string };
}

/** Answers one request over HTTP. */
export type Respond = (response: ServerResponse, asked: Asked, request: IncomingMessage) => void;

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** What was asked so far: the verb of HTTP, and the method of the message if there was one. */
  readonly asked: readonly string[];
}

/** Serves on a loopback port; its disposal cuts all connections. */
export async function httpServer(respond: Respond): Promise<TestServer> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const asked = (body === '' ? {} : JSON.parse(body)) as Asked;
      seen.push([request.method, ...(asked.method === undefined ? [] : [asked.method])].join(' '));
      respond(response, asked, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    asked: seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The answer of a small legacy server with one tool, `echo`; undefined for a notification. */
function legacyAnswer({ id, method }: Asked): object | undefined {
  if (id === undefined) return undefined;
  const head = { jsonrpc: '2.0', id };
  switch (method) {
    case 'initialize': {
      const serverInfo = { name: 'small', version: '1' };
      return { ...head, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } };
    }
    case 'tools/list':
      return { ...head, result: { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] } };
    case 'tools/call':
      return { ...head, result: { content: [{ type: 'text', text: 'hello' }] } };
    default:
      return { ...head, error: { code: -32601, message: 'Method not found' } };
  }
}

/** Answers as a small legacy server does, with JSON; `write` may say it otherwise. */
export function legacy(
  write: (response: ServerResponse, answer: object, asked: Asked) => void = (response, answer) =>
    json(response, answer),
  headers: Readonly<Record<string, string>> = {},
): Respond {
  return (response, asked, request) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const answer = request.method === 'POST' ? legacyAnswer(asked) : undefined;
    if (answer !== undefined) write(response, answer, asked);
    else response.writeHead(request.method === 'POST' ? 202 : 405).end();
  };
}

export function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
