import { type Exit, type Observer, type Pipe, ServerProcess } from '@mcp-dbg/proxy';
import { ExchangeTracker, type Frame, type FrameCounter, FrameStream, type IdText, type Message, type Reading, idText, readFrame } from '@mcp-dbg/wire';

import { CoreError } from './errors.ts';
import { LenientReader } from './lenient-reader.ts';
import type { ConnectionEnd, ConnectionEvent, ServerEvent } from './server-events.ts';
import type { ServerConfig } from './server-config.ts';
import { StderrTail } from './stderr-tail.ts';
import { safeEnvironment } from './safe-environment.ts';

/** A request of ours that is on the wire. */
export interface Asked {
  readonly id: IdText;
  readonly method: string;
  /** What a person would call it: a tool's name for a tool call, else the method. */
  readonly label: string;
  readonly us: number;
}

/** How long after the end of stdout the process may take to exit before the two count as separate facts. */
const EXIT_AFTER_EOF_MS = 250;

export interface LinkOptions {
  readonly config: ServerConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly observers: readonly Observer[];
  readonly onEvent: (event: ServerEvent) => void;
  readonly counter: FrameCounter;
  /** Microseconds since the session began. */
  readonly clock: () => number;
}

/**
 * The bytes' side of a connection: one server process, its frames in both directions, and which request each
 * answer belongs to. Knows JSON-RPC and nothing of MCP. Everything is told as events while it happens.
 */
export class Link {
  readonly pid: number;
  /** Resolves when the server has ended or closed its stdout; every byte it wrote was read. */
  readonly ended: Promise<ConnectionEnd>;
  readonly #process: ServerProcess;
  readonly #options: LinkOptions;
  readonly #frames: FrameStream;
  readonly #reader = new LenientReader();
  readonly #tracker = new ExchangeTracker<Asked>();
  readonly #forgotten = new Set<IdText>();
  readonly #stderr = new StderrTail();
  readonly #startedAt: number;
  #receive: (message: Message, answered: Asked | undefined) => void = () => {};
  #end: ConnectionEnd | undefined;
  #stopping = false;
  #gone: Promise<Exit> | undefined;

  /** Starts the server. Throws ProxyError when the system cannot. */
  static async open(options: LinkOptions): Promise<Link> {
    const { config, environment, observers } = options;
    let link: Link | undefined;
    const ours: Observer = {
      read: (from, bytes) => {
        if (link !== undefined) link.#read(from, bytes);
      },
    };
    const process = await ServerProcess.start(
      { argv: config.argv, env: safeEnvironment(environment, config.env), ...(config.cwd !== undefined && { cwd: config.cwd }) },
      [...observers, ours],
    );
    link = new Link(process, options);
    return link;
  }

  private constructor(process: ServerProcess, options: LinkOptions) {
    this.#process = process;
    this.#options = options;
    this.#frames = new FrameStream(options.counter);
    this.#startedAt = options.clock();
    this.pid = process.pid;
    this.#tell({ type: 'server-started', us: this.#startedAt, pid: process.pid, command: options.config.argv });
    // The tap has shown each read to us already.
    process.stdout.start(() => true);
    process.stderr.start(() => true);
    this.ended = this.#watch();
  }

  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  /** Hands every message of the server to `receive`, with the request it answers. There is one receiver at a time. */
  onMessage(receive: (message: Message, answered: Asked | undefined) => void): void {
    this.#receive = receive;
  }

  /** Writes one message. Throws {@link CoreError} `CONNECTION_LOST` when the server is gone. */
  send(message: object): void {
    if (this.#end !== undefined || !this.#process.stdin.writable) {
      throw new CoreError('CONNECTION_LOST', `The server ${JSON.stringify(this.#options.config.name)} is no longer there`);
    }
    this.#process.stdin.write(Buffer.from(`${JSON.stringify(message)}\n`));
  }

  /** Forgets a request of ours that nobody waits for any more; an answer that comes late is nobody's fault. */
  forget(id: IdText): void {
    if (this.#tracker.answer('server', id) !== undefined) this.#forgotten.add(id);
  }

  /** Ends the server and its group: end of stdin, SIGTERM, SIGKILL. */
  async stop(): Promise<ConnectionEnd> {
    this.#stopping = true;
    await (this.#gone ??= this.#process.stop());
    return await this.ended;
  }

  async #watch(): Promise<ConnectionEnd> {
    const { exited, ended, stdout, stderr } = this.#process;
    await stdout.ended;
    const exit = await Promise.race([exited, after(EXIT_AFTER_EOF_MS)]);
    if (exit !== undefined) await ended;
    for (const text of this.#stderr.end()) this.#tellStderr(text);
    const torn = this.#frames.end('server', this.#options.clock());
    if (torn !== undefined) this.#frame(torn);
    const end = this.#close(exit);
    // A server that closed its stdout but lives is of no use, and what a dead one left running must go too.
    this.#gone ??= this.#process.stop();
    stderr.close();
    return end;
  }

  #close(exit: Exit | undefined): ConnectionEnd {
    const us = this.#options.clock();
    const end: ConnectionEnd = {
      pid: this.pid,
      code: exit?.code ?? null,
      signal: exit?.signal ?? null,
      uptimeMs: (us - this.#startedAt) / 1000,
      stderr: this.#stderr.last,
      inFlight: this.#tracker.clear().map((asked) => asked.label),
      asked: this.#stopping,
    };
    this.#end = end;
    this.#tell({ type: 'server-ended', us, ...end });
    return end;
  }

  #read(from: Pipe, bytes: Uint8Array): void {
    if (from === 'stderr') {
      for (const text of this.#stderr.push(bytes)) this.#tellStderr(text);
      return;
    }
    for (const frame of this.#frames.read(from, bytes, this.#options.clock())) this.#frame(frame);
  }

  #frame(frame: Frame): void {
    const reading = readFrame(frame.bytes);
    if (frame.from === 'client') {
      if (reading.kind === 'request') this.#tracker.ask('client', reading.id, askedOf(reading, frame.us));
      this.#tell({ type: 'frame', frame, reading });
      return;
    }
    this.#tell({ type: 'frame', frame, reading });
    for (const { message, finding } of this.#reader.read(frame, reading)) {
      if (finding !== undefined) this.#tell({ type: 'finding', n: frame.n, ...finding });
      this.#receive(message, this.#answeredBy(message, frame));
    }
  }

  /** The request that a message answers, a wrong id forgiven where there is no doubt what it means. */
  #answeredBy(message: Message, frame: Frame): Asked | undefined {
    if (message.kind !== 'result' && message.kind !== 'error') return undefined;
    const exact = this.#tracker.answer('server', message.id);
    if (exact !== undefined || this.#forgotten.delete(message.id)) return exact;
    const flipped = message.id.startsWith('"') ? message.id.slice(1, -1) : idText(JSON.stringify(message.id));
    const other = this.#tracker.answer('server', flipped);
    if (other !== undefined) {
      const text = `The server answered id ${message.id} where ${other.id} was asked: JSON types count`;
      this.#tell({ type: 'finding', n: frame.n, rule: 'json-rpc/id-type', message: text });
      return other;
    }
    const [only, ...more] = this.#tracker.open;
    if (message.id === 'null' && only !== undefined && more.length === 0) {
      const text = `The server answered id null while only ${only.label} (id ${only.id}) waits; SDK clients would wait on`;
      this.#tell({ type: 'finding', n: frame.n, rule: 'json-rpc/id-null', message: text });
      return this.#tracker.answer('server', only.id);
    }
    this.#tell({ type: 'finding', n: frame.n, rule: 'json-rpc/orphan', message: `No request waits for the answer with id ${message.id}` });
    return undefined;
  }

  #tellStderr(text: string): void {
    this.#tell({ type: 'stderr', us: this.#options.clock(), text });
  }

  #tell(event: ConnectionEvent): void {
    this.#options.onEvent({ server: this.#options.config.name, ...event });
  }
}

function askedOf(message: Extract<Message, { kind: 'request' }>, us: number): Asked {
  const { id, method, params } = message;
  const name = typeof params === 'object' && params !== null && 'name' in params ? params.name : undefined;
  return { id, method, label: method === 'tools/call' && typeof name === 'string' ? name : method, us };
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}
