import { setTimeout as sleep } from 'node:timers/promises';

import { CoreError } from './errors.ts';
import { orAborted } from './or-aborted.ts';
import type { ServerConfig } from './server-config.ts';
import type { Supervisor } from './supervisor.ts';

export interface ServerRosterOptions {
  /** Gives what keeps a server; not started yet. */
  readonly supervise: (config: ServerConfig) => Supervisor;
  /** Milliseconds that others wait for a server that is not ready. */
  readonly patienceMs: number;
  /** Told of a server for which nobody waits any longer. */
  readonly onLate: (server: Supervisor) => void;
}

/** The servers of a session, each kept by itself: what one of them does or does not do keeps no other waiting for long. */
export class ServerRoster {
  readonly #options: ServerRosterOptions;
  #all: readonly Supervisor[] = [];
  /** What every name stood for: in one session a name never comes to mean another server. */
  readonly #named = new Map<string, string>();
  #plain: string | undefined;
  /** Servers that are not waited for until they have been ready once more. */
  readonly #late = new Set<Supervisor>();
  #isClosed = false;

  constructor(configs: readonly ServerConfig[], options: ServerRosterOptions) {
    this.#options = options;
    const given = new Set(configs.map(({ name }) => name));
    for (const config of configs) this.#enter(config, given);
    if (configs.length === 1) this.#plain = this.#all[0]?.name;
  }

  get all(): readonly Supervisor[] {
    return this.#all;
  }

  /** The server that the session began with, if it was alone then: its tools have their own names. */
  get plain(): string | undefined {
    return this.#plain;
  }

  /**
   * Starts all side by side, and comes back when they are ready, or when one is and the others take longer than the
   * patience; those go on starting. A server that does not start is told as an event and tried again; when none does,
   * all are closed, and this throws the first one's reason, or the signal's.
   */
  async open(signal: AbortSignal | undefined): Promise<void> {
    const starts = this.#all.map((server) => [server, server.start()] as const);
    const all = Promise.allSettled(starts.map(async ([, start]) => await start));
    try {
      if (starts.length > 0) await orAborted(() => Promise.any(starts.map(([, start]) => start)), signal);
      for (const [server, start] of starts) start.catch((error: unknown) => server.recover(error));
      await this.#wait(starts, signal);
    } catch {
      await this.close();
      signal?.throwIfAborted();
      throw (await all).flatMap((start) => (start.status === 'rejected' ? [start.reason as unknown] : []))[0];
    }
  }

  /** Waits until every server is ready or known not to be, but for none longer than the patience. */
  async settled(signal: AbortSignal): Promise<void> {
    await this.#wait(
      this.#all.map((server) => [server, server.ready()] as const),
      signal,
    );
  }

  /** Starts one more server. Where it does not start, it is not part of the session, and this throws why. */
  async add(config: ServerConfig, signal: AbortSignal | undefined): Promise<Supervisor> {
    if (this.#isClosed) throw new CoreError('CLOSED', 'The session is over');
    const isFirst = this.#named.size === 0;
    const server = this.#enter(config, new Set());
    if (isFirst) this.#plain = server.name;
    try {
      await orAborted(() => server.start(), signal);
      return server;
    } catch (error) {
      await this.#drop(server);
      throw error;
    }
  }

  /** Ends a server and takes it out. Throws {@link CoreError} `UNKNOWN_SERVER`. */
  async remove(name: string): Promise<void> {
    await this.#drop(this.find(name));
  }

  /** The server of that name. Throws {@link CoreError} `UNKNOWN_SERVER`. */
  find(name: string): Supervisor {
    const server = this.#all.find((each) => each.name === name);
    if (server !== undefined) return server;
    const names = this.#all.map((each) => each.name).join(', ') || 'there are none';
    throw new CoreError('UNKNOWN_SERVER', `There is no server ${JSON.stringify(name)}; servers: ${names}`);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#all.map((server) => server.close()));
  }

  async #drop(server: Supervisor): Promise<void> {
    this.#all = this.#all.filter((each) => each !== server);
    await server.close();
  }

  /** Gives the server a name that is its own: the second `echo` is `echo-2`, unless another one is called so. */
  #enter(config: ServerConfig, given: ReadonlySet<string>): Supervisor {
    const identity = JSON.stringify([config.url, config.argv, config.url === undefined ? config.cwd : undefined]);
    const isFree = (name: string): boolean =>
      (this.#named.get(name) ?? identity) === identity && this.#all.every((server) => server.name !== name);
    let { name } = config;
    for (let n = 2; !isFree(name) || (name !== config.name && given.has(name)); n++) name = `${config.name}-${n}`;
    this.#named.set(name, identity);
    const server = this.#options.supervise({ ...config, name });
    this.#all = [...this.#all, server];
    return server;
  }

  async #wait(
    pending: readonly (readonly [Supervisor, Promise<unknown>])[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const awaited = new Set(pending.map(([server]) => server).filter((server) => !this.#late.has(server)));
    const over = new AbortController();
    const settled = async (server: Supervisor, ready: Promise<unknown>): Promise<void> => {
      await ready.catch(() => {});
      this.#late.delete(server);
      awaited.delete(server);
      if (awaited.size === 0) over.abort();
    };
    for (const [server, ready] of pending) void settled(server, ready);
    if (awaited.size === 0) return;
    const patience = { signal: over.signal };
    try {
      await orAborted(() => sleep(this.#options.patienceMs, undefined, patience).catch(() => {}), signal);
    } finally {
      over.abort();
    }
    for (const server of awaited) {
      this.#late.add(server);
      this.#options.onLate(server);
    }
  }
}
