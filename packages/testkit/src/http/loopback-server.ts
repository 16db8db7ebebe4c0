import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came whole. */
export interface SeenRequest {
  readonly method: string;
  /** With its origin and its query. */
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** A server on 127.0.0.1 that answers requests one function at a time. Disposing ends its port and its connections. */
export interface LoopbackServer extends AsyncDisposable {
  readonly origin: string;
  /** Everything that came, in order. */
  readonly requests: readonly SeenRequest[];
}

/** Serves on a free port; what `answer` throws becomes a 500. */
export async function loopbackServer(answer: (request: SeenRequest) => Promise<Response>): Promise<LoopbackServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const seen: SeenRequest = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', origin()),
        headers: new Headers(
          Object.entries(request.headers).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, String(value)] as [string, string]],
          ),
        ),
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(seen);
      const { status, headers, body } = await answer(seen);
      response.writeHead(status, Object.fromEntries(headers));
      for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
        if (response.destroyed) return;
        response.write(chunk);
      }
      response.end();
    })().catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: origin(),
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An answer in JSON. */
export function json(value: unknown, status: number = 200): Response {
  return Response.json(value, { status });
}
