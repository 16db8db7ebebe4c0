import type { Writable } from 'node:stream';

import { type Live, type ServerEvent, Session } from '@mcp-dbg/core';

import { Activity } from './chat/activity.ts';
import { RecentWire } from './chat/recent-wire.ts';
import { WireView } from './chat/wire-view.ts';
import { CliError, exitOfSignal } from './exit-code.ts';
import type { Io } from './io.ts';
import { recordSession } from './record-session.ts';
import { noiseText } from './render/noise-text.ts';
import { serverEventText } from './render/server-event-text.ts';
import { type Theme, themeFor } from './render/theme.ts';
import { type ServerOptions, serversOf, sessionOptions } from './server-options.ts';
import { LiveArea } from './terminal/live-area.ts';

/** The options of a command that asks one server one thing. */
export interface OneServerOptions extends ServerOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** One server that is open. */
export interface OpenServer {
  readonly session: Session;
  readonly live: Live;
  readonly signal: AbortSignal;
  /** Says what is awaited from now on. */
  readonly waiting: (what: string) => void;
  /** Writes what the command is for to stdout. */
  readonly print: (text: string) => void;
}

/** One server, open for as long as `use` takes; a signal ends both. Records only where --capture names a file. */
export async function withServer<T>(
  io: Io,
  target: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: OneServerOptions,
  use: (server: OpenServer) => Promise<T>,
): Promise<T> {
  const [server, ...others] = serversOf(target, command, options, io);
  if (server === undefined || others.length > 0) throw new CliError('USAGE', 'This command takes one server');
  const recording = await recordSession(options.capture ?? false, server.name, io);
  const watch = new Watch(io, options);
  const interrupted = new AbortController();
  const stopListening = io.onSignal((signal) =>
    interrupted.abort(new CliError('INTERRUPTED', 'Interrupted', { exit: exitOfSignal(signal) })),
  );
  try {
    watch.waiting(`${server.name} to start`);
    await using session = await Session.open({
      ...sessionOptions(options),
      servers: [server],
      // One question, one process: a second start would have its side effects for nothing.
      restarts: false,
      environment: io.env,
      observe: recording.observe,
      signal: interrupted.signal,
      onEvent: (event) => watch.server(event),
    });
    const live = await session.servers[0]?.ready();
    if (live === undefined) throw new CliError('USAGE', 'This command takes one server');
    watch.waiting(undefined);
    const outcome = await use({
      session,
      live,
      signal: interrupted.signal,
      waiting: (what) => watch.waiting(what),
      print: (text) => watch.print(text, io.stdout),
    });
    watch.flush();
    watch.waiting(`${server.name} to end`);
    return outcome;
  } catch (error) {
    interrupted.signal.throwIfAborted();
    throw error;
  } finally {
    watch.close();
    stopListening();
    recording.close();
  }
}

/** Shows what happens to the one server. With --json stderr is kept for the one line that says why a command failed. */
class Watch {
  readonly #io: Io;
  readonly #theme: Theme;
  readonly #activity: Activity;
  readonly #live: LiveArea;
  readonly #wire: WireView | undefined;
  readonly #recent = new RecentWire();
  readonly #isQuiet: boolean;
  readonly #told = new Set<string>();
  readonly #held: string[] = [];

  constructor(io: Io, { verbose = false, json = false }: OneServerOptions) {
    this.#io = io;
    this.#theme = themeFor(io.terminal.stderr, io.env);
    this.#activity = new Activity(this.#theme);
    this.#live = new LiveArea(io, {
      picture: (columns) => this.#activity.rows(columns),
      isActive: () => this.#activity.isActive,
      isFree: () => true,
    });
    this.#wire = verbose ? new WireView(() => ({ theme: this.#theme, severalServers: false })) : undefined;
    this.#isQuiet = json;
  }

  waiting(what: string | undefined): void {
    this.#activity.waiting(what);
    this.#live.changed();
  }

  server(event: ServerEvent): void {
    if (event.type === 'server-waiting') this.waiting(`${event.server} to answer ${event.method}`);
    const text =
      this.#wire === undefined
        ? this.#news(event)
        : this.#wire.rows(event, this.#recent.see(event), serverEventText(event, this.#theme));
    if (text !== '') this.print(text);
  }

  /** What is worth a line to somebody who does not watch the wire. */
  #news(event: ServerEvent): string {
    if (this.#isQuiet) return '';
    const noise = noiseText(event, this.#theme);
    if (noise !== undefined) return this.#isFirst('noise') ? `${noise}\n` : '';
    const line = `${serverEventText(event, this.#theme) ?? ''}\n`;
    switch (event.type) {
      case 'finding':
        return this.#isFirst(event.rule) ? line : '';
      case 'notice':
      case 'server-ended':
        // Where the command fails, its one sentence says this better.
        if (event.type === 'notice' || !event.asked) this.#held.push(line);
        return '';
      case 'frame':
      case 'server-ready':
      case 'server-restarted':
      case 'server-start-failed':
      case 'server-started':
      case 'server-waiting':
      case 'stderr':
      case 'tools-changed':
        return '';
    }
  }

  /** Says what was held back while it was not sure that the command succeeds. */
  flush(): void {
    for (const line of this.#held.splice(0)) this.print(line);
  }

  print(text: string, stream: Writable = this.#io.stderr): void {
    this.#live.above(() => stream.write(text));
  }

  close(): void {
    this.#live.close();
  }

  #isFirst(key: string): boolean {
    const isFirst = !this.#told.has(key);
    this.#told.add(key);
    return isFirst;
  }
}
