import { setTimeout as sleep } from 'node:timers/promises';

import {
  type EntryDiff,
  type ListMethod,
  type ListedEntry,
  type Supervisor,
  diffEntries,
  listEntries,
} from '@mcp-dbg/core';

/** Milliseconds between two fetches: a server that says without end that it changed is not to keep us busy. */
const PAUSE_MS = 100;

export interface WatchedListsOptions {
  readonly server: Supervisor;
  readonly signal: AbortSignal;
  readonly onChange: (method: ListMethod, change: EntryDiff) => void;
  readonly onTrouble: (message: string) => void;
}

/** The lists of a server that is watched. They outlive its processes, so that what a restart changed is told too. */
export class WatchedLists {
  readonly #options: WatchedListsOptions;
  readonly #known = new Map<ListMethod, readonly ListedEntry[]>();
  readonly #stale = new Set<ListMethod>();
  #running: Promise<void> | undefined;

  constructor(options: WatchedListsOptions) {
    this.#options = options;
  }

  /** Fetches lists, and tells how they differ from what they were; the first time there is nothing to tell. */
  async fetch(...methods: readonly ListMethod[]): Promise<void> {
    for (const method of methods) this.#stale.add(method);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { server, signal, onTrouble } = this.#options;
    for (const method of this.#stale) {
      this.#stale.delete(method);
      try {
        const { connection } = await server.ready('itself');
        const entries = await listEntries(connection, method, signal, () => {});
        this.#tell(method, entries);
      } catch (error) {
        if (signal.aborted) return;
        onTrouble(`Cannot tell what changed: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (this.#stale.has(method)) await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }

  #tell(method: ListMethod, entries: readonly ListedEntry[]): void {
    const change = diffEntries(this.#known.get(method) ?? entries, entries);
    this.#known.set(method, entries);
    if (change !== undefined) this.#options.onChange(method, change);
  }
}
