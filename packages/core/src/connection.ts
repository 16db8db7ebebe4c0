// Long because it is all that one can do with a connection; what each of these does stands in a file of its own.
import type { Client } from '@modelcontextprotocol/client';
import type { Era } from '@mcp-dbg/protocol';
import type { StartServer } from '@mcp-dbg/proxy';
import type { FrameCounter } from '@mcp-dbg/wire';

import type { ConnectionObserver } from './connection-observer.ts';
import { CoreError } from './errors.ts';
import { type Features, capabilitiesOf } from './features/features.ts';
import { inRounds } from './features/in-rounds.ts';
import { Patience } from './features/patience.ts';
import { ServerAsks } from './features/server-asks.ts';
import { newsOf } from './features/server-news.ts';
import { Subscriptions, tellsOf } from './features/subscriptions.ts';
import { type Handshake, handshake } from './handshake.ts';
import { isObject } from './json.ts';
import { KeptState } from './kept-state.ts';
import { ParamHeaders } from './http/param-headers.ts';
import type { Link } from './link.ts';
import { openLink } from './open-link.ts';
import type { JsonObject } from './model.ts';
import { type ClientInfo, envelope } from './probe.ts';
import { withMeta } from './raw-params.ts';
import { type RawAnswer, type RawOptions, rawMessage, rawRequest } from './raw-request.ts';
import { type Answer, type RequestOptions, SdkRequests } from './sdk-requests.ts';
import type { SdkTransport } from './sdk-transport.ts';
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
  /** How a process is started (`ServerProcess.start`): what stands between it and us can be put here. */
  readonly start?: StartServer | undefined;
  readonly onEvent: (event: ServerEvent) => void;
  /** Microseconds since the session began. */
  readonly clock: () => number;
  /** Numbers the frames of all connections of a session. */
  readonly counter: FrameCounter;
  /** Notes what the server is told to keep in mind, so that the next process can be told too. */
  readonly kept?: KeptState;
  /** Gives the right to speak to a server behind a URL that wants to know who asks. */
  readonly access?: ((config: HttpServer) => Promise<ServerAccess | undefined>) | undefined;
  /** What is done for the server when it asks (nothing). */
  readonly features?: Features;
}

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

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
  readonly #requests: SdkRequests;
  readonly #asks: ServerAsks;
  readonly #subscriptions: Subscriptions;
  /** Aborted when the server can no longer be talked to, or is not to be any more. */
  readonly #over = new AbortController();
  readonly #kept: KeptState;
  #proven = false;
  #onToolsChanged: () => void = () => {};

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
    let onToolsChanged: (() => void) | undefined;
    try {
      const made = await handshake({
        ...options,
        link,
        choice: options.era,
        capabilities: capabilitiesOf(options.features ?? {}),
        onTold: (message) => {
          const news = newsOf(message);
          if (news !== undefined) options.onEvent({ server, ...news });
          if (message.method === 'notifications/tools/list_changed') onToolsChanged?.();
        },
        onWaiting: (method) => options.onEvent({ server, type: 'server-waiting', method }),
        onNotice: (message) => options.onEvent({ server, type: 'notice', message }),
      });
      if (made.kind === 'ended-on-probe') return { kind: made.kind, end: await link.stop() };
      const connection = new Connection(link, made, options, access);
      onToolsChanged = () => connection.#onToolsChanged();
      return { kind: 'open', connection };
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
    this.#kept = options.kept ?? new KeptState();
    const over = this.#over.signal;
    const { features = {}, timeoutMs, config } = options;
    const patience = new Patience();
    this.#asks = new ServerAsks({ server: config.name, features, patience, over });
    this.#requests = new SdkRequests({
      client,
      link,
      patience,
      paramHeaders: this.#paramHeaders,
      onAnswer: (method) => this.#answered(method),
    });
    this.#subscriptions = new Subscriptions({
      client,
      capabilities: identity.capabilities,
      timeoutMs,
      over,
      onNotice: (message) => this.#tell({ type: 'notice', message }),
    });
    void link.ended.then(() => this.#over.abort(new CoreError('CONNECTION_LOST', 'The server ended')));
    // What the SDK cannot place is told as findings by the link; it is never fatal.
    client.onerror = () => {};
    // The SDK has the ids and the cancelling of a legacy server's requests; what they mean is for us to say.
    client.fallbackRequestHandler = async ({ method, params }, { mcpReq }) => {
      const answer = await this.#asks.answer(method, params, mcpReq.signal);
      if (answer.kind === 'refused') throw Object.assign(new Error(answer.message), { code: answer.code });
      return { ...answer.result };
    };
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

  /**
   * Asks the server, and gives it what it asks for on the way. Throws CoreError; a lost connection fails the request at
   * once.
   */
  async request(method: string, params: JsonObject, options: RequestOptions = {}): Promise<Answer> {
    const { features, timeoutMs } = this.#options;
    const ask = async (sent: JsonObject): Promise<Answer> =>
      await withSignIn(
        this.#access,
        options.signal,
        async () => await this.#requests.ask(method, this.#withLogLevel(sent), { timeoutMs, ...options }),
      );
    const answer = await inRounds(method, params, {
      ask,
      asks: this.#asks,
      era: this.era,
      isReturned: features?.byHand === 'returned',
      signal: options.signal,
      endOf: () => this.#link.end,
    });
    this.#kept.note(method, params);
    return answer;
  }

  /**
   * Asks the server past the SDK, with params as an exact JSON text on one line: any method, whatever the era, and big
   * numbers and repeated members stay. What the modern era wants in `_meta` is added. Throws CoreError as {@link request} does.
   */
  async raw(method: string, params?: string, options: RawOptions = {}): Promise<RawAnswer> {
    const { signal, timeoutMs = this.#options.timeoutMs, bare = false } = options;
    const own =
      bare || this.era === 'legacy'
        ? params
        : withMeta(params, { ...envelope(this.#options.clientInfo, capabilitiesOf(this.#options.features ?? {})) });
    return await withSignIn(this.#access, signal, async () => {
      const request = { era: this.era, id: `raw-${++this.#raws}`, method, params: own, timeoutMs, signal };
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

  /** Calls back when the server says that its tools changed, in the way of its era, and has its other news told. */
  onToolsChanged(changed: () => void): void {
    if (tellsOf('tools', this.capabilities)) this.#onToolsChanged = changed;
    if (this.era === 'modern') this.#subscriptions.lists();
  }

  /**
   * Has the server tell when a resource changes, as events `resource-updated`; it is told so again after a restart.
   * Throws CoreError, `NOT_OFFERED` where the server cannot.
   */
  async subscribe(uri: string, options: RequestOptions = {}): Promise<void> {
    const { resources } = this.capabilities;
    if (!isObject(resources) || resources['subscribe'] !== true)
      throw new CoreError('NOT_OFFERED', 'The server does not offer to tell when a resource changes');
    if (this.era === 'modern') await this.#subscriptions.add(uri);
    else await this.request('resources/subscribe', { uri }, options);
    this.#kept.note('resources/subscribe', { uri });
  }

  async unsubscribe(uri: string, options: RequestOptions = {}): Promise<void> {
    if (this.era === 'modern') await this.#subscriptions.remove(uri);
    else await this.request('resources/unsubscribe', { uri }, options);
    this.#kept.note('resources/unsubscribe', { uri });
  }

  /** Has the server send log messages from this level on, as events `log`. Throws CoreError as {@link subscribe} does. */
  async setLogLevel(level: string, options: RequestOptions = {}): Promise<void> {
    if (!isObject(this.capabilities['logging']))
      throw new CoreError('NOT_OFFERED', 'The server does not offer logging');
    // In the modern era every request says it anew.
    if (this.era === 'legacy') await this.request('logging/setLevel', { level }, options);
    this.#kept.note('logging/setLevel', { level });
  }

  /** Tells a legacy server that the roots are others; a modern one asks whenever it needs them. */
  async rootsChanged(): Promise<void> {
    if (this.era === 'modern' || this.#over.signal.aborted) return;
    await this.#client.notification({ method: 'notifications/roots/list_changed' });
  }

  #withLogLevel(params: JsonObject): JsonObject {
    const { logLevel } = this.#kept;
    if (this.era !== 'modern' || logLevel === undefined || !isObject(this.capabilities['logging'])) return params;
    return { ...params, _meta: { [LOG_LEVEL]: logLevel, ...(isObject(params['_meta']) && params['_meta']) } };
  }

  /** Ends the server and everything it started. */
  async close(): Promise<ConnectionEnd> {
    this.#over.abort(new CoreError('CLOSED', 'The connection is closed'));
    return await this.#link.stop();
  }

  #answered(method: string): void {
    this.#asks.answered();
    if (!OPENING.has(method) && !KeptState.sets(method)) this.#proven = true;
  }

  #tell(event: ConnectionEvent): void {
    this.#options.onEvent({ server: this.#options.config.name, ...event });
  }
}
