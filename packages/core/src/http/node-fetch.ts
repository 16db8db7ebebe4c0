import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

import type { FetchLike } from '@modelcontextprotocol/client';

/** Statuses whose answer has no body, as `Response` insists. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * How long an idle connection is kept: less than servers do (Node's 5 s), since a request on one that the server closes
 * meanwhile is lost, and must not be sent again.
 */
const IDLE_MS = 1000;

/**
 * `fetch` over node:http. The global one ends a stream that is silent for five minutes, and an MCP server may well be;
 * it follows redirects, and it hides why a connection failed. Here no redirect is followed and errors are the system's.
 */
export class NodeFetch {
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

  readonly fetch: FetchLike = async (url, init = {}) => {
    const target = new URL(url);
    const isSecure = target.protocol === 'https:';
    const { signal } = init;
    signal?.throwIfAborted();
    const body = bytesOf(init.body);
    const headers = Object.fromEntries(new Headers(init.headers));
    const options = { method: init.method ?? 'GET', headers };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = isSecure
        ? requestHttps(target, { ...options, agent: this.#https }, resolve)
        : requestHttp(target, { ...options, agent: this.#http }, resolve);
      asked.on('error', reject);
      // Given to the request, the signal would end the socket under a later one, too; given to `destroy`, its reason
      // could find nobody who listens to the socket.
      const abort = (): void => void asked.destroy();
      signal?.addEventListener('abort', abort, { once: true });
      asked.on('close', () => signal?.removeEventListener('abort', abort));
      asked.end(body);
    });
    return responseOf(answer);
  };

  /** Closes what is idle. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

function responseOf(answer: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = answer;
  const headers = new Headers();
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    headers.append(answer.rawHeaders[at] ?? '', answer.rawHeaders[at + 1] ?? '');
  }
  if (BODILESS.has(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  // Reason phrases may hold bytes that a `Response` refuses.
  const plain = /^[\t -~]*$/.test(statusText) ? { statusText } : {};
  return new Response(streamOf(answer), { status, headers, ...plain });
}

/** The body, at the pace of whoever reads it. A cut is an error, also one that comes before anybody reads. */
function streamOf(answer: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      answer.on('data', (chunk: Uint8Array) => {
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) answer.pause();
      });
      answer.on('end', () => controller.close());
      answer.on('error', (error) => controller.error(error));
    },
    pull: () => void answer.resume(),
    cancel: () => void answer.destroy(),
  });
}

function bytesOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('the SDK sends text and forms alone');
}
