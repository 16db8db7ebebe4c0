import {
  type Exit,
  type Observer,
  type Pipe,
  type RunningServer,
  ServerProcess,
  type StartServer,
} from '@mcp-dbg/proxy';
import { type Frame, type FrameCounter, FrameStream, type IdText, StderrTail } from '@mcp-dbg/wire';

import { CoreError } from './errors.ts';
import type { Link, SendOptions, Sent } from './link.ts';
import { safeEnvironment } from './safe-environment.ts';
import type { StdioServer } from './server-config.ts';
import type { ConnectionEnd, ServerEvent } from './server-events.ts';
import { type Receiver, Traffic } from './traffic.ts';

/** How long after the end of a pipe the process may take to exit before the two count as separate facts. */
const EXIT_AFTER_CLOSE_MS = 250;
/** How long a dead server's pipes are read at most: a child of it that left its group may write for ever. */
const MAX_DRAIN_MS = 2000;
/** Bytes of one line at most; what is longer is no message but a fault that would take all memory. */
const MAX_LINE = 256 * 1024 * 1024;
const LF = 0x0a;

export interface ProcessLinkOptions {
  readonly config: StdioServer;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly observers: readonly Observer[];
  /** How the process is started (`ServerProcess.start`). */
  readonly start?: StartServer | undefined;
  readonly onEvent: (event: ServerEvent) => void;
  readonly counter: FrameCounter;
  /** Microseconds since the session began. */
  readonly clock: () => number;
}

/** The link to one server process, over its pipes: a frame is a line. */
export class ProcessLink implements Link {
  readonly pid: number;
  readonly hasStreams = false;
  /** Resolves when the server is of no more use: it ended, or closed its stdin or stdout. What it wrote was read. */
  readonly ended: Promise<ConnectionEnd>;
  readonly #process: RunningServer;
  readonly #options: ProcessLinkOptions;
  readonly #frames: FrameStream;
  readonly #traffic: Traffic;
  readonly #stderr = new StderrTail();
  readonly #startedAt: number;
  #line = 0;
  #end: ConnectionEnd | undefined;
  #stopping = false;
  #gone: Promise<void> | undefined;

  /** Starts the server. Throws ProxyError when the system cannot. */
  static async open(options: ProcessLinkOptions): Promise<ProcessLink> {
    const { config, environment, observers, start = startProcess } = options;
    const env = safeEnvironment(environment, config.env);
    const command = { argv: config.argv, env, ...(config.cwd !== undefined && { cwd: config.cwd }) };
    return new ProcessLink(await start(command, observers, config.name), options);
  }

  private constructor(process: RunningServer, options: ProcessLinkOptions) {
    this.#process = process;
    this.#options = options;
    this.#frames = new FrameStream(options.counter);
    this.#traffic = new Traffic(options.config.name, { onEvent: options.onEvent, ofLines: true });
    this.#startedAt = options.clock();
    this.pid = process.pid;
    const { argv, shownArgv = argv } = options.config;
    this.#traffic.tell({ type: 'server-started', us: this.#startedAt, pid: process.pid, command: shownArgv });
    process.stdout.start((bytes, by) => this.#take('server', bytes, by));
    process.stderr.start((bytes) => this.#take('stderr', bytes));
    this.ended = this.#watch();
  }

  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  onMessage(receive: Receiver): () => void {
    return this.#traffic.onMessage(receive);
  }

  send(message: object, { text = JSON.stringify(message) }: SendOptions = {}): Sent {
    if (this.#end !== undefined || !this.#process.stdin.writable) {
      const name = JSON.stringify(this.#options.config.name);
      throw new CoreError('CONNECTION_LOST', `The server ${name} is no longer there`);
    }
    const bytes = Buffer.from(`${text}\n`);
    this.#take('client', bytes);
    const n = this.#options.counter.last;
    this.#process.stdin.write(bytes);
    return { n, taken: Promise.resolve() };
  }

  forget(id: IdText): void {
    this.#traffic.forget(id);
  }

  /** A process learns that from the messages alone. */
  agreed(): void {}

  /** Ends the server and its group: end of stdin, SIGTERM, SIGKILL. Resolves when nothing of it is left. */
  async stop(): Promise<ConnectionEnd> {
    this.#stopping = true;
    await this.#finish();
    return await this.ended;
  }

  async #watch(): Promise<ConnectionEnd> {
    const { exited, stdin, stdout } = this.#process;
    const closed = await Promise.race([
      exited.then(() => undefined),
      stdout.ended.then(() => 'stdout' as const),
      stdin.closed.then(() => 'stdin' as const),
    ]);
    const asked = this.#stopping;
    // A process closes its pipes a moment before it exits.
    const exit = await Promise.race([exited, ...(this.#gone === undefined ? [after(EXIT_AFTER_CLOSE_MS)] : [])]);
    // What a dead server left running goes too, and so does one that lives but can no longer be talked to.
    const gone = this.#finish();
    if (exit !== undefined) await gone;
    for (const text of this.#stderr.end()) this.#tellStderr(text);
    const torn = this.#frames.end('server', this.#options.clock());
    if (torn !== undefined) this.#frame(torn);
    return this.#close(exit, closed, asked);
  }

  #finish(): Promise<void> {
    const { exited, stdout, stderr } = this.#process;
    this.#gone ??= Promise.race([this.#process.stop(), exited.then(() => after(MAX_DRAIN_MS))]).then(() => {
      stdout.close();
      stderr.close();
    });
    return this.#gone;
  }

  #close(exit: Exit | undefined, closed: 'stdin' | 'stdout' | undefined, asked: boolean): ConnectionEnd {
    const us = this.#options.clock();
    const end: ConnectionEnd = {
      pid: this.pid,
      code: exit?.code ?? null,
      signal: exit?.signal ?? null,
      ...(exit === undefined && closed !== undefined && { closed }),
      uptimeMs: (us - this.#startedAt) / 1000,
      stderr: this.#stderr.last,
      inFlight: this.#traffic.inFlight,
      asked,
    };
    this.#end = end;
    this.#traffic.tell({ type: 'server-ended', us, ...end });
    return end;
  }

  #take(from: Pipe, bytes: Uint8Array, by?: 'mcp-dbg'): true {
    if (this.#end !== undefined || this.#line > MAX_LINE) return true;
    if (from === 'stderr') {
      for (const text of this.#stderr.push(bytes)) this.#tellStderr(text);
      return true;
    }
    for (const frame of this.#frames.read(from, bytes, this.#options.clock(), by)) this.#frame(frame);
    if (from === 'server') this.#measure(bytes);
    return true;
  }

  #measure(bytes: Uint8Array): void {
    const newline = bytes.lastIndexOf(LF);
    this.#line = newline === -1 ? this.#line + bytes.length : bytes.length - newline - 1;
    if (this.#line <= MAX_LINE) return;
    const message = `The server wrote a line of more than ${MAX_LINE / 1024 / 1024} MB without an end, so it is ended`;
    this.#traffic.tell({ type: 'finding', n: this.#options.counter.last, rule: 'stdio/line-length', message });
    void this.#finish();
  }

  #frame(frame: Frame): void {
    if (frame.from === 'client') this.#traffic.sent(frame);
    else this.#traffic.received(frame);
  }

  #tellStderr(text: string): void {
    this.#traffic.tell({ type: 'stderr', us: this.#options.clock(), text });
  }
}

const startProcess: StartServer = async (command, observers) => await ServerProcess.start(command, observers);

/** Resolves after a time and one more look at what the system has to tell: we may have been held up ourselves meanwhile. */
function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => setImmediate(resolve, undefined), ms).unref());
}
