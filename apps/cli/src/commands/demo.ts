import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type LoopEvent, type ServerEvent, Session, type StdioServer, resolveScript } from '@mcp-dbg/core';

import { RecentWire } from '../chat/recent-wire.ts';
import type { TextView } from '../chat/text-view.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { interruption } from '../interruption.ts';
import type { Io } from '../io.ts';
import { type Recording, recordSession } from '../record-session.ts';

/** How long one step may take before it counts as missed (milliseconds). */
const STEP_MS = 20_000;

/** Tells the whole story on the bookmarks example: chat, wire, crash, restart. A missed step fails with exit code 2. */
export async function demo(io: Io): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-dbg-demo-'));
  using interrupted = interruption(io);
  const recording = await recordSession(undefined, 'demo', io);
  const story = new Story(io, await storyView(io));
  try {
    await tell(story, io, join(folder, 'bookmarks.db'), recording, interrupted.signal);
  } catch (error) {
    interrupted.signal.throwIfAborted();
    throw story.missed(error);
  } finally {
    story.close();
    recording.close();
    await rm(folder, { recursive: true, force: true });
  }
  io.stdout.write('\ndemo: all steps passed\n');
  return EXIT.good;
}

async function tell(story: Story, io: Io, database: string, recording: Recording, signal: AbortSignal): Promise<void> {
  const server = exampleServer(io, database);
  story.step(`Connect to the bookmarks example (${server.argv.join(' ')})`);
  const { parseScript, scriptModel } = await import('@mcp-dbg/core/script');
  const script = parseScript(await readFile(join(exampleFolder(), 'demo-script.json'), 'utf8'));
  await using model = await scriptModel({ script, source: 'demo-script.json' });
  await using session = await Session.open({
    servers: [server],
    model,
    environment: io.env,
    approve: async () => true,
    observe: recording.observe,
    onEvent: (event) => story.event(event),
    signal,
  });
  story.expect('server-ready');
  const ask = async (query: string, tool: string): Promise<void> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(STEP_MS)]);
    story.asked();
    for await (const event of session.ask(query, limit)) story.loop(event);
    signal.throwIfAborted();
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
  const connection = supervisor?.live?.connection;
  const pid = connection?.pid ?? undefined;
  if (supervisor === undefined || connection === undefined || pid === undefined)
    throw new Error('the server is gone already');
  process.kill(pid, 'SIGKILL');
  await connection.ended;
  story.expect('server-ended');
  await supervisor.ready();
  story.expect('server-restarted');
  story.step('Go on as if nothing had happened');
  await ask('Show all bookmarks tagged tutorial', 'list_bookmarks_by_tag');
  if (recording.path === undefined || !recording.isWhole()) return;
  story.step('Every byte was recorded; mcp-dbg log shows it');
  io.stdout.write(`${recording.path}\n`);
}

/** Numbers the steps, shows what happens, and knows what has happened since a step began. */
class Story {
  readonly #io: Io;
  readonly #view: TextView;
  readonly #wire = new RecentWire();
  #count = 0;
  #name = '';
  #seen: (ServerEvent | LoopEvent)[] = [];

  constructor(io: Io, view: TextView) {
    this.#io = io;
    this.#view = view;
  }

  step(name: string, verbose = false): void {
    this.#name = name;
    this.#seen = [];
    this.#view.verbose = verbose;
    this.#io.stdout.write(`${this.#count === 0 ? '' : '\n'}${++this.#count}. ${name}\n`);
  }

  event(event: ServerEvent): void {
    this.#seen.push(event);
    this.#view.server(event, this.#wire.see(event));
  }

  asked(): void {
    this.#view.asked();
  }

  /** Takes away what is drawn in place. */
  close(): void {
    this.#view.close();
  }

  loop(event: LoopEvent): void {
    this.#seen.push(event);
    this.#view.loop(event);
  }

  expect(type: ServerEvent['type']): void {
    if (!this.#seen.some((event) => event.type === type)) throw new Error(`${type} did not happen`);
  }

  expectCalled(tool: string): void {
    const call = this.#seen.find((event) => event.type === 'tool-call' && event.tool === tool);
    const result = this.#seen.find(
      (event) => event.type === 'tool-result' && call?.type === 'tool-call' && event.id === call.id,
    );
    if (result?.type !== 'tool-result' || result.isError) throw new Error(`the tool ${tool} gave no result`);
    if (!this.#seen.some((event) => event.type === 'stopped' && event.reason === 'end_turn'))
      throw new Error('there was no answer');
  }

  /** The step that is being told was missed, and why. */
  missed(cause: unknown): CliError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new CliError('DEMO_FAILED', `Step ${this.#count} (${this.#name}) was missed: ${why}`, { cause });
  }
}

/** One story, one stream: whoever reads it wants frames, calls and answers in the order in which they came. */
async function storyView(io: Io): Promise<TextView> {
  const [{ TextView }, { MarkdownStream }] = await Promise.all([
    import('../chat/index.ts'),
    import('../render/markdown/markdown-stream.ts'),
  ]);
  return new TextView(
    { ...io, stderr: io.stdout, merged: true, terminal: { ...io.terminal, stderr: io.terminal.stdout } },
    {
      verbose: false,
      severalServers: () => false,
      quiet: true,
      canShow: false,
      saveFile: ({ kind }) => `[${kind}]`,
      rendering: (theme, columns) => new MarkdownStream(theme, columns),
    },
  );
}

/** The example on Python, or on Node where there is no python3. */
function exampleServer(io: Io, database: string): StdioServer {
  const hasPython = (io.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'python3')));
  if (!hasPython) io.stdout.write('There is no python3 here, so this is told on the example for Node.\n');
  const config = resolveScript(join(exampleFolder(), hasPython ? 'server.py' : 'server.mjs'), io);
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
