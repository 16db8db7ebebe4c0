import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type LoopEvent, type ServerConfig, type ServerEvent, Session, resolveServer } from '@mcp-dbg/core';

import { TextView } from '../chat/text-view.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { recordSession } from '../record-session.ts';
import { themeFor } from '../render/theme.ts';

/** How long one step may take before it counts as missed (milliseconds). */
const STEP_MS = 20_000;

/** Tells the whole story on the bookmarks example: chat, wire, crash, restart. A missed step fails with exit code 2. */
export async function demo(io: Io): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-dbg-demo-'));
  const server = exampleServer(io, join(folder, 'bookmarks.db'));
  const { parseScript, scriptModel } = await import('@mcp-dbg/core/script');
  const script = parseScript(await readFile(join(exampleFolder(), 'demo-script.json'), 'utf8'));
  const recording = await recordSession(undefined, 'demo', io);
  const story = new Story(io);
  const interrupted = new AbortController();
  const stopListening = io.onSignal(() => interrupted.abort());
  try {
    await using model = await scriptModel({ script, source: 'demo-script.json' });
    story.step(`Connect to the bookmarks example (${server.argv.join(' ')})`);
    await using session = await Session.open({
      servers: [server],
      model,
      environment: io.env,
      approve: async () => true,
      observe: recording.observe,
      onEvent: (event) => story.event(event),
      signal: interrupted.signal,
    });
    story.expect('server-ready');
    const ask = async (query: string, tool: string): Promise<void> => {
      for await (const event of session.ask(query, AbortSignal.any([interrupted.signal, AbortSignal.timeout(STEP_MS)])))
        story.loop(event);
      interrupted.signal.throwIfAborted();
      story.expectCalled(tool);
    };
    story.step(
      'Ask in plain words; the model picks the tool (here a script stands in for it), and the wire is shown',
      true,
    );
    await ask('Save https://python.org as Python Docs with tag python', 'add_bookmark');
    story.step('Ask again: the conversation goes on');
    await ask('Find my Python bookmarks', 'search_bookmarks');
    story.step('Kill the server with SIGKILL');
    const [supervisor] = session.servers;
    process.kill(supervisor?.live?.connection.pid ?? 0, 'SIGKILL');
    await supervisor?.live?.connection.ended;
    story.expect('server-ended');
    await supervisor?.ready();
    story.expect('server-restarted');
    story.step('Go on as if nothing had happened');
    await ask('Show all bookmarks tagged tutorial', 'list_bookmarks_by_tag');
    if (recording.path !== undefined) {
      story.step('Every byte was recorded');
      io.stdout.write(`${recording.path}\n`);
    }
    io.stdout.write('\ndemo: all steps passed\n');
    return EXIT.good;
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    stopListening();
    recording.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Numbers the steps, shows what happens, and knows what has happened since a step began. */
class Story {
  readonly #io: Io;
  readonly #view: TextView;
  #count = 0;
  #name = '';
  #seen: (ServerEvent | LoopEvent)[] = [];

  constructor(io: Io) {
    this.#io = io;
    // One story, one stream: whoever reads it wants frames, calls and answers in the order in which they came.
    this.#view = new TextView(
      { ...io, stderr: io.stdout, merged: true, terminal: { ...io.terminal, stderr: io.terminal.stdout } },
      { verbose: false, severalServers: false },
    );
  }

  step(name: string, verbose = false): void {
    this.#name = name;
    this.#seen = [];
    this.#view.verbose = verbose;
    this.#io.stdout.write(`${this.#count === 0 ? '' : '\n'}${++this.#count}. ${name}\n`);
  }

  event(event: ServerEvent): void {
    this.#seen.push(event);
    this.#view.server(event);
  }

  loop(event: LoopEvent): void {
    this.#seen.push(event);
    this.#view.loop(event);
  }

  expect(type: ServerEvent['type']): void {
    if (!this.#seen.some((event) => event.type === type)) this.#missed(`${type} did not happen`);
  }

  expectCalled(tool: string): void {
    const call = this.#seen.find((event) => event.type === 'tool-call' && event.tool === tool);
    const result = this.#seen.find(
      (event) => event.type === 'tool-result' && call?.type === 'tool-call' && event.id === call.id,
    );
    if (result?.type !== 'tool-result' || result.isError) this.#missed(`the tool ${tool} gave no result`);
    if (!this.#seen.some((event) => event.type === 'stopped' && event.reason === 'end_turn'))
      this.#missed('there was no answer');
  }

  #missed(why: string): never {
    throw new CliError('DEMO_FAILED', `Step ${this.#count} (${this.#name}) was missed: ${why}`);
  }
}

/** The example on Python, or on Node where there is no python3. */
function exampleServer(io: Io, database: string): ServerConfig {
  const hasPython = (io.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'python3')));
  if (!hasPython) io.stdout.write('There is no python3 here, so this is told on the example for Node.\n');
  const config = resolveServer(join(exampleFolder(), hasPython ? 'server.py' : 'server.mjs'), io);
  return { ...config, name: 'bookmarks', env: { BOOKMARKS_DB: database } };
}

/** The examples stand beside the built program, or at the top of the repository when it runs from source. */
function exampleFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = ['../examples/bookmarks', 'examples/bookmarks', '../../../../examples/bookmarks'].map((place) =>
    join(here, place),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new CliError('DEMO_FAILED', `The examples are missing beside ${here}; install mcp-dbg anew`);
  return found;
}
