import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

const PREFIX = 'io.modelcontextprotocol/';

/** What the envelope of a modern request carries. */
export const envelope = {
  [`${PREFIX}protocolVersion`]: '2026-07-28',
  [`${PREFIX}clientCapabilities`]: {},
  [`${PREFIX}clientInfo`]: { name: 'raw-peer', version: '1.0.0' },
};

/** A message as it came. */
export type Message = Readonly<Record<string, unknown>>;

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

type Surroundings = { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string };

/** As hosts do, only what every program needs: what else is set here is no server's concern. */
const hostEnvironment = { HOME: process.env['HOME'], PATH: process.env['PATH'] };

/** A client without an SDK: writes lines by hand and shows what comes back. */
export class RawPeer {
  readonly exit: Promise<Exit>;
  /** When the process has ended and its pipes were read to their ends. */
  readonly closed: Promise<void>;
  readonly stdoutEnd: Promise<void>;
  readonly pid: number;
  /** True once a write did not reach the server. */
  stdinFailed = false;
  readonly #child: ChildProcessWithoutNullStreams;
  #stdout = '';
  #stderr = '';
  readonly #looks = new Set<() => void>();
  #nextId = 0;

  constructor(command: string, args: readonly string[] = [], { env, cwd }: Surroundings = {}) {
    this.#child = spawn(command, args, { env: { ...hostEnvironment, ...env }, cwd });
    this.pid = this.#child.pid ?? 0;
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(() => (this.#stdout += text)));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#take(() => (this.#stderr += text)));
    // A server that died or closed its stdin is what some tests are about.
    this.#child.stdin.on('error', () => (this.stdinFailed = true));
    this.stdoutEnd = new Promise((resolve) => this.#child.stdout.on('end', () => resolve()));
    this.exit = new Promise((resolve) => {
      this.#child.on('exit', (code, signal) => this.#take(() => resolve({ code, signal })));
    });
    this.closed = new Promise((resolve) => this.#child.on('close', () => resolve()));
    peers.add(this);
  }

  /** Starts a script of Node. */
  static ofScript(script: string, args: readonly string[] = []): RawPeer {
    return new RawPeer(process.execPath, [script, ...args]);
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The whole lines of stdout that are JSON. */
  get messages(): Message[] {
    return this.#stdout.split('\n').slice(0, -1).flatMap(parsed);
  }

  /** The whole lines of stdout that are no JSON. */
  get noise(): string[] {
    const lines = this.#stdout.split('\n').slice(0, -1);
    return lines.filter((line) => parsed(line).length === 0);
  }

  write(text: string | Uint8Array): void {
    this.#child.stdin.write(text);
  }

  send(message: unknown): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  /** Sends a request with a new number as its id and gives the answer. */
  async ask(method: string, params?: Message): Promise<Message> {
    const id = this.#nextId++;
    this.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
    return this.answerTo(id);
  }

  /** As `ask`, with the modern envelope. */
  modern(method: string, params: Message = {}): Promise<Message> {
    return this.ask(method, { ...params, _meta: envelope });
  }

  /** Calls a tool in the modern era and gives the result. */
  async call(name: string, args: Message = {}): Promise<Message> {
    const answer = await this.modern('tools/call', { name, arguments: args });
    return answer['result'] as Message;
  }

  /** Opens a legacy session and gives the answer to `initialize`. */
  async initialize(protocolVersion: string): Promise<Message> {
    const clientInfo = { name: 'raw-peer', version: '1.0.0' };
    const answer = await this.ask('initialize', { protocolVersion, capabilities: {}, clientInfo });
    this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return answer;
  }

  answerTo(id: string | number | null): Promise<Message> {
    return this.find((message) => message['id'] === id && ('result' in message || 'error' in message));
  }

  /** The first message that matches, now or later. */
  async find(matches: (message: Message) => boolean): Promise<Message> {
    const look = (): Message | undefined => this.messages.find(matches);
    await this.until(() => look() !== undefined, `a message; there were ${this.#stdout}`);
    return look() ?? {};
  }

  /** Ends when `holds` gives true, which is looked at after each read; rejects when the process ended before. */
  async until(holds: () => boolean, what: string): Promise<void> {
    while (!holds()) {
      const read = new Promise<void>((resolve) => this.#looks.add(resolve));
      const ended = await Promise.race([read.then(() => false), this.closed.then(() => true)]);
      if (ended && !holds()) throw new Error(`The server ended while the test waited for ${what}; ${this.#stderr}`);
    }
  }

  /** Closes the server's stdin. */
  end(): void {
    this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #take(change: () => void): void {
    change();
    for (const look of this.#looks) look();
    this.#looks.clear();
  }
}

const peers = new Set<RawPeer>();

/** Kills every server that the tests of a file started; for `afterAll`. */
export async function endPeers(): Promise<void> {
  for (const peer of peers) peer.kill('SIGKILL');
  await Promise.all([...peers].map((peer) => peer.exit));
  peers.clear();
}

function parsed(line: string): Message[] {
  try {
    return [JSON.parse(line) as Message];
  } catch {
    return [];
  }
}
