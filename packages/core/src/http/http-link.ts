import { AsyncLocalStorage } from 'node:async_hooks';

import type { JSONRPCMessage, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Observer, type ProcessEvent, fanOut } from '@mcp-dbg/proxy';
import { type FrameCounter, type IdText, type Sender, idText } from '@mcp-dbg/wire';

import type { ConnectionObserver, HttpEvent } from '../connection-observer.ts';
import { CoreError } from '../errors.ts';
import { LONGEST_MS } from '../features/patience.ts';
import type { Link, SendOptions, Sent } from '../link.ts';
import type { ServerAccess } from '../server-access.ts';
import { type HttpServer, shownUrl } from '../server-config.ts';
import type { ConnectionEnd, ServerEvent } from '../server-events.ts';
import { type Receiver, Traffic } from '../traffic.ts';
import { redirected, unanswered, unauthorized, untaken } from './http-failure.ts';
import { NodeFetch } from './node-fetch.ts';
import { type Post, TappedFetch } from './tapped-fetch.ts';

/** Milliseconds that the goodbye to a session may take. */
const GOODBYE_MS = 1000;
/** Milliseconds at least before a stream that ended is opened again. */
const MIN_PAUSE_MS = 100;
const LF = 0x0a;

export interface HttpLinkOptions {
  readonly config: HttpServer;
  readonly observers: readonly ConnectionObserver[];
  readonly onEvent: (event: ServerEvent) => void;
  readonly counter: FrameCounter;
  /** Microseconds since the session began. */
  readonly clock: () => number;
  /** Milliseconds that the server may take to accept a message that has no answer. */
  readonly timeoutMs: number;
  /** What proves who we are, to a server that asks. */
  readonly access?: ServerAccess | undefined;
}

/**
 * The link to a server behind a URL, over Streamable HTTP (basic/transports): a frame is the body of a request, of its
 * answer, or the data of one server-sent event. The SDK's transport keeps headers, sessions and streams; the bytes pass
 * through a `fetch` of ours on their way to it.
 */
export class HttpLink implements Link {
  readonly pid = null;
  readonly hasStreams = true;
  readonly ended: Promise<ConnectionEnd>;
  readonly #options: HttpLinkOptions;
  readonly #url: string;
  readonly #traffic: Traffic;
  readonly #tap: Required<Observer<ProcessEvent | HttpEvent>>;
  readonly #fetch = new NodeFetch();
  readonly #transport: StreamableHTTPClientTransport;
  readonly #startedAt: number;
  /** Ends the streams of requests that nobody waits for any more. */
  readonly #streams = new Map<IdText, AbortController>();
  #resolveEnded: (end: ConnectionEnd) => void = () => {};
  #end: ConnectionEnd | undefined;
  #isOpen = false;
  #stopping = false;
  #stopped: Promise<ConnectionEnd> | undefined;

  /** Makes ready to reach the server; nothing is sent before the first message. */
  static async open(options: HttpLinkOptions): Promise<HttpLink> {
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
    const link = new HttpLink(options, (url, how) => new StreamableHTTPClientTransport(url, how));
    await link.#transport.start();
    return link;
  }

  private constructor(
    options: HttpLinkOptions,
    transport: (...how: ConstructorParameters<typeof StreamableHTTPClientTransport>) => StreamableHTTPClientTransport,
  ) {
    const { config, observers, onEvent, clock, access } = options;
    this.#options = options;
    this.#url = shownUrl(config.url);
    this.#traffic = new Traffic(config.name, { onEvent, ofLines: false });
    this.#tap = fanOut(observers);
    this.#startedAt = clock();
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#tap.event({ kind: 'connect', url: this.#url });
    this.#traffic.tell({ type: 'server-started', us: this.#startedAt, pid: null, url: this.#url });
    const tapped = new TappedFetch({
      fetch: this.#fetch.fetch,
      url: this.#url,
      headers: config.headers ?? {},
      signsIn: access !== undefined,
      post: () => posting.getStore(),
      onExchange: (event) => this.#tap.event(event),
      onMessage: (bytes, how) => this.#take('server', bytes, how),
      onFinding: (rule, message) => this.#traffic.tell({ type: 'finding', n: options.counter.last, rule, message }),
      onGone: (why) => this.#lose(why),
    });
    // Every try is seen, and so is what is asked of authorization servers.
    const fetch = access?.fetch(tapped.fetch) ?? tapped.fetch;
    this.#transport = transport(new URL(config.url), { fetch, reconnectionScheduler: scheduled });
    // What matters of these the requests say themselves.
    this.#transport.onerror = () => {};
  }

  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  onMessage(receive: Receiver): () => void {
    return this.#traffic.onMessage((message, answered) => {
      if (answered !== undefined) this.#streams.delete(answered.id);
      receive(message, answered);
    });
  }

  send(message: object, options: SendOptions = {}): Sent {
    if (this.#end !== undefined) {
      throw new CoreError('CONNECTION_LOST', `The connection to ${this.#url} is over`, {
        untouched: true,
        isRemote: true,
      });
    }
    const id = 'id' in message && 'method' in message ? idText(JSON.stringify(message.id)) : undefined;
    this.#take('client', Buffer.from(options.text ?? JSON.stringify(message)));
    const n = this.#options.counter.last;
    return { n, taken: this.#post(message, id, options) };
  }

  forget(id: IdText): void {
    this.#traffic.forget(id);
    this.#streams.get(id)?.abort();
    this.#streams.delete(id);
  }

  agreed(protocolVersion: string): void {
    this.#isOpen = true;
    this.#transport.setProtocolVersion(protocolVersion);
  }

  /** Ends all streams, and the session where there is one. */
  async stop(): Promise<ConnectionEnd> {
    this.#stopped ??= this.#leave();
    return await this.#stopped;
  }

  async #leave(): Promise<ConnectionEnd> {
    this.#stopping = true;
    if (this.#end === undefined && this.#transport.sessionId !== undefined) {
      const goodbye = this.#transport.terminateSession().catch(() => {});
      await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
    }
    this.#close('we ended it', true);
    return await this.ended;
  }

  async #post(message: object, id: IdText | undefined, { signal, headers, onLost, text }: SendOptions): Promise<void> {
    const stream = new AbortController();
    const { timeoutMs } = this.#options;
    // Requests have a time limit of their own, and are waited for longer while a person signs in.
    const late =
      id === undefined ? setTimeout(() => stream.abort(), Math.min(timeoutMs, LONGEST_MS)).unref() : undefined;
    if (id !== undefined) this.#streams.set(id, stream);
    const requestSignal = AbortSignal.any([stream.signal, ...(signal === undefined ? [] : [signal])]);
    const post: Post = { id, text, isAwaited: () => id !== undefined && this.#traffic.awaits(id), lost: undefined };
    const onRequestStreamEnd = (): void => {
      if (post.isAwaited()) onLost?.(post.lost ?? unanswered(this.#url));
    };
    try {
      await posting.run(post, () =>
        this.#transport.send(message as JSONRPCMessage, {
          requestSignal,
          onRequestStreamEnd,
          ...(headers && { headers }),
        }),
      );
    } catch (error) {
      const isLate = id === undefined && stream.signal.aborted;
      const failure = isLate ? untaken(this.#url, message, timeoutMs) : this.#failureOf(error, post);
      onLost?.(failure);
      if (post.isGone === true) this.#lose(failure);
      throw failure;
    } finally {
      clearTimeout(late);
    }
  }

  #failureOf(error: unknown, { redirect }: Post): CoreError {
    if (error instanceof CoreError) return error;
    if (redirect !== undefined) return redirected(this.#url, redirect.status, redirect.to);
    const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
    if (status === 401 || status === 403) return unauthorized(this.#url, status);
    const why = error instanceof Error ? error.message : String(error);
    return new CoreError('BAD_ANSWER', `The request to ${this.#url} failed: ${why}`, { cause: error });
  }

  /** Numbers a message as a frame, shows and tells it. */
  #take(
    from: Sender,
    bytes: Uint8Array,
    how: { readonly answers?: IdText | undefined; readonly isWhole?: boolean; readonly isShown?: boolean } = {},
  ): void {
    if (this.#end !== undefined || bytes.length === 0) return;
    this.#tap.read(from, bytes);
    const us = this.#options.clock();
    // A last newline is no part of a message, here as on stdio.
    const own = bytes.at(-1) === LF ? bytes.subarray(0, -1) : bytes;
    const n = this.#options.counter.next();
    const frame = { n, from, us, endUs: us, bytes: own, terminated: how.isWhole !== false };
    if (from === 'client') this.#traffic.sent(frame);
    else if (how.isShown === true) this.#traffic.shown(frame);
    else this.#traffic.received(frame, how.answers);
  }

  /** The server cannot be reached any more, or does not know us. During the handshake that is its failure alone. */
  #lose(why: CoreError): void {
    if (this.#isOpen && !this.#stopping) this.#close(why.message, false);
  }

  #close(why: string, asked: boolean): void {
    if (this.#end !== undefined) return;
    const us = this.#options.clock();
    const end: ConnectionEnd = {
      pid: null,
      code: null,
      signal: null,
      why,
      uptimeMs: (us - this.#startedAt) / 1000,
      stderr: undefined,
      inFlight: this.#traffic.inFlight,
      asked,
    };
    this.#end = end;
    this.#tap.event({ kind: 'disconnect' });
    this.#traffic.tell({ type: 'server-ended', us, ...end });
    this.#resolveEnded(end);
    void this.#transport.close();
    this.#fetch.close();
  }
}

/**
 * Waits before a stream is opened again, as long as its server said, within reason: not so short that it is asked without
 * a pause, and not longer than a timer can. Nothing that is over is kept alive by it.
 */
function scheduled(reopen: () => void, ms: number): () => void {
  const timer = setTimeout(reopen, Math.min(Math.max(ms, MIN_PAUSE_MS), LONGEST_MS)).unref();
  return () => clearTimeout(timer);
}

/** Ties a request over HTTP, and those that resume its answer, to the message that it carries. */
const posting: AsyncLocalStorage<Post> = new AsyncLocalStorage();
