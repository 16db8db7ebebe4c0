import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../model.ts';
import { type ApiError, apiError } from './api-error.ts';
import { checkRequest } from './check-request.ts';
import { type MessageHead, wholeMessage } from './message-events.ts';
import { readPrompt } from './read-prompt.ts';
import type { Script } from './script.ts';
import { refuse, streamMessage } from './send-message.ts';
import { type Cue, CueError, ScriptPlayer } from './script-player.ts';

export interface MessagesApiOptions {
  /** The model ids that exist. Default: every one. */
  readonly models?: readonly string[];
  /** False takes requests without a key, as many local servers do. Default: true. */
  readonly needsKey?: boolean;
  /** Sees every request that came whole, before it is judged. */
  readonly onRequest?: (request: MessagesApiRequest) => void;
}

/** A request as it came. */
export interface MessagesApiRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A running API. Disposing ends its port and every open answer. */
export interface MessagesApi extends AsyncDisposable {
  /** The base URL for a client, without `/v1`. */
  readonly url: string;
  /** The bearer token that it asks for, drawn anew for each server. */
  readonly token: string;
}

/** The real API's limit on a request, in bytes. */
const BODY_LIMIT = 32 * 1024 * 1024;

/**
 * Serves a script as Anthropic's Messages API on 127.0.0.1: same streams, same refusals. It is no language model.
 * Deterministic: ids count up, and the replies depend on the requests alone.
 */
export async function messagesApi(script: Script, options: MessagesApiOptions = {}): Promise<MessagesApi> {
  const api = new ScriptedApi(script, options);
  const server = createServer((request, response) => void api.answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token: api.token,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class ScriptedApi {
  readonly token: string = randomBytes(24).toString('hex');
  readonly #player: ScriptPlayer;
  readonly #options: MessagesApiOptions;
  #requests = 0;
  #messages = 0;
  #calls = 0;

  constructor(script: Script, options: MessagesApiOptions) {
    this.#player = new ScriptPlayer(script);
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = `req_script_${++this.#requests}`;
    response.setHeader('request-id', id);
    try {
      const body = await readBody(request);
      const verdict =
        body === undefined ? apiError(413, 'Request exceeds the maximum size') : this.#judge(request, body);
      if ('status' in verdict) return refuse(response, verdict, id);
      await this.#play(verdict, response, id);
    } catch {
      // Only a client that went away comes here: there is nobody left to tell.
      response.destroy();
    }
  }

  /** The request's body when it is valid, else what is wrong with it. */
  #judge(request: IncomingMessage, body: string): ApiError | { readonly body: JsonObject } {
    const { headers, method, url = '' } = request;
    this.#options.onRequest?.({ headers, body });
    const { pathname } = new URL(url, 'http://localhost');
    if (pathname !== '/v1/messages') return apiError(404, 'Not Found');
    if (method !== 'POST') return apiError(405, 'Method Not Allowed');
    if (this.#options.needsKey !== false) {
      const key = bearer(headers);
      if (key === '') return apiError(401, 'Authorization header is required');
      if (key !== this.token) return apiError(401, 'Invalid bearer token');
    }
    if (headers['anthropic-version'] === undefined) return apiError(400, 'anthropic-version: header is required');
    const value = parsed(body);
    const problem = checkRequest(value);
    if (problem !== undefined) return apiError(400, problem);
    const valid = value as JsonObject;
    const { models } = this.#options;
    return models === undefined || models.includes(valid['model'] as string)
      ? { body: valid }
      : apiError(404, `model: ${String(valid['model'])}`);
  }

  async #play({ body }: { readonly body: JsonObject }, response: ServerResponse, id: string): Promise<void> {
    let cue: Cue;
    try {
      cue = this.#player.next(readPrompt(body));
    } catch (error) {
      if (error instanceof CueError) return refuse(response, apiError(400, `script: ${error.message}`), id);
      throw error;
    }
    if (cue.error !== undefined && cue.say === undefined)
      return refuse(response, apiError(cue.error.status, cue.error.message, cue.error.retryAfterMs), id);
    const head = this.#head(body, cue);
    if (body['stream'] === true) return streamMessage(cue, head, response, id);
    if (cue.disconnect) return void response.destroy();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(wholeMessage(cue, head)));
  }

  #head(body: JsonObject, { call }: Cue): MessageHead {
    const message = ++this.#messages;
    // A conversation of another time, continued, has ids already.
    this.#calls = Math.max(this.#calls, ...callNumbers(body));
    return {
      id: `msg_script_${message}`,
      model: String(body['model']),
      inputTokens: Math.ceil(JSON.stringify(body).length / 4),
      callIds: call.map(() => `toolu_script_${++this.#calls}`),
      signature: Buffer.from(`signature of message ${message}`).toString('base64'),
    };
  }
}

/** The numbers of the calls of ours that a valid request holds. */
function callNumbers(body: JsonObject): readonly number[] {
  const contents = (body['messages'] as readonly JsonObject[]).map(({ content }) => content);
  const blocks = contents.flatMap((content) => (Array.isArray(content) ? (content as readonly JsonObject[]) : []));
  return blocks.flatMap(({ id }) => {
    const [, number] = /^toolu_script_(\d{1,9})$/.exec(String(id)) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
}

function bearer(headers: IncomingMessage['headers']): string {
  const key = headers['x-api-key'];
  return headers.authorization?.replace(/^Bearer\s*/i, '').trim() ?? (typeof key === 'string' ? key : '');
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
