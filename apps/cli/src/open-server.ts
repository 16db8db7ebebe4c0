import { type Live, type ServerConfig, Session } from '@mcp-dbg/core';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { recordSession } from './record-session.ts';
import { serverEventText } from './render/server-event-text.ts';
import { themeFor } from './render/theme.ts';
import { FramePrinter } from './chat/frame-printer.ts';
import { StatusLine } from './chat/status-line.ts';
import { type ServerOptions, serversOf } from './server-options.ts';

/** The options of a command that asks one server one thing. */
export interface OneServerOptions extends ServerOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** One server, open for as long as `use` takes; a signal ends both. Records only where --capture names a file. */
export async function withServer<T>(
  io: Io,
  target: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: OneServerOptions,
  use: (session: Session, live: Live, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [server, ...others] = serversOf(target, command, options, io);
  if (server === undefined || others.length > 0) throw new CliError('USAGE', 'This command takes one server');
  const recording = await recordSession(options.capture ?? false, server.name, io);
  const interrupted = new AbortController();
  const stopListening = io.onSignal(() => interrupted.abort(new CliError('INTERRUPTED', 'Interrupted')));
  try {
    await using session = await open(io, server, options, recording.observe, interrupted.signal);
    const [first] = session.servers;
    const live = first?.live ?? (await first?.ready());
    if (live === undefined) throw new CliError('USAGE', 'This command takes one server');
    return await use(session, live, interrupted.signal);
  } catch (error) {
    interrupted.signal.throwIfAborted();
    throw error;
  } finally {
    stopListening();
    recording.close();
  }
}

async function open(
  io: Io,
  server: ServerConfig,
  options: OneServerOptions,
  observe: NonNullable<Parameters<typeof Session.open>[0]['observe']>,
  signal: AbortSignal,
): Promise<Session> {
  const theme = themeFor(io.terminal.stderr, io.env);
  const frames = options.verbose === true ? new FramePrinter(theme, false) : undefined;
  const status = new StatusLine(io, theme);
  try {
    return await Session.open({
      servers: [server],
      environment: io.env,
      observe,
      signal,
      onEvent: (event) => {
        if (event.type === 'server-waiting') status.show(`${event.server} to answer ${event.method}`);
        const isSaid = event.type === 'notice' || event.type === 'finding' || (event.type === 'server-ended' && !event.asked);
        const text = frames?.text(event) ?? '';
        const line = isSaid ? serverEventText(event, theme) : undefined;
        if (text === '' && line === undefined) return;
        status.hide();
        io.stderr.write(text + (line === undefined ? '' : `${line}\n`));
      },
      ...(options.era && { era: options.era }),
      ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
      ...(options.probeTimeout !== undefined && { probeMs: options.probeTimeout * 1000 }),
    });
  } finally {
    status.show(undefined);
  }
}
