import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture, waitFor } from '@mcp-dbg/testkit';

import { Lines, type Run, finish, scratch, startProxy, written } from '../transparency/driver.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A message as this peer reads it. */
export interface Seen {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Fields };
}

/** What every request of the modern era carries. */
export const ENVELOPE: Fields = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1.0.0' },
};

/** A client that says just what a test wants, in front of a proxy with the server that remembers its starts. */
export class Peer {
  readonly folder: string;
  readonly run: Run;
  /** Every line that came and was not looked at yet. */
  readonly lines: Lines;
  readonly stderr: Lines;
  #last = 0;

  /** `under` gives the words before the server's command. */
  constructor(own: readonly string[], under: (folder: string) => readonly string[] = () => []) {
    this.folder = mkdtempSync(join(scratch, 'reborn-'));
    this.run = startProxy([...under(this.folder), process.execPath, fixture('reborn'), this.folder], {
      own: [...own, '--log', this.capture],
    });
    this.lines = new Lines(this.run.stdout);
    this.stderr = new Lines(this.run.stderr);
  }

  get capture(): string {
    return join(this.folder, 'run.mcpcap');
  }

  async send(message: Fields): Promise<void> {
    await written(this.run.stdin, `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  async next(): Promise<Seen> {
    return JSON.parse(await this.lines.next()) as Seen;
  }

  /** Asks and gives what comes next, which is to be the answer. */
  async ask(method: string, params?: Fields): Promise<Seen> {
    const id = ++this.#last;
    await this.send({ id, method, ...(params !== undefined && { params }) });
    const answer = await this.next();
    if (answer.id !== id) throw new Error(`Not the answer to ${method}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async initialize(): Promise<void> {
    await this.ask('initialize', { protocolVersion: '2025-06-18', capabilities: { roots: {} }, clientInfo: CLIENT });
    await this.send({ method: 'notifications/initialized' });
  }

  /** Calls a tool and gives the text of its result. */
  async call(name: string, meta?: Fields): Promise<string> {
    const { result } = await this.ask('tools/call', {
      name,
      arguments: {},
      ...(meta !== undefined && { _meta: meta }),
    });
    const [block] = (result?.['content'] ?? []) as readonly { readonly text: string }[];
    return block?.text ?? '';
  }

  /** What the n-th process of the server read, once a message of this kind is among it. */
  async readBy(start: number, until: string): Promise<readonly Seen[]> {
    const file = join(this.folder, `${start}.jsonl`);
    const read = (): readonly Seen[] =>
      (existsSync(file) ? readFileSync(file, 'utf8') : '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Seen);
    await waitFor(() => read().some(({ method }) => method === until), `${until} at process ${start}`);
    return read();
  }

  /** How many messages have left a server that was told to flood, once no more do since nobody reads them. */
  async flooded(): Promise<number> {
    const file = join(this.folder, 'flooded');
    let [count, looks] = [0, 0];
    await waitFor(() => {
      const now = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
      looks = now === count && now > 0 ? looks + 1 : 0;
      count = now;
      return looks > 40;
    }, 'the end of what anybody takes of a flood');
    return count;
  }

  async end(): Promise<void> {
    await finish(this.run.stdin);
    await this.run.ended;
  }
}

const CLIENT = { name: 'raw', version: '1.0.0' };
