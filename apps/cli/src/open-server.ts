import { type Live, type ServerEvent, Session } from '@mcp-dbg/core';

import { featuresFor } from './asked/features-for.ts';
import { personOfCommand } from './asked/person-of-command.ts';
import { rootOf } from './asked/roots.ts';
import { CliError } from './exit-code.ts';
import type { FaultRequest } from './faults/fault-request.ts';
import { faultsFor } from './faults/faulty-session.ts';
import { interruption } from './interruption.ts';
import type { Io } from './io.ts';
import { recordSession } from './record-session.ts';
import { visible } from './render/visible.ts';
import { type ServerOptions, serversOf, sessionOptions } from './server-options.ts';
import { promptTerminal } from './sign-in/prompt-terminal.ts';
import { serverAccess } from './sign-in/server-access.ts';
import { StartTime } from './start-time.ts';
import { Watch, type WatchOptions } from './watch.ts';

/** The options of a command that asks one server one thing. */
export interface OneServerOptions extends ServerOptions, WatchOptions, FaultRequest {
  /** Whether the server's tools are listed first (true); no option of the command line. */
  readonly listsTools?: boolean;
  /** Whether the command goes on after the server's end, with the next process (false); no option of the command line. */
  readonly staysOn?: boolean;
  /** Told everything that happens; no option of the command line. */
  readonly onEvent?: (event: ServerEvent) => void;
}

/** One server that is open. */
export interface OpenServer {
  readonly session: Session;
  readonly live: Live;
  readonly signal: AbortSignal;
  /** Milliseconds from its start to its answer to the opening; its list of tools counts where that was asked for. */
  readonly startMs: number;
  /** Says what is awaited from now on; undefined for nothing. */
  readonly waiting: (what: string | undefined) => void;
  /** Writes what the command is for to stdout. */
  readonly print: (text: string) => void;
  /** Tells what a person should know on stderr, once it is sure that the command succeeds. */
  readonly tell: (message: string) => void;
  /** Says at once on stderr what the command did. */
  readonly say: (sentence: string) => void;
}

/** One server, open for as long as `use` takes; a signal ends both. Records only where --capture names a file. */
export async function withServer<T>(
  io: Io,
  target: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: OneServerOptions,
  use: (server: OpenServer) => Promise<T>,
): Promise<T> {
  const [server] = await serversOf(target, command, options, io, { most: 1 });
  if (server === undefined) throw new CliError('USAGE', 'This command takes one server');
  const faults = await faultsFor(options, [server], io.cwd);
  const roots = options.root?.map((folder) => rootOf(folder, io.cwd));
  const recording = await recordSession(options.capture ?? false, server.name, io);
  const watch = new Watch(io, options);
  const startTime = new StartTime();
  using interrupted = interruption(io);
  let remembered: Promise<void> | undefined;
  try {
    watch.waiting(`${server.name} to start`);
    await using session = await Session.open({
      ...sessionOptions(options),
      servers: [server],
      // One question, one process: a second start would have its side effects for nothing.
      restarts: options.staysOn ?? false,
      listsTools: options.listsTools ?? true,
      environment: io.env,
      access: serverAccess(io, options.json === true ? undefined : promptTerminal(io, () => watch.waiting(undefined))),
      ...faults({
        observe: recording.observe,
        // At once: the seed is wanted most where the command fails.
        tell: (_, message) => {
          if (options.json !== true) watch.print(`mcp-dbg: ${visible(message)}\n`, io.stderr);
        },
        tellsAll: options.verbose ?? false,
      }),
      signal: interrupted.signal,
      features: featuresFor({
        ...(roots && { roots: () => roots }),
        byHand: options.manualInput ?? false,
        person: personOfCommand(io, options, watch, (error) => interrupted.abort(error)),
        warn: (message) => watch.warn(message),
      }),
      onEvent: (event) => {
        startTime.see(event);
        watch.server(event);
        options.onEvent?.(event);
      },
    });
    const live = await session.servers[0]?.ready();
    if (live === undefined) throw new CliError('USAGE', 'This command takes one server');
    const startMs = startTime.ms;
    watch.waiting(undefined);
    await watch.shown();
    const outcome = await use({
      session,
      live,
      startMs,
      signal: interrupted.signal,
      waiting: (what) => watch.waiting(what),
      print: (text) => watch.print(text),
      tell: (message) => watch.server({ server: server.name, type: 'notice', message }),
      say: (sentence) => watch.print(`mcp-dbg: ${visible(sentence)}\n`, io.stderr),
    });
    watch.flush();
    // While the server ends: no answer waits for it.
    if (options.listsTools !== false) remembered = remember(io, target, live);
    watch.waiting(`${server.name} to end`);
    return outcome;
  } catch (error) {
    interrupted.signal.throwIfAborted();
    throw error;
  } finally {
    await remembered;
    await watch.close();
    recording.close();
  }
}

/** Keeps the names of the tools for Tab, under the name that was typed for their server. */
async function remember(io: Io, [named]: readonly string[], { tools }: Live): Promise<void> {
  if (named === undefined) return;
  const { rememberTools } = await import('./completion/known-tools.ts');
  rememberTools(io, named, tools);
}
