import type { Client } from '@modelcontextprotocol/client';
import type { Era } from '@mcp-dbg/protocol';
import { type FrameCounter, memberText } from '@mcp-dbg/wire';

import type { ConnectionObserver } from './connection-observer.ts';
import { type Handshake, handshake } from './handshake.ts';
import { isObject } from './json.ts';
import { KeptState } from './kept-state.ts';
import { ParamHeaders } from './http/param-headers.ts';
import type { Link } from './link.ts';
import type { JsonObject } from './model.ts';
import { type ClientInfo, envelope } from './probe.ts';
import { withMeta } from './raw-params.ts';
import { type RawAnswer, type RawOptions, rawMessage, rawRequest } from './raw-request.ts';
import { requestFailure } from './request-failure.ts';
import { type Ask, type Progress, type SdkTransport, asking, needsInput } from './sdk-transport.ts';
import type { ConnectionEnd, ConnectionEvent, ServerEvent } from './server-events.ts';
import { type ServerAccess, withSignIn } from './server-access.ts';
import type { ServerIdentity } from './server-identity.ts';
import type { EraChoice, HttpServer, ServerConfig } from './server-config.ts';

/** Milliseconds that a request may take, and that a probe may stay unanswered, unless the caller says otherwise. */
export const DEFAULT_TIMEOUT_MS = 60_000;
export const DEFAULT_PROBE_MS = 10_000;

export interface ConnectionOptions {
  readonly config: ServerConfig;
  readonly clientInfo: ClientInfo;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly era: EraChoice;
  readonly probeMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Gives the observers of one connection; called once for each start. */
  readonly observe: (config: ServerConfig) => readonly ConnectionObserver[];
  readonly onEvent: (event: ServerEvent) => void;
  /** Microseconds since the session began. */
  readonly clock: () => number;
  /** Numbers the frames of all connections of a session. */
  readonly counter: FrameCounter;
  /** Notes what the server is told to keep in mind, so that the next process can be told too. */
  readonly kept?: KeptState;
  /** Gives the right to speak to a server behind a URL that wants to know who asks. */
  readonly access?: ((config: HttpServer) => Promise<ServerAccess | undefined>) | undefined;
}

/** A server's answer: the result's value, and its exact text as received. */
export interface Answer {
  readonly value: unknown;
  readonly text: string;
}

export interface RequestOptions {
  /** Milliseconds for the answer; each progress notification of the server starts them anew. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Told the number of the frame with which the request went out; anew where it has to be sent again. */
  readonly onSent?: (n: number) => void;
}

/** Requests whose answer does not yet show that a server works. */
const OPENING: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

/** An open connection, or the news that the process ended on the probe and may yet know the legacy era. */
export type Opened =
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'ended-on-probe'; readonly end: ConnectionEnd };

type Ready = Extract<Handshake, { kind: 'ready' }>;

/** One live link to one server, from open to end. It is never reused: after its end there is a new one. */
export class Connection {
  readonly era: Era;
  /** The server's process; null where it is behind a URL. */
  readonly pid: number | null;
  readonly ended: Promise<ConnectionEnd>;
  readonly #client: Client;
  readonly #identity: ServerIdentity;
  readonly #link: Link;
  readonly #options: ConnectionOptions;
  readonly #access: ServerAccess | undefined;
  /** Only a modern server behind a URL gets arguments in headers. */
  readonly #paramHeaders: ParamHeaders | undefined;
  readonly #transport: SdkTransport;
  #raws = 0;
  #proven = false;
  #closing = false;

  /**
   * Starts the server, one process, or reaches it at its URL, and opens the protocol. Throws CoreError, ProxyError when
   * the process cannot be started, or the signal's reason. Where there is no connection, there is no process any more.
   */
  static async open(options: ConnectionOptions): Promise<Opened> {
    const { config, signal } = options;
    const access = config.url === undefined ? undefined : await options.access?.(config);
    return await withSignIn(access, signal, async () => await Connection.#open(options, access));
  }

  static async #open(options: ConnectionOptions, access: ServerAccess | undefined): Promise<Opened> {
    const server = options.config.name;
    const link = await openLink(options, access);
    try {
      const made = await handshake({
        ...options,
        link,
        choice: options.era,
        onWaiting: (method) => options.onEvent({ server, type: 'server-waiting', method }),
        onNotice: (message) => options.onEvent({ server, type: 'notice', message }),
      });
      if (made.kind === 'ended-on-probe') return { kind: made.kind, end: await link.stop() };
      return { kind: 'open', connection: new Connection(link, made, options, access) };
    } catch (error) {
      await link.stop();
      throw error;
    }
  }

  private constructor(
    link: Link,
    { client, transport, era, identity }: Ready,
    options: ConnectionOptions,
    access: ServerAccess | undefined,
  ) {
    this.era = era;
    this.#identity = identity;
    this.pid = link.pid;
    this.ended = link.ended;
    this.#client = client;
    this.#transport = transport;
    this.#link = link;
    this.#options = options;
    this.#access = access;
    this.#paramHeaders = era === 'modern' && link.hasStreams ? new ParamHeaders() : undefined;
    // What the SDK cannot place is told as findings by the link; it is never fatal.
    client.onerror = () => {};
    if (identity.lacks.length === 0) return;
    const message = `The server's answer to the opening lacks ${identity.lacks.join(', ')}; SDK clients refuse that`;
    this.#tell({ type: 'notice', message });
  }

  get protocolVersion(): string {
    return this.#identity.protocolVersion;
  }

  /** Name and version as the server gives them; empty where it does not. */
  get serverInfo(): ServerIdentity['serverInfo'] {
    return this.#identity.serverInfo;
  }

  get capabilities(): JsonObject {
    return this.#identity.capabilities;
  }

  /** What the server tells a model about its use, if anything. */
  get instructions(): string | undefined {
    return this.#identity.instructions;
  }

  /** True where some arguments of tool calls go into headers, too. */
  get sendsParamHeaders(): boolean {
    return this.#paramHeaders !== undefined;
  }

  /** True once there is no server behind it any more. */
  get isOver(): boolean {
    return this.#link.end !== undefined;
  }

  /** True once the server answered more than what is asked of it after every start. */
  get proven(): boolean {
    return this.#proven;
  }

  /** Asks the server. Throws CoreError; a lost connection fails the request at once. */
  async request(method: string, params: JsonObject, options: RequestOptions = {}): Promise<Answer> {
    return await withSignIn(this.#access, options.signal, async () => await this.#request(method, params, options));
  }

  async #request(method: string, params: JsonObject, options: RequestOptions): Promise<Answer> {
    const ask: Ask = { onProgress: options.onProgress, onSent: options.onSent };
    const timeout = options.timeoutMs ?? this.#options.timeoutMs;
    const headers = method === 'tools/call' ? this.#paramHeaders?.of(params) : undefined;
    const request = asking.run(ask, () =>
      this.#client.request({ method, params }, ANYTHING, {
        timeout,
        resetTimeoutOnProgress: true,
        ...(headers && { headers }),
        // A signal of its own: Node warns when many listen to one.
        ...(options.signal && { signal: AbortSignal.any([options.signal]) }),
        // Without it the SDK neither asks for progress nor extends the time by it.
        ...(options.onProgress && { onprogress: () => {} }),
      }),
    );
    const failure = await request.then(
      () => undefined,
      (error: unknown) => error,
    );
    const { answer, lost: cause = failure } = ask;
    this.#noteAnswer(method, ask);
    if (answer?.kind !== 'result' || needsInput(answer)) {
      // A request that is lost alone leaves the connection as it is.
      const isLost =
        ask.lost === undefined &&
        isObject(cause) &&
        (cause['code'] === 'CONNECTION_CLOSED' || cause['code'] === 'CONNECTION_LOST');
      const end = this.#link.end ?? (isLost ? await this.ended : undefined);
      throw requestFailure(cause, { method, answer, end, timeoutMs: timeout, signal: options.signal });
    }
    this.#options.kept?.note(method, params);
    if (method === 'tools/list') this.#paramHeaders?.learn(answer.result);
    return { value: answer.result, text: memberText(answer.text, 'result') ?? 'null' };
  }

  /**
   * Asks the server past the SDK, with params as an exact JSON text on one line: any method, whatever the era, and big
   * numbers and repeated members stay. What the modern era wants in `_meta` is added. Throws CoreError as {@link request} does.
   */
  async raw(method: string, params?: string, options: RawOptions = {}): Promise<RawAnswer> {
    const { signal, timeoutMs = this.#options.timeoutMs, bare = false } = options;
    const own = bare || this.era === 'legacy' ? params : withMeta(params, { ...envelope(this.#options.clientInfo) });
    return await withSignIn(this.#access, signal, async () => {
      const request = { id: `raw-${++this.#raws}`, method, params: own, timeoutMs, signal };
      const answer = await rawRequest(this.#link, this.#transport, request);
      this.#proven = true;
      return answer;
    });
  }

  /** Tells the server something past the SDK, with params as {@link raw} takes them. Resolves when it was taken. */
  async notify(method: string, params?: string): Promise<void> {
    const text = rawMessage(undefined, method, params);
    await this.#link.send(JSON.parse(text) as object, { text }).taken;
  }

  /** Calls back when the server says that its tools changed, in the way of its era. */
  onToolsChanged(changed: () => void): void {
    const { tools } = this.capabilities;
    if (!isObject(tools) || tools['listChanged'] !== true) return;
    this.#client.setNotificationHandler('notifications/tools/list_changed', changed);
    if (this.era === 'modern') void this.#subscribe();
  }

  async #subscribe(): Promise<void> {
    let why = 'it ended the subscription';
    try {
      const subscription = await this.#client.listen({ toolsListChanged: true });
      await subscription.closed;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    if (this.#closing || this.#link.end !== undefined) return;
    const message = `The server offers news of its tools but does not give it: ${why}`;
    this.#tell({ type: 'notice', message });
  }

  /** Ends the server and everything it started. */
  async close(): Promise<ConnectionEnd> {
    this.#closing = true;
    return await this.#link.stop();
  }

  #noteAnswer(method: string, ask: Ask): void {
    if (ask.answer !== undefined && !OPENING.has(method) && !KeptState.sets(method)) this.#proven = true;
  }

  #tell(event: ConnectionEvent): void {
    this.#options.onEvent({ server: this.#options.config.name, ...event });
  }
}

async function openLink({ config, ...options }: ConnectionOptions, access: ServerAccess | undefined): Promise<Link> {
  const observers = options.observe(config);
  // Each kind is loaded when the first server needs it: no start waits for the other.
  if (config.url === undefined) {
    const { ProcessLink } = await import('./process-link.ts');
    return await ProcessLink.open({ ...options, config, observers });
  }
  const { HttpLink } = await import('./http/http-link.ts');
  return await HttpLink.open({ ...options, config, observers, access });
}

/** A schema that takes everything (standardschema.dev): what a server answers is shown, not judged, here. */
const ANYTHING = {
  '~standard': { version: 1, vendor: 'mcp-dbg', validate: (value: unknown) => ({ value }) },
} as const;
