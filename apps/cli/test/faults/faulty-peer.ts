import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CaptureRecord, FaultRecord } from '@mcp-dbg/capture';
import { fixture, waitFor } from '@mcp-dbg/testkit';

import { type Run, recorded, scratch, startProxy } from '../transparency/driver.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A client at a proxy with fault rules, which writes what it likes and keeps what it gets. */
export class FaultyPeer {
  readonly run: Run;
  readonly capture: string;
  #got = '';
  #ended = false;
  stderr = '';

  /** Rules of `file` are given in a file. */
  constructor(
    rules: readonly string[],
    options: {
      readonly file?: readonly string[];
      readonly own?: readonly string[];
      readonly command?: readonly string[];
    } = {},
  ) {
    const folder = mkdtempSync(join(scratch, 'faults-'));
    this.capture = join(folder, 'faults.mcpcap');
    const file = join(folder, 'rules.txt');
    if (options.file !== undefined) writeFileSync(file, `# All the rules of a test.\n\n${options.file.join('\n')}\n`);
    this.run = startProxy(options.command ?? [process.execPath, fixture('echo')], {
      own: [
        '--log',
        this.capture,
        '--seed',
        '7',
        ...rules.flatMap((rule) => ['--fault', rule]),
        ...(options.file === undefined ? [] : ['--fault-file', file]),
        ...(options.own ?? []),
      ],
    });
    this.run.stdout.on('data', (chunk: Buffer) => (this.#got += chunk.toString('latin1')));
    this.run.stdout.once('end', () => (this.#ended = true));
    this.run.stdout.on('error', () => {});
    this.run.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString('latin1')));
  }

  /** All that came so far, a character for a byte. */
  get got(): string {
    return this.#got;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  send(id: number | string | undefined, method: string, params: object = {}): void {
    const body = { jsonrpc: '2.0', ...(id !== undefined && { id }), method, params: { ...params, _meta: META } };
    this.run.stdin.write(`${JSON.stringify(body)}\n`);
  }

  call(id: number | string, tool = 'echo', args: object = { text: 'hi' }): void {
    this.send(id, 'tools/call', { name: tool, arguments: args });
  }

  /** Waits until what came since `from` is enough, and gives it. */
  async since(from: number, isEnough: (text: string) => boolean, what: string): Promise<string> {
    await waitFor(() => isEnough(this.#got.slice(from)), what);
    return this.#got.slice(from);
  }

  /** Ends the client's side, and gives what the proxy recorded. */
  async end(): Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly records: readonly CaptureRecord[];
    readonly faults: readonly FaultRecord[];
    readonly toClient: string;
    readonly toServer: string;
  }> {
    this.run.stdin.end();
    const { code, signal } = await this.run.ended;
    await waitFor(() => this.#ended, 'the end of the output');
    const { records, streams } = await recorded(this.capture);
    return {
      code,
      signal,
      records,
      faults: records.filter((record) => record.t === 'fault'),
      toClient: streams.server.toString('latin1'),
      toServer: streams.client.toString('latin1'),
    };
  }
}
