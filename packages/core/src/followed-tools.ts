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

/** The tools of one connection: fetched once, kept, and fetched again when the server says that they changed. */
export class FollowedTools {
  readonly #options: FollowToolsOptions;
  #tools: readonly ListedTool[] = [];
  #isStale = false;
  #fetching: Promise<void> | undefined;

  /** Throws CoreError when the server does not list its tools. */
  static async follow(options: FollowToolsOptions): Promise<FollowedTools> {
    const { connection, signal, onFinding } = options;
    const followed = new FollowedTools(options);
    // News that come between the two are kept: a change must not fall between the first list and the listening.
    connection.onToolsChanged(() => followed.#changed());
    followed.#fetching = Promise.resolve();
    followed.#tools = await listTools(connection, signal, onFinding);
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

  /** Resolves when no fetch is under way. */
  async settled(): Promise<void> {
    await this.#fetching;
  }

  #changed(): void {
    this.#isStale = true;
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
  }

  async #fetch(): Promise<void> {
    const { connection, signal, onFinding, onNotice, onTools } = this.#options;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#tools = await listTools(connection, signal, onFinding);
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
