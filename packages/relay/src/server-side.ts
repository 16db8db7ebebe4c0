import type { Exit } from '@mcp-dbg/proxy';

import { SYSTEM_CLOCK } from './clock.ts';
import { Comeback } from './continuity/comeback.ts';
import { ServerDesk } from './continuity/server-desk.ts';
import { RelayError } from './errors.ts';
import type { RelayFrame } from './relay-frame.ts';
import type { ServerEnd } from './server-end.ts';
import { ServerLife } from './server-life.ts';
import type { ServerRecords } from './server-records.ts';
import type { ServerSideOptions } from './server-side-options.ts';

/** Who waits for the next process. */
interface Awaiting {
  readonly resolve: () => void;
  readonly reject: (error: RelayError) => void;
}

/**
 * The server as a relay sees it: one process after another. Where it restarts, the client does not notice: what waited for
 * a dead process is answered at once, what comes while there is none waits for the next, and that one is brought to
 * where the client believes the server to be. What is to be done {@link ServerDesk} decides; here are the processes.
 */
export class ServerSide {
  /** Resolves when there is no process and none will come. */
  readonly over: Promise<Exit>;
  readonly #options: ServerSideOptions;
  readonly #desk: ServerDesk;
  readonly #comeback: Comeback;
  readonly #awaiting: Awaiting[] = [];
  #newest: ServerLife | undefined;
  #finish: (exit: Exit) => void = () => {};

  /** Starts the first process. Throws ProxyError when the system cannot. */
  static async start(options: ServerSideOptions): Promise<ServerSide> {
    const side = new ServerSide(options);
    await side.#comeback.first();
    return side;
  }

  private constructor(options: ServerSideOptions) {
    this.#options = options;
    this.#desk = new ServerDesk({
      ...options,
      mark: Math.random().toString(36).slice(2, 8),
      clock: SYSTEM_CLOCK,
      onWanted: (cause) => this.#comeback.begin(cause),
      onUsable: () => {
        for (const { resolve } of this.#awaiting.splice(0)) resolve();
      },
      onUnusable: (error) => {
        for (const { reject } of this.#awaiting.splice(0)) reject(error);
      },
      onOver: (exit) => {
        this.#comeback.close();
        this.#finish(exit);
      },
    });
    this.#comeback = new Comeback({
      start: async () => await this.#begin(),
      onRest: (ms) => this.#desk.rests(ms),
      tell: options.tell,
    });
    this.over = new Promise((resolve) => (this.#finish = resolve));
  }

  get records(): ServerRecords {
    return this.#desk.records;
  }

  /** The process in use. */
  get life(): ServerLife | undefined {
    return this.#desk.hasProcess ? this.#newest : undefined;
  }

  killRest(): void {
    this.#newest?.signal('SIGKILL');
  }

  /** Takes a frame of the client. */
  fromClient(frame: RelayFrame): void {
    this.#desk.fromClient(frame);
  }

  /** The client wrote its last byte: so does the server's process get no more, once it has what waits. */
  clientEnded(isPassedOn: boolean): void {
    this.#desk.clientEnded(isPassedOn);
  }

  /** Nobody reads what the server writes any more: it is told so, and none is started after it. */
  clientGone(): void {
    this.#desk.clientGone();
  }

  /** Passes a signal on, or only takes note of it. From one that ends, nothing is started any more. */
  signal(signal: NodeJS.Signals, whom: 'process' | 'group' | 'nobody', ends: boolean): void {
    this.#desk.signal(signal, whom, ends);
  }

  /**
   * Replaces the process: what is under way may be answered first, for 5 s. Resolves when the new one can be used. Throws
   * RelayError `NO_RESTART` where none is to be started, or none would start.
   */
  async restart(reason: string): Promise<void> {
    if (!this.#desk.canRestart) {
      throw new RelayError('NO_RESTART', 'The server is not restarted here; start the proxy with --restart');
    }
    const next = new Promise<void>((resolve, reject) => this.#awaiting.push({ resolve, reject }));
    this.#desk.restart(reason);
    await next;
  }

  async #begin(): Promise<void> {
    const { observe, restarts } = this.#options;
    const life = await ServerLife.start({
      ...this.#options,
      observers: observe(),
      onFrame: (frame) => this.#desk.fromServer(life, frame),
      isReplaceable: restarts,
    });
    this.#newest = life;
    this.#desk.began(life);
    void life.ended.then((end) => this.#ended(life, end));
    void life.proven.then(() => this.#desk.proven(life));
  }

  #ended(life: ServerLife, end: ServerEnd): void {
    this.#comeback.ended({ proven: this.#desk.isProven, uptimeMs: end.uptimeMs });
    // It will not take more, and must not keep the client's frames from the next.
    this.#options.onDrain();
    this.#desk.ended(life, end);
  }
}
