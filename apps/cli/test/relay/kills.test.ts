import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type FixtureName, fixture, processIsAlive, waitFor } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { BIN, run, scratch } from '../driver.ts';

/** How often each server is killed; `KILLS=200` for the long run. */
const KILLS = Number(process.env['KILLS'] ?? 5);
/** Calls under way at any moment. */
const CALLERS = 3;

interface Client {
  onclose?: (() => void) | undefined;
  listTools(): Promise<unknown>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

/** A class of its own is probed on the process that the client goes on with. */
class InPlace extends ModernTransport {}

const INFO = { name: 'stock', version: '1.0.0' };

const CLIENTS = {
  'SDK 1.32, legacy': async (args: string[], onStderr: (text: string) => void) => {
    const client = new LegacyClient(INFO);
    const transport = new LegacyTransport({ command: process.execPath, args, stderr: 'pipe' });
    transport.stderr?.on('data', (bytes: Buffer) => onStderr(bytes.toString()));
    await client.connect(transport);
    return client;
  },
  'SDK 2.4, legacy': async (args: string[], onStderr: (text: string) => void) =>
    await modern(new ModernClient(INFO), args, onStderr),
  'SDK 2.4, modern': async (args: string[], onStderr: (text: string) => void) =>
    await modern(new ModernClient(INFO, { versionNegotiation: { mode: 'auto' } }), args, onStderr),
} as const satisfies Record<string, (args: string[], onStderr: (text: string) => void) => Promise<Client>>;

async function modern(client: ModernClient, args: string[], onStderr: (text: string) => void): Promise<ModernClient> {
  const transport = new InPlace({ command: process.execPath, args, stderr: 'pipe' });
  transport.stderr?.on('data', (bytes: Buffer) => onStderr(bytes.toString()));
  await client.connect(transport);
  return client;
}

const CASES: readonly (readonly [keyof typeof CLIENTS, FixtureName])[] = [
  ['SDK 1.32, legacy', 'sdk-v1'],
  ['SDK 2.4, legacy', 'echo'],
  ['SDK 2.4, modern', 'echo'],
  ['SDK 2.4, modern', 'sdk-v2'],
];

describe(`a server is killed ${KILLS} times behind --restart, at random moments`, () => {
  it.each(CASES)(
    '%s with %s: the connection stays, every call is answered once, later calls work, nothing is left',
    { timeout: 120_000 + KILLS * 3000 },
    async (name, server) => {
      const capture = join(mkdtempSync(join(scratch, 'kills-')), 'run.mcpcap');
      let stderr = '';
      const args = [BIN, 'proxy', '--restart', '--announce', '--log', capture, '--', process.execPath, fixture(server)];
      const client: Client = await CLIENTS[name](args, (text) => (stderr += text));
      let closed = false;
      client.onclose = () => (closed = true);
      await client.listTools();
      const pids = (): readonly number[] =>
        [...stderr.matchAll(/server started, pid (\d+)/g)].map(([, pid]) => Number(pid));

      const load = new Load(client);
      for (let kill = 1; kill <= KILLS; kill++) {
        const pid = pids().at(-1);
        // One in five dies as it starts. More in a row, and the restart policy would make them wait.
        const isEarly = kill % 5 === 0;
        await (isEarly ? wait(Math.random() * 20) : load.answered(1 + Math.floor(Math.random() * 6)));
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        await waitFor(() => pids().length > kill, `the start after kill ${kill}`);
      }
      await load.answered(1);
      await load.end();
      await client.listTools();
      expect(closed, 'the connection of the client stays open').toBe(false);
      expect(load.wrong, 'calls that were answered with something else than their result or the loss').toEqual([]);
      client.onclose = undefined;
      await client.close();

      expect(pids()).toHaveLength(KILLS + 1);
      await waitFor(() => pids().every((pid) => !processIsAlive(pid)), 'the end of every process');
      const { stdout } = await run(['log', capture, 'is:orphan', '--json']);
      expect(stdout, 'nothing is answered twice').toBe('');
    },
  );
});

/** Calls without pause, some at a time. */
class Load {
  readonly wrong: string[] = [];
  readonly #client: Client;
  readonly #callers: readonly Promise<void>[];
  #good = 0;
  #asked = 0;
  #isOver = false;

  constructor(client: Client) {
    this.#client = client;
    this.#callers = Array.from({ length: CALLERS }, async () => await this.#call());
  }

  /** Waits until so many more calls have their result. */
  async answered(more: number): Promise<void> {
    const goal = this.#good + more;
    await waitFor(() => this.#good >= goal, `${more} more results`);
  }

  /** Ends when every call is answered; a call that hangs fails it. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#callers);
  }

  async #call(): Promise<void> {
    while (!this.#isOver) {
      const text = `call ${++this.#asked}`;
      try {
        const result = JSON.stringify(await this.#client.callTool({ name: 'echo', arguments: { text } }));
        if (result.includes(text)) this.#good++;
        else this.wrong.push(result);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (!message.includes('The server ended (signal SIGKILL) before it answered tools/call'))
          this.wrong.push(message);
      }
    }
  }
}
