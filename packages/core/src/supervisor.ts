import { setTimeout as sleep } from 'node:timers/promises';

import { Connection, type ConnectionOptions } from './connection.ts';
import { CoreError } from './errors.ts';
import { type ListedTool, listTools } from './list-tools.ts';
import { NEVER_STARTED, type RestartCause, type RestartRecord, ended, nextStart, started } from './restart-policy.ts';
import type { ConnectionEvent } from './server-events.ts';
import { diffTools } from './tool-diff.ts';

/** A server that can be used now. */
export interface Live {
  readonly connection: Connection;
  readonly tools: readonly ListedTool[];
}

/** Keeps one server reachable: starts it, starts it again after a death as the restart policy says, and tells all. */
export class Supervisor {
  readonly name: string;
  readonly trusted: boolean;
  readonly #options: Omit<ConnectionOptions, 'signal'>;
  readonly #closing = new AbortController();
  #record: RestartRecord = NEVER_STARTED;
  #live: Live | undefined;
  /** The tools known last; they outlive a connection so that what changed can be told. */
  #known: readonly ListedTool[] = [];
  #attempts = 0;
  #starting: Promise<Live> | undefined;

  constructor(options: Omit<ConnectionOptions, 'signal'>) {
    this.name = options.config.name;
    this.trusted = options.config.trusted;
    this.#options = options;
  }

  /** The live connection and its tools, if there are any at this moment. */
  get live(): Live | undefined {
    return this.#live;
  }

  /** The tools that the server listed last, also while it is down. */
  get tools(): readonly ListedTool[] {
    return this.#known;
  }

  /** Starts the server for the first time: one attempt, whose failure is the caller's. */
  async start(): Promise<Live> {
    return await (this.#starting ??= this.#attempt().finally(() => (this.#starting = undefined)));
  }

  /**
   * Gives the live server, after waiting for a restart that is under way, or after one that this demand allows.
   * Throws {@link CoreError} `SERVER_DOWN` when the server is to be left alone for now, or why it did not start.
   */
  async ready(cause: RestartCause = 'demand'): Promise<Live> {
    if (this.#live !== undefined) return this.#live;
    this.#starting ??= this.#restart(cause).finally(() => (this.#starting = undefined));
    return await this.#starting;
  }

  /** Ends the connection, if there is one, and starts the server anew whatever happened before. */
  async reconnect(): Promise<Live> {
    await this.#starting?.catch(() => {});
    const before = this.#live;
    this.#live = undefined;
    await before?.connection.close();
    this.#record = NEVER_STARTED;
    return await this.ready('user');
  }

  /** Ends the server and never starts it again. */
  async close(): Promise<void> {
    this.#closing.abort(new CoreError('CLOSED', 'The session is over'));
    await this.#starting?.catch(() => {});
    await this.#live?.connection.close();
  }

  async #restart(cause: RestartCause): Promise<Live> {
    const signal = this.#closing.signal;
    for (let why: RestartCause = cause, failure: unknown; ; why = 'itself') {
      signal.throwIfAborted();
      const decision = nextStart(this.#record, why, performance.now());
      if (decision.kind === 'rest') throw failure ?? this.#down(decision.untilMs);
      if (decision.afterMs > 0) await sleep(decision.afterMs, undefined, { signal });
      try {
        const live = await this.#attempt();
        this.#tell({ type: 'server-restarted', pid: live.connection.pid, attempt: this.#attempts });
        return live;
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
        this.#startFailed(error);
      }
    }
  }

  async #attempt(): Promise<Live> {
    this.#record = started(this.#record, performance.now());
    this.#attempts++;
    const connection = await Connection.open({ ...this.#options, signal: this.#closing.signal });
    try {
      const tools = await this.#list(connection);
      this.#tellReady(connection, tools);
      const live = this.#adopt(connection, tools);
      connection.onToolsChanged(() => void this.#refresh(connection));
      return live;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  #adopt(connection: Connection, tools: readonly ListedTool[]): Live {
    const change = this.#attempts > 1 ? diffTools(this.#known, tools) : undefined;
    this.#known = tools;
    const live: Live = { connection, tools };
    this.#live = live;
    if (change !== undefined) this.#tell({ type: 'tools-changed', ...change });
    void connection.ended.then(({ uptimeMs, asked }) => {
      if (this.#live?.connection === connection) this.#live = undefined;
      if (asked || this.#closing.signal.aborted) return;
      this.#record = ended(this.#record, { proven: connection.proven, uptimeMs });
      if (this.#record.failures === 0) this.#attempts = 0;
      void this.#restartByItself();
    });
    return live;
  }

  async #restartByItself(): Promise<void> {
    // A server may die while its own start is still being finished.
    await this.#starting?.catch(() => {});
    // Whoever needs the server hears of a failure through `ready`; it was told as an event too.
    if (!this.#closing.signal.aborted) await this.ready('itself').catch(() => {});
  }

  async #refresh(connection: Connection): Promise<void> {
    try {
      const tools = await this.#list(connection);
      if (this.#live?.connection !== connection) return;
      const change = diffTools(this.#known, tools);
      this.#known = tools;
      this.#live = { connection, tools };
      if (change !== undefined) this.#tell({ type: 'tools-changed', ...change });
    } catch {
      // The connection's end, if that is why, is told by itself; the old list stays in use.
    }
  }

  async #list(connection: Connection): Promise<readonly ListedTool[]> {
    return await listTools(connection, this.#closing.signal, (rule, message) => {
      this.#tell({ type: 'finding', rule, n: this.#options.counter.last, message });
    });
  }

  #startFailed(error: unknown): void {
    this.#record = ended(this.#record, { proven: false, uptimeMs: 0 });
    const next = nextStart(this.#record, 'itself', performance.now());
    this.#tell({
      type: 'server-start-failed',
      reason: error instanceof Error ? error.message : String(error),
      waitMs: next.kind === 'start' ? next.afterMs : null,
    });
  }

  #down(untilMs: number): CoreError {
    const seconds = Math.max(1, Math.ceil((untilMs - performance.now()) / 1000));
    const when = `it is tried again when it is needed in ${seconds} s or later`;
    return new CoreError('SERVER_DOWN', `The server ${JSON.stringify(this.name)} ended too often right after its start; ${when}`);
  }

  #tellReady(connection: Connection, tools: readonly ListedTool[]): void {
    const { era, protocolVersion, serverInfo } = connection;
    this.#tell({ type: 'server-ready', era, protocolVersion, ...serverInfo, tools: tools.map((tool) => tool.name) });
  }

  #tell(event: ConnectionEvent): void {
    this.#options.onEvent({ server: this.name, ...event });
  }
}
