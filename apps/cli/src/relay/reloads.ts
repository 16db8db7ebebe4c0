import { setTimeout as wait } from 'node:timers/promises';

import type { RunningServer } from '@mcp-dbg/relay';

import { BuiltFiles } from './built-files.ts';
import type { BuildOutcome } from './run-build.ts';

export interface ReloadsOptions {
  readonly server: Pick<RunningServer, 'pid' | 'restart' | 'note'>;
  /** What has to succeed before each restart. */
  readonly build: ((signal: AbortSignal) => Promise<BuildOutcome>) | undefined;
  /** The server's process is about to be replaced. */
  readonly replacing: () => void;
  /** Says what happens, in a sentence. */
  readonly tell: (sentence: string) => void;
}

/** Milliseconds without a change after which a save is taken to be over, and how long changes may go on before that. */
const QUIET_MS = 100;
const MAX_RESTLESS_MS = 2000;
/** Milliseconds that a new process may take before one with later changes takes its place. */
const PATIENCE_MS = 5000;
/** Milliseconds between two looks whether the server is down, while changes wait for a restart to be over. */
const LOOK_MS = 200;
/** Milliseconds after which it is said that a build goes on, and again. */
const SLOW_BUILD_MS = 60_000;
/** Milliseconds after a build in which changes may still be told that it made. */
const SETTLE_MS = 200;
/** Files that are named in a reason, and lines of a failed build that are said. */
const MAX_NAMED = 3;
const MAX_LINES = 10;

/** Restarts a server after changes of its files, one restart at a time, and builds before it where that is wanted. */
export class Reloads {
  readonly #options: ReloadsOptions;
  readonly #closed = new AbortController();
  /** What changed since the last reload began, and when (monotonic, milliseconds). */
  readonly #changes = new Map<string, number>();
  #lastChangeMs = 0;
  #lastStartMs = 0;
  #running: Promise<void> | undefined;
  readonly #built = new BuiltFiles();
  /** What changed while a build ran; undefined where none does. */
  #meanwhile: Set<string> | undefined;

  constructor(options: ReloadsOptions) {
    this.#options = options;
  }

  /** A file changed. */
  changed(path: string): void {
    if (this.#meanwhile === undefined) {
      this.#built.forget(path);
      this.#take(path);
    } else this.#meanwhile.add(path);
  }

  #take(path: string): void {
    this.#lastChangeMs = performance.now();
    this.#changes.set(path, this.#lastChangeMs);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** A process of the server is started now: it reads what its files are. */
  starting(): void {
    this.#lastStartMs = performance.now();
  }

  /** Nothing is reloaded any more. Resolves when a build that was under way has ended. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    while (this.#changes.size > 0 && !signal.aborted) {
      await this.#quiet();
      if (signal.aborted) return;
      const reason = reasonOf([...this.#changes.keys()]);
      this.#changes.clear();
      if ((await this.#isBuilt(reason)) && !signal.aborted) await this.#restart(reason);
    }
  }

  async #isBuilt(reason: string): Promise<boolean> {
    const { build, tell, server } = this.#options;
    if (build === undefined) return true;
    tell(`${reason}; building`);
    this.#meanwhile = new Set();
    const reminder = setInterval(() => tell('still building; --watch waits for it'), SLOW_BUILD_MS);
    const outcome = await build(this.#closed.signal).catch((error: unknown): BuildOutcome => ({
      kind: 'failed',
      how: textOf(error),
      output: '',
    }));
    clearInterval(reminder);
    void this.#sift();
    if (outcome.kind === 'built') return true;
    if (this.#closed.signal.aborted) return false;
    const what = `The build failed (${outcome.how}), the server stays as it is`;
    server.note(`${what}: ${outcome.output}`);
    tell(`${what}:`);
    for (const line of outcome.output.split('\n').slice(-MAX_LINES)) tell(`  ${line}`);
    return false;
  }

  /** Takes what changed during a build, but for what the build wrote as it was before. */
  async #sift(): Promise<void> {
    await pause(SETTLE_MS, this.#closed.signal);
    const paths = this.#meanwhile ?? [];
    this.#meanwhile = undefined;
    for (const path of paths) if (await this.#built.isOther(path)) this.#take(path);
  }

  async #restart(reason: string): Promise<void> {
    const { server, tell, replacing, build } = this.#options;
    tell(`${reason}; restarting the server`);
    replacing();
    const isOver = new AbortController();
    const failure = server.restart(reason).then(
      () => {
        // A process that was started after a change has read it.
        if (build !== undefined) return;
        for (const [path, atMs] of this.#changes) if (atMs < this.#lastStartMs) this.#changes.delete(path);
      },
      (error: unknown) => {
        if (!this.#closed.signal.aborted) tell(`not restarted: ${textOf(error)}`);
      },
    );
    await Promise.race([failure, this.#isUrgent(AbortSignal.any([isOver.signal, this.#closed.signal]))]);
    isOver.abort();
  }

  /**
   * Resolves when a change must not wait for the restart before it: nothing runs, or what was started does not get ready,
   * as the change may be what mends it.
   */
  async #isUrgent(signal: AbortSignal): Promise<void> {
    const patientUntilMs = performance.now() + PATIENCE_MS;
    while (!signal.aborted) {
      await pause(LOOK_MS, signal);
      if (this.#changes.size === 0) continue;
      const isDown = this.#options.server.pid === undefined;
      if (isDown || performance.now() > patientUntilMs) return;
    }
  }

  /** Resolves when a save is over: one is several changes for most editors. */
  async #quiet(): Promise<void> {
    const limitMs = performance.now() + MAX_RESTLESS_MS;
    for (;;) {
      const leftMs = Math.min(this.#lastChangeMs + QUIET_MS, limitMs) - performance.now();
      if (leftMs <= 0 || this.#closed.signal.aborted) return;
      await pause(leftMs, this.#closed.signal);
    }
  }
}

function reasonOf(paths: readonly string[]): string {
  const named = paths.slice(0, MAX_NAMED).join(', ');
  return paths.length > MAX_NAMED ? `${named} and ${paths.length - MAX_NAMED} more files changed` : `${named} changed`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Waits for a time, or until somebody cannot wait. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
