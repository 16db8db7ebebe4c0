import type { FetchLike } from '@modelcontextprotocol/client';
import { type IdText, readFrame } from '@mcp-dbg/wire';

import type { HttpEvent } from '../connection-observer.ts';
import type { CoreError } from '../errors.ts';
import { isObject } from '../json.ts';
import { shownUrl } from '../server-config.ts';
import { EventSplitter, type ServerSentEvent } from './event-splitter.ts';
import { codeOf, cutShort, notAnAnswer, refused, sessionOver, unauthorized, unreachable } from './http-failure.ts';
import { readBody } from './read-body.ts';

/** Bytes of one message at most; what is longer is no message but a fault that would take all memory. */
const MAX_MESSAGE = 256 * 1024 * 1024;
/** Bytes of a refusal that are looked at. */
const MAX_REFUSAL = 64 * 1024;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A message of ours on its way, and what became of it. */
export interface Post {
  /** The request's id; undefined for a notification or an answer. */
  readonly id: IdText | undefined;
  /** Its exact text, where the SDK would write it in another way. */
  readonly text?: string | undefined;
  /** True while its answer is waited for. */
  readonly isAwaited: () => boolean;
  /** Why its stream ended early. */
  lost: CoreError | undefined;
  /** Where the server says that it is. */
  redirect?: { readonly status: number; readonly to: string };
  /** True when the server is not there any more. */
  isGone?: boolean;
}

/** How a message of the server came. */
interface Arrival {
  /** The request that it belongs to, which answers a message without an id. */
  readonly answers?: IdText | undefined;
  /** False where it was cut. */
  readonly isWhole?: boolean;
  /** True where it is only to be looked at. */
  readonly isShown?: boolean;
}

export interface TappedFetchOptions {
  readonly fetch: FetchLike;
  /** The server's URL as it may be shown. */
  readonly url: string;
  /** Sent with every request of the protocol, and to nobody else. */
  readonly headers: Readonly<Record<string, string>>;
  /** True where somebody knows what to do about a 401 or 403. */
  readonly signsIn: boolean;
  /** The message that the request under way carries. */
  readonly post: () => Post | undefined;
  readonly onExchange: (event: Extract<HttpEvent, { kind: 'http' }>) => void;
  readonly onMessage: (bytes: Uint8Array, how: Arrival) => void;
  readonly onFinding: (rule: string, message: string) => void;
  /** Told when a request that carries no message found nobody there. */
  readonly onGone: (why: CoreError) => void;
}

/**
 * A `fetch` for the SDK's transport that shows every message before the SDK sees it, and says in words what is wrong
 * with an answer. The SDK gets of a stream what it needs to resume it, and of a whole answer only that it was taken.
 */
export class TappedFetch {
  readonly #options: TappedFetchOptions;

  constructor(options: TappedFetchOptions) {
    this.#options = options;
  }

  readonly fetch: FetchLike = async (url, init = {}) => {
    const headers = new Headers(init.headers);
    const method = init.method ?? 'GET';
    const isStream = headers.get('accept')?.includes('text/event-stream') === true;
    // A sign-in goes to other places, and its bodies are nobody's business.
    if (!isStream && !headers.has('mcp-session-id')) return await this.#observed(url, init);
    for (const [name, value] of Object.entries(this.#options.headers)) headers.set(name, value);
    const post = method === 'POST' ? this.#options.post() : undefined;
    const response = await this.#reached(
      url,
      { ...init, headers, ...(post?.text !== undefined && { body: post.text }) },
      post,
    );
    if (REDIRECTS.has(response.status)) return noteRedirect(response, url, post);
    if (method === 'POST') return await this.#answer(response, headers, post);
    return method === 'GET' && response.ok ? this.#stream(response, this.#options.post()) : response;
  };

  async #reached(url: string | URL, init: RequestInit, post: Post | undefined): Promise<Response> {
    try {
      return await this.#observed(url, init);
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      const failure = unreachable(this.#options.url, error);
      if (post === undefined) this.#options.onGone(failure);
      else post.isGone = true;
      throw failure;
    }
  }

  async #observed(url: string | URL, init: RequestInit): Promise<Response> {
    const { onExchange, fetch } = this.#options;
    const asked = { kind: 'http', method: init.method ?? 'GET', url: shownUrl(String(url)) } as const;
    try {
      const response = await fetch(url, init);
      const type = mediaType(response);
      onExchange({ ...asked, status: response.status, ...(type !== '' && { type }) });
      return response;
    } catch (error) {
      onExchange({ ...asked, error: init.signal?.aborted === true ? 'aborted' : codeOf(error) });
      throw error;
    }
  }

  async #answer(response: Response, headers: Headers, post: Post | undefined): Promise<Response> {
    if (!response.ok) return await this.#refusal(response, headers, post);
    const id = post?.id;
    const type = mediaType(response);
    if (type === 'text/event-stream') {
      if (id !== undefined) return this.#stream(response, post);
      await response.body?.cancel();
      return taken(response);
    }
    const { url, onMessage, onFinding } = this.#options;
    const { bytes, failure } = await readBody(response, MAX_MESSAGE);
    onMessage(bytes, { answers: id, isWhole: failure === undefined });
    if (id === undefined) return taken(response);
    if (post?.isAwaited() !== true) {
      if (type === 'application/json' || failure !== undefined) return taken(response);
      const what = type === '' ? 'without a content type' : `as ${type}`;
      onFinding('http/content-type', `The server sent an answer ${what}; SDK clients take application/json alone`);
      return taken(response);
    }
    throw failure === undefined ? notAnAnswer(url, response, type, text(bytes)) : cutShort(url, failure);
  }

  async #refusal(response: Response, headers: Headers, post: Post | undefined): Promise<Response> {
    const { url, onMessage, signsIn } = this.#options;
    const { status } = response;
    const { bytes } = await readBody(response, MAX_REFUSAL);
    if (status === 401 || status === 403) {
      // What somebody answers is no news, as long as it is not of the protocol.
      if (!signsIn || readFrame(bytes).kind === 'error') onMessage(bytes, { isShown: true });
      if (signsIn) return new Response(text(bytes), { status, headers: response.headers });
      throw unauthorized(url, status);
    }
    if (headers.has('mcp-session-id') && (status === 404 || saysNoSession(status, bytes))) {
      onMessage(bytes, { isShown: true });
      if (post !== undefined) post.isGone = true;
      throw sessionOver(url, status);
    }
    const reading = readFrame(bytes);
    const isMessage = reading.kind === 'error' || reading.kind === 'result';
    onMessage(bytes, { answers: post?.id, isShown: !isMessage });
    if (post?.id !== undefined && !post.isAwaited()) return taken(response);
    throw refused(url, response, text(bytes));
  }

  #stream(response: Response, post: Post | undefined): Response {
    if (mediaType(response) !== 'text/event-stream' || response.body === null) return response;
    const body = ReadableStream.from(this.#events(response.body, post));
    return new Response(body, { status: response.status, headers: response.headers });
  }

  /** Shows the data of every event, and gives the SDK what it needs of it. */
  async *#events(body: AsyncIterable<Uint8Array>, post: Post | undefined): AsyncGenerator<Uint8Array, void> {
    const splitter = new EventSplitter();
    try {
      for await (const chunk of body) {
        for (const event of splitter.push(chunk)) yield* this.#event(event, post, true);
        if (splitter.held > MAX_MESSAGE) throw new Error(`an event is longer than ${MAX_MESSAGE / 1024 / 1024} MB`);
      }
      const last = splitter.end();
      if (last !== undefined) yield* this.#event(last, post, false);
    } catch (error) {
      if (post !== undefined) post.lost = cutShort(this.#options.url, error);
      throw error;
    }
  }

  *#event(
    { data, type, id, retryMs }: ServerSentEvent,
    post: Post | undefined,
    isWhole: boolean,
  ): Generator<Uint8Array> {
    const { onMessage, onFinding } = this.#options;
    let isAnswer = false;
    if (data !== undefined && data.length > 0 && type === 'message') {
      const isWaiting = post?.isAwaited() === true;
      onMessage(data, { answers: post?.id });
      isAnswer = isWaiting && !post.isAwaited();
      if (!isWhole) {
        const message = 'The last event of a stream is not ended by a blank line; SDK clients drop it';
        onFinding('http/event-end', message);
      }
    }
    const lines = [
      ...(id === undefined ? [] : [`id: ${id}`]),
      ...(retryMs === undefined ? [] : [`retry: ${retryMs}`]),
      ...(isAnswer ? [`data: ${ANSWERED}`] : []),
    ];
    // An event without a data line is none to the SDK, so its id would be lost.
    if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}${isAnswer ? '' : '\ndata:'}\n\n`);
  }
}

/** What tells the SDK's transport that a stream has had its answer, which we read ourselves. */
const ANSWERED = '{"jsonrpc":"2.0","id":0,"result":{}}';

/** Tells the SDK's transport that a message was taken; whatever came with it is known already. */
function taken({ headers }: Response): Response {
  return new Response(null, { status: 202, headers });
}

function noteRedirect(response: Response, url: string | URL, post: Post | undefined): Response {
  const location = response.headers.get('location');
  if (post !== undefined && location !== null && URL.canParse(location, String(url))) {
    post.redirect = { status: response.status, to: shownUrl(new URL(location, String(url)).href) };
  }
  return response;
}

/** Servers made after the SDK's own example refuse a session that they do not know with 400. */
function saysNoSession(status: number, bytes: Uint8Array): boolean {
  const reading = status === 400 ? readFrame(bytes) : undefined;
  if (reading?.kind !== 'error' || reading.id !== 'null' || !isObject(reading.error)) return false;
  return /\bsession\b/i.test(String(reading.error['message']));
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
