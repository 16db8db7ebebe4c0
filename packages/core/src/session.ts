import { FrameCounter } from '@mcp-dbg/wire';

import { type ConnectionOptions, DEFAULT_PROBE_MS, DEFAULT_TIMEOUT_MS } from './connection.ts';
import type { ConnectionObserver } from './connection-observer.ts';
import { CoreError } from './errors.ts';
import type { LoopEvent } from './events.ts';
import type { Features } from './features/features.ts';
import { type JsonObject, type Model, ModelError, type ToolUse, type Turn } from './model.ts';
import { noTool } from './no-tool.ts';
import { type RunToolOptions, type ToolOutcome, runTool } from './run-tool.ts';
import type { ServerAccess } from './server-access.ts';
import type { EraChoice, HttpServer, ServerConfig } from './server-config.ts';
import type { ServerEvent } from './server-events.ts';
import { forAnotherModel } from './saved-turns.ts';
import { ServerRoster } from './server-roster.ts';
import { type ServerState, Supervisor, type SupervisorOptions } from './supervisor.ts';
import { type ToolRun, type ToolRunOptions, errorReply, toolLoop } from './tool-loop.ts';
import { toModelContent } from './tool-result.ts';
import { GivenNames } from './tool-names.ts';
import { type RoutedTool, type Routes, routeTools } from './tool-router.ts';

export interface SessionOptions extends Pick<ConnectionOptions, 'start'> {
  readonly servers: readonly ServerConfig[];
  /** Without one, only `call` works: the person is the model. */
  readonly model?: Model;
  /**
   * The conversation to start with, as `readTurns` gives it; it may be of another time and name tools that are gone.
   * Its replies are the model's own: `forAnotherModel` is for those of another.
   */
  readonly turns?: readonly Turn[];
  readonly era?: EraChoice;
  /** Milliseconds for each answer of a server (60 000), extended by its progress notifications. */
  readonly timeoutMs?: number;
  /** Milliseconds of silence after which a probed server counts as legacy (10 000). */
  readonly probeMs?: number;
  /**
   * Milliseconds that the opening and every query wait for a server that is not ready yet (3 000). The others go on
   * without it then, which is told, and its tools join when it is ready.
   */
  readonly patienceMs?: number;
  /** Starts a server again by itself when it has ended (true). Without it only what needs the server does. */
  readonly restarts?: boolean;
  /** Lists the tools of every server when it starts (true). Without it a server is asked only what the caller asks. */
  readonly listsTools?: boolean;
  /** What is done for servers that ask (nothing, and nothing is declared). */
  readonly features?: Features;
  /** The least severe log messages that servers are to send; without it none are asked for. */
  readonly logLevel?: string;
  /** Rounds of one query at most (25). */
  readonly maxRounds?: number;
  /** Where servers' safe variables come from (process.env). */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Asked before a call that may change something; without it such calls are refused. */
  readonly approve?: (route: RoutedTool, args: JsonObject) => Promise<boolean>;
  /** Gives the observers of one connection; called once for each start. */
  readonly observe?: (config: ServerConfig) => readonly ConnectionObserver[];
  /** Gives the right to speak to a server behind a URL that wants to know who asks; called for each connection. */
  readonly access?: (config: HttpServer) => Promise<ServerAccess | undefined>;
  /** Told everything that happens on the wire and to the servers, in order, while it happens. */
  readonly onEvent?: (event: ServerEvent) => void;
  readonly clientInfo?: { readonly name: string; readonly version: string };
  /** Ends the opening. */
  readonly signal?: AbortSignal;
}

/** Milliseconds that nobody minds, and in which nearly every server that works is ready. */
const DEFAULT_PATIENCE_MS = 3000;

/** One chat: servers that are kept alive, a model, and the conversation, which outlives every server. */
export class Session implements AsyncDisposable {
  readonly #options: SessionOptions;
  readonly #roster: ServerRoster;
  readonly #given = new GivenNames();
  readonly #turns: Turn[];
  #model: Model | undefined;
  /** Whose form the replies are in, as far as they are in any vendor's. */
  #author: Model | undefined;
  #routes: { readonly of: readonly unknown[]; readonly routes: Routes } | undefined;

  /**
   * Starts all servers side by side, and waits for them, but for one that takes long only until another is ready and
   * the patience is at its end. A server that does not start is told as an event and tried again; when none does, this
   * throws the first one's reason ({@link CoreError} or ProxyError), or the signal's.
   */
  static async open(options: SessionOptions): Promise<Session> {
    const { signal } = options;
    signal?.throwIfAborted();
    const session = new Session(options);
    await session.#roster.open(signal);
    return session;
  }

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.#turns = [...(options.turns ?? [])];
    this.#model = this.#author = options.model;
    const counter = new FrameCounter();
    const shared: Omit<SupervisorOptions, 'config'> = {
      ...(options.restarts !== undefined && { restarts: options.restarts }),
      ...(options.listsTools !== undefined && { listsTools: options.listsTools }),
      ...(options.features && { features: options.features }),
      ...(options.logLevel !== undefined && { logLevel: options.logLevel }),
      clientInfo: options.clientInfo ?? { name: 'mcp-dbg', version: '0.1.0' },
      environment: options.environment ?? process.env,
      era: options.era ?? 'auto',
      probeMs: options.probeMs ?? DEFAULT_PROBE_MS,
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      observe: options.observe ?? (() => []),
      start: options.start,
      access: options.access,
      onEvent: options.onEvent ?? (() => {}),
      clock: clock(),
      counter,
    };
    this.#roster = new ServerRoster(options.servers, {
      supervise: (config) => new Supervisor({ ...shared, config }),
      patienceMs: options.patienceMs ?? DEFAULT_PATIENCE_MS,
      onLate: ({ name, state }) => shared.onEvent({ server: name, type: 'notice', message: lateText(state) }),
    });
  }

  /** The servers of now. */
  get servers(): readonly Supervisor[] {
    return this.#roster.all;
  }

  /**
   * Starts one more server, whose tools the model has from its next reply on, under names that no other tool ever had
   * in this session. Throws why it does not start, or the signal's reason; then nothing of it stays.
   */
  async add(config: ServerConfig, signal?: AbortSignal): Promise<Supervisor> {
    return await this.#roster.add(config, signal);
  }

  /**
   * Ends a server and takes it out of the session. Its calls in flight fail at once; the others notice nothing, and
   * the conversation goes on. Throws {@link CoreError} `UNKNOWN_SERVER`.
   */
  async remove(name: string): Promise<void> {
    await this.#roster.remove(name);
  }

  /** The conversation so far. */
  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** The model that queries go to; undefined where the person is the model. */
  get model(): Model | undefined {
    return this.#model;
  }

  /**
   * Asks another model from the next query on, or none; to be called between queries. The conversation stays, without
   * what only the model before could have back, such as its signed thinking.
   */
  use(model: Model | undefined): void {
    this.#model = model;
    if (model === undefined || model === this.#author) return;
    this.#author = model;
    for (const [index, turn] of forAnotherModel(this.#turns).entries()) this.#turns[index] = turn;
  }

  /** The tools of all servers as a model knows them, and what had to be changed for that. */
  get routes(): Routes {
    // A list of tools belongs to one server and is replaced when it changes.
    const of = this.servers.map((server) => server.tools);
    const known = this.#routes?.of ?? [];
    if (this.#routes === undefined || of.length !== known.length || of.some((tools, index) => tools !== known[index])) {
      this.#routes = { of, routes: routeTools(this.servers, this.#roster.plain, this.#given) };
    }
    return this.#routes.routes;
  }

  /** Answers one query. Yields what happens; the last event is `stopped`. Never throws. */
  async *ask(text: string, signal: AbortSignal = new AbortController().signal): AsyncGenerator<LoopEvent, void> {
    const { maxRounds = 25 } = this.#options;
    const model = this.#model;
    if (model === undefined) {
      yield { type: 'stopped', reason: 'no-model' };
      return;
    }
    const before = this.#turns.length;
    this.#turns.push({ role: 'user', text });
    const tools = {
      specs: async () => {
        await this.#roster.settled(signal);
        return [...this.routes.byName.values()].map((route) => route.spec);
      },
      address: (name: string) => {
        const route = this.routes.byName.get(name);
        return { server: route?.server.name ?? '', tool: route?.tool.name ?? name };
      },
      run: async (use: ToolUse, running: ToolRunOptions) => await this.#run(use, running),
    };
    for await (const event of toolLoop({ model, tools, turns: this.#turns, signal, maxRounds })) {
      // A conversation that the model's API refuses would be refused for ever.
      const refused = event.type === 'stopped' && event.error instanceof ModelError && event.error.code === 'REJECTED';
      if (refused) this.#turns.length = before;
      yield event;
    }
  }

  /** Calls one tool by the name that a model would use, or by its own where only one tool has it. */
  async call(name: string, args: JsonObject, options: Partial<RunToolOptions> = {}): Promise<ToolOutcome> {
    return await runTool(this.find(name), args, { ...this.#running(), ...options });
  }

  /**
   * The tool by the name that a model would use, or by its own; also one that no model is told of. Throws
   * {@link CoreError} `UNKNOWN_TOOL`.
   */
  find(name: string): RoutedTool {
    const { byName, leftOut } = this.routes;
    const exact = byName.get(name) ?? leftOut.get(name);
    if (exact !== undefined) return exact;
    const all = [...byName.values(), ...leftOut.values()];
    const [only, ...others] = all.filter((route) => route.tool.name === name);
    if (only !== undefined && others.length === 0) return only;
    const of = [only, ...others].flatMap((route) => (route === undefined ? [] : [route]));
    throw new CoreError('UNKNOWN_TOOL', of.length > 1 ? whichTool(name, of) : this.#noTool(name, all));
  }

  /** Tells the servers that `features.roots` gives others now. */
  async rootsChanged(): Promise<void> {
    await Promise.allSettled(this.servers.map(async ({ live }) => await live?.connection.rootsChanged()));
  }

  /** Forgets the conversation. */
  clear(): void {
    this.#turns.length = 0;
  }

  /** Ends every server and all they started. */
  async close(): Promise<void> {
    await this.#roster.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(use: ToolUse, options: ToolRunOptions): Promise<ToolRun> {
    const route = this.routes.byName.get(use.name);
    if (route === undefined)
      return { reply: errorReply(use.id, this.#noTool(use.name, [...this.routes.byName.values()])) };
    const outcome = await runTool(route, use.args, { ...this.#running(route.server.name), ...options });
    const { ms, n } = outcome;
    const sent = { ...(ms !== undefined && { ms }), ...(n !== undefined && { n }) };
    if (outcome.kind === 'failed') return { reply: errorReply(use.id, outcome.message), ...sent };
    const { isError, answer, outputFault } = outcome;
    const content = toModelContent(answer.value);
    // A model that trusts the schema would read the wrong thing out of it.
    if (outputFault !== undefined) content.push({ type: 'text', text: `[Mind: of this tool, ${outputFault}]` });
    const fault = outputFault !== undefined && { outputFault };
    return { reply: { id: use.id, isError, content }, answer, ...sent, ...fault };
  }

  #noTool(name: string, tools: readonly RoutedTool[]): string {
    const owner = this.#given.ownerOf(name)?.server;
    const isGone = owner !== undefined && this.servers.every((server) => server.name !== owner);
    const gone = isGone ? `; its server ${JSON.stringify(owner)} was stopped` : '';
    const starting = this.servers.filter(({ state }) => state === 'starting').map((server) => server.name);
    const yet = starting.length === 0 ? '' : `; not ready yet: ${starting.join(', ')}`;
    return noTool(name, tools) + gone + yet;
  }

  #running(server = ''): RunToolOptions {
    const { timeoutMs } = this.#options;
    return {
      ...(timeoutMs !== undefined && { readyMs: timeoutMs }),
      approve: this.#options.approve ?? (async () => false),
      onNotice: (message) => this.#options.onEvent?.({ server, type: 'notice', message }),
    };
  }
}

function whichTool(name: string, tools: readonly RoutedTool[]): string {
  const servers = tools.map(({ server }) => server.name).join(' and ');
  return `${JSON.stringify(name)} is a tool of ${servers}; say ${tools.map(({ spec }) => spec.name).join(' or ')}`;
}

/** Microseconds since now. */
function clock(): () => number {
  const start = performance.now();
  return () => Math.round((performance.now() - start) * 1000);
}

function lateText(state: ServerState): string {
  switch (state) {
    case 'live':
      return 'It is slow to list its tools anew; the chat goes on with those that are known';
    case 'starting':
      return 'It is not ready yet; the chat goes on without it, and its tools join when it is';
    case 'restarting':
    case 'down':
      return 'It is not back yet; the chat goes on, and a call to one of its tools waits for it';
  }
}
