import { setTimeout as sleep } from 'node:timers/promises';

import type { Connection } from './connection.ts';
import { type ListedTool, listTools } from './list-tools.ts';

/** Milliseconds between two fetches: a server that says with every list that it changed is not to keep us busy. */
const PAUSE_MS = 100;

export interface FollowToolsOptions {
  readonly connection: Connection;
  readonly signal: AbortSignal;
  readonly onFinding: (rule: string, message: string) => void;
  readonly onNotice: (message: string) => void;
  /** Told each list after the first. */
  readonly onTools: (tools: readonly ListedTool[]) => void;
}

/** The tools of one connection: fetched once, kept, and fetched again when the server says that they are others, or old. */
export class FollowedTools {
  readonly #options: FollowToolsOptions;
  #tools: readonly ListedTool[] = [];
  #isStale = false;
  #fetching: Promise<void> | undefined;
  /** When the list is too old by the server's own word (milliseconds, monotonic); the shortest of its pages counts. */
  #oldAt = Infinity;

  /** Throws CoreError when the server does not list its tools. */
  static async follow(options: FollowToolsOptions): Promise<FollowedTools> {
    const { connection } = options;
    const followed = new FollowedTools(options);
    // News that come between the two are kept: a change must not fall between the first list and the listening.
    connection.onToolsChanged(() => followed.#changed());
    followed.#fetching = Promise.resolve();
    followed.#tools = await followed.#list();
    followed.#fetching = undefined;
    if (followed.#isStale) followed.#changed();
    return followed;
  }

  private constructor(options: FollowToolsOptions) {
    this.#options = options;
  }

  /** The tools as they were listed last. */
  get tools(): readonly ListedTool[] {
    return this.#tools;
  }

  /** Fetches a list anew that is kept by the server's leave alone: somebody wants to see it as it is now. */
  async refresh(): Promise<void> {
    if (this.#oldAt !== Infinity) this.#changed();
    await this.#fetching;
  }

  /** Resolves when no fetch is under way, and what is kept is not too old. */
  async settled(): Promise<void> {
    if (performance.now() >= this.#oldAt) this.#changed();
    await this.#fetching;
  }

  #changed(): void {
    this.#isStale = true;
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
  }

  async #list(): Promise<readonly ListedTool[]> {
    const { connection, signal, onFinding } = this.#options;
    this.#oldAt = Infinity;
    return await listTools(connection, signal, onFinding, (ms) => {
      // None at all is what a server says that gives no hint: its news are what counts.
      if (ms > 0) this.#oldAt = Math.min(this.#oldAt, performance.now() + ms);
    });
  }

  async #fetch(): Promise<void> {
    const { connection, signal, onNotice, onTools } = this.#options;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#tools = await this.#list();
        onTools(this.#tools);
        if (this.#isStale) await sleep(PAUSE_MS, undefined, { signal });
      }
    } catch (error) {
      // The connection's end is told by itself.
      if (connection.isOver || signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      onNotice(`The tools changed, but the old list stays in use: ${why}`);
    }
  }
}
