import {
  NEVER_STARTED,
  type RestartCause,
  type RestartRecord,
  ended,
  nextStart,
  refused,
  started,
} from '@mcp-dbg/proxy';
import type { Era } from '@mcp-dbg/protocol';

import { Connection, type ConnectionOptions } from './connection.ts';
import { describeEnd } from './describe-end.ts';
import { CoreError } from './errors.ts';
import { type FailedStart, failedStart, isRefusal } from './failed-start.ts';
import { FollowedTools } from './followed-tools.ts';
import { KeptState } from './kept-state.ts';
import type { ListedTool } from './list-tools.ts';
import { type Pace, REAL_PACE } from './pace.ts';
import type { ServerConfig } from './server-config.ts';
import type { ConnectionEvent } from './server-events.ts';
import { diffTools } from './entry-diff.ts';

/** A server that can be used now. */
export interface Live {
  readonly connection: Connection;
  readonly tools: readonly ListedTool[];
}

/**
 * How a server is: it can be used; it starts for the first time; it is on its way back; or it failed too often, and is
 * left alone until somebody needs it.
 */
export type ServerState = 'live' | 'starting' | 'restarting' | 'down';

export interface SupervisorOptions extends Omit<ConnectionOptions, 'signal' | 'kept'> {
  /** Whether it is started again by itself after its end (true). */
  readonly restarts?: boolean;
  /** Whether the tools are listed at every start, and followed (true). Without it they are never asked for. */
  readonly listsTools?: boolean;
  /** The least severe log messages that are asked for (none). */
  readonly logLevel?: string;
  /** The real time, unless given. */
  readonly pace?: Pace;
}

/**
 * Keeps one server reachable: starts it, starts it again after a death as the restart policy says, and tells all.
 * There is never more than one process of the server.
 */
export class Supervisor {
  readonly config: ServerConfig;
  readonly #options: SupervisorOptions;
  readonly #pace: Pace;
  readonly #closing = new AbortController();
  #record: RestartRecord = NEVER_STARTED;
  #live: Live | undefined;
  #liveSince = 0;
  #restarts = 0;
  #followed: FollowedTools | undefined;
  /** The tools known last; they outlive a connection so that what changed can be told. */
  #known: readonly ListedTool[] | undefined;
  /** The era of the last good start, kept for the next; a failed start forgets it. */
  #era: Era | undefined;
  /** What the server was told to keep in mind; a new process is told again. */
  readonly #kept: KeptState;
  #attempts = 0;
  #starting: Promise<Live> | undefined;
  /** Ends the wait or the attempt under way. */
  #hurry = new AbortController();
  /** The last connection; its process may still be on its way out. */
  #last: Connection | undefined;

  constructor(options: SupervisorOptions) {
    this.config = options.config;
    this.#kept = new KeptState(options.logLevel);
    this.#options = options;
    this.#pace = options.pace ?? REAL_PACE;
  }

  /** What it is called, in the session as in the names of its tools. */
  get name(): string {
    return this.config.name;
  }

  get trusted(): boolean {
    return this.config.trusted;
  }

  get state(): ServerState {
    if (this.#live !== undefined) return 'live';
    if (this.#starting === undefined) return 'down';
    return this.#known === undefined ? 'starting' : 'restarting';
  }

  /** How often it came back, by itself or because somebody wanted it. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Milliseconds for which it has been live; undefined while it is not. */
  get uptimeMs(): number | undefined {
    return this.#live && this.#pace.now() - this.#liveSince;
  }

  /** Aborted when the server is ended for good. */
  get stopped(): AbortSignal {
    return this.#closing.signal;
  }

  /** The live connection and its tools, if there are any at this moment. */
  get live(): Live | undefined {
    return this.#live;
  }

  /** The tools that the server listed last, also while it is down. */
  get tools(): readonly ListedTool[] {
    return this.#known ?? [];
  }

  /**
   * Starts the server for the first time: one attempt, whose failure is the caller's (and a second one for the
   * legacy era, where the first process ended on the probe).
   */
  async start(): Promise<Live> {
    return await this.#once(async () => {
      const { signal } = this.#closing;
      return await this.#attempt(signal).catch(async (error: unknown) => {
        if (this.#era === undefined) throw error;
        return await this.#attempt(signal);
      });
    });
  }

  /**
   * Gives the live server with its latest tools, after waiting for a restart that is under way, or after one that
   * this demand allows. Throws {@link CoreError} `SERVER_DOWN` when the server is to be left alone for now, or why
   * it did not start.
   */
  async ready(cause: RestartCause = 'demand'): Promise<Live> {
    this.#closing.signal.throwIfAborted();
    if (this.#live !== undefined) await this.#followed?.settled();
    return this.#live ?? (await this.#once(async () => await this.#restart(cause)));
  }

  /** Lists the tools anew where the server said how long they may be kept: a person wants to see them as they are. */
  readonly refresh = async (): Promise<void> => await this.#followed?.refresh();
  /** Starts the server again as the restart policy says; if a start failed before, that is told. */
  recover(failure?: unknown): void {
    this.#recover(failure === undefined ? undefined : failedStart(failure));
  }

  /** Ends the connection, the attempt or the wait under way, and starts the server anew whatever happened before. */
  async reconnect(): Promise<Live> {
    this.#hurry.abort();
    if (this.#starting !== undefined) return await this.#starting;
    this.#live = undefined;
    this.#record = NEVER_STARTED;
    await this.#last?.close();
    return await this.ready('user');
  }

  /** Ends the server and never starts it again. Calls that wait for its answer fail at once. */
  async close(): Promise<void> {
    this.#closing.abort(new CoreError('CLOSED', `The server ${JSON.stringify(this.name)} was stopped`));
    this.#live = undefined;
    await this.#starting?.catch(() => {});
    await this.#last?.close();
  }

  /** Everyone who needs a start while one is under way shares it. */
  #once(start: () => Promise<Live>): Promise<Live> {
    this.#starting ??= start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  #recover(failure: FailedStart | undefined): void {
    // Whoever needs the server hears of a failure through `ready`; it is told as an event too.
    this.#once(async () => await this.#restart('itself', failure)).catch(() => {});
  }

  async #restart(first: RestartCause, before?: FailedStart): Promise<Live> {
    for (let cause = first, failure = before; ; cause = 'itself') {
      this.#closing.signal.throwIfAborted();
      const decision = nextStart(this.#record, cause, this.#pace.now());
      if (failure !== undefined) {
        const waitMs = decision.kind === 'start' ? decision.afterMs : null;
        const { error, wasReady } = failure;
        this.#tell({ type: 'server-start-failed', reason: error.message, waitMs, wasReady });
      }
      if (decision.kind === 'rest') throw failure?.error ?? this.#down(decision.untilMs);
      this.#hurry = new AbortController();
      const hurry = this.#hurry.signal;
      const signal = AbortSignal.any([this.#closing.signal, hurry]);
      try {
        if (decision.afterMs > 0) await this.#pace.sleep(decision.afterMs, signal);
        const live = await this.#attempt(signal);
        this.#restarts++;
        this.#tell({ type: 'server-restarted', pid: live.connection.pid, attempt: this.#attempts });
        return live;
      } catch (error) {
        failure = hurry.aborted ? undefined : failedStart(error);
        if (hurry.aborted) this.#record = NEVER_STARTED;
      }
    }
  }

  async #attempt(signal: AbortSignal): Promise<Live> {
    await this.#last?.close();
    signal.throwIfAborted();
    this.#record = started(this.#record, this.#pace.now());
    this.#attempts++;
    const { era } = this.#options;
    const known = this.#era ?? 'auto';
    this.#era = undefined;
    try {
      const opened = await Connection.open({
        ...this.#options,
        era: era === 'auto' ? known : era,
        signal,
        kept: this.#kept,
      });
      if (opened.kind === 'open') return await this.#adopt(opened.connection, signal);
      this.#era = 'legacy';
      throw new CoreError('CONNECTION_LOST', `The server ended on server/discover: ${describeEnd(opened.end)}`);
    } catch (error) {
      const asks = isRefusal(error);
      this.#record = asks ? refused(this.#record) : ended(this.#record, { proven: false, uptimeMs: 0 });
      throw error;
    }
  }

  async #adopt(connection: Connection, signal: AbortSignal): Promise<Live> {
    this.#last = connection;
    const onNotice = (message: string): void => this.#tell({ type: 'notice', message });
    try {
      const followed = this.#options.listsTools === false ? undefined : await this.#follow(connection, signal);
      await this.#kept.restore(connection, signal, onNotice);
      this.#era = connection.era;
      this.#followed = followed;
      // They may have changed while the state was restored.
      const tools = followed?.tools ?? [];
      const { era, protocolVersion, serverInfo } = connection;
      const names = tools.map((tool) => tool.name);
      const again = this.#known !== undefined;
      const listed = { tools: names, ...(followed === undefined && { isUnlisted: true }) };
      this.#tell({ type: 'server-ready', era, protocolVersion, ...serverInfo, ...listed, again });
      this.#live = this.#use(connection, tools);
      this.#liveSince = this.#pace.now();
      void connection.ended.then(() => this.#lost(connection));
      return this.#live;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async #follow(connection: Connection, signal: AbortSignal): Promise<FollowedTools> {
    return await FollowedTools.follow({
      connection,
      signal,
      onNotice: (message) => this.#tell({ type: 'notice', message }),
      onFinding: (rule, message) => this.#tell({ type: 'finding', rule, n: this.#options.counter.last, message }),
      onTools: (changed) => {
        if (this.#live?.connection === connection) this.#live = this.#use(connection, changed);
      },
    });
  }

  #use(connection: Connection, tools: readonly ListedTool[]): Live {
    const change = this.#known && diffTools(this.#known, tools);
    this.#known = tools;
    if (change !== undefined) this.#tell({ type: 'tools-changed', ...change });
    return { connection, tools };
  }

  async #lost(connection: Connection): Promise<void> {
    const end = await connection.ended;
    if (this.#live?.connection === connection) this.#live = undefined;
    if (end.asked || this.#closing.signal.aborted) return;
    this.#record = ended(this.#record, { proven: connection.proven, uptimeMs: end.uptimeMs });
    if (this.#record.failures === 0) this.#attempts = 0;
    if (this.#options.restarts === false) return;
    // A server may die while its own start is still being finished.
    await this.#starting?.catch(() => {});
    const error = new CoreError('CONNECTION_LOST', `The server ended right after its start: ${describeEnd(end)}`);
    this.#recover(this.#record.failures === 0 ? undefined : { error, wasReady: true });
  }

  #down(untilMs: number): CoreError {
    const seconds = Math.max(1, Math.ceil((untilMs - this.#pace.now()) / 1000));
    const when = `it is tried again when it is needed in ${seconds} s or later`;
    const name = JSON.stringify(this.name);
    return new CoreError('SERVER_DOWN', `The server ${name} ended too often right after its start; ${when}`);
  }

  #tell(event: ConnectionEvent): void {
    this.#options.onEvent({ server: this.name, ...event });
  }
}
