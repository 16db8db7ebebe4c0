import type { ListMethod, ServerEvent } from '@mcp-dbg/core';

import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { type News, newsJson, newsText } from '../render/news-text.ts';
import { themeFor } from '../render/theme.ts';
import { WatchedLists } from '../watched-lists.ts';

/** The options of `watch`. */
export interface WatchCommandOptions extends OneServerOptions {
  readonly resource?: readonly string[];
  /** Seconds. */
  readonly for?: number;
}

/** What is fetched when a server says that one of its lists changed, and what that list is called. */
const LISTS = { prompts: ['prompts/list'], resources: ['resources/list', 'resources/templates/list'] } as const;
const CALLED = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resource templates',
} as const satisfies Record<ListMethod, string>;

/** Prints what a server tells by itself, until a signal or the time ends that. Gives the exit code. */
export async function watch(
  io: Io,
  target: readonly string[],
  command: ServerCommand,
  options: WatchCommandOptions,
): Promise<number> {
  const theme = themeFor(io.terminal.stdout, io.env);
  const early: ServerEvent[] = [];
  let see = (event: ServerEvent): void => void early.push(event);
  const opening = { ...options, staysOn: true, onEvent: (event: ServerEvent) => see(event) };
  return await withServer(io, target, command, opening, async ({ session, live, signal, print, tell }) => {
    const [server] = session.servers;
    if (server === undefined) throw new CliError('USAGE', 'This command takes one server');
    const show = (news: News): void => {
      const at = new Date();
      print(`${options.json === true ? newsJson(news, at) : newsText(news, at, theme)}\n`);
    };
    const lists = new WatchedLists({
      server,
      signal,
      onChange: (method, change) =>
        show({ type: 'list-changed', server: server.name, list: CALLED[method], ...change }),
      onTrouble: tell,
    });
    see = (event) => {
      switch (event.type) {
        case 'log':
        case 'resource-updated':
          return show(event);
        case 'tools-changed':
          return show({ ...event, type: 'list-changed', list: 'tools' });
        case 'list-changed':
          return void lists.fetch(...LISTS[event.list]);
        case 'server-restarted':
          return void lists.fetch(...LISTS.prompts, ...LISTS.resources);
        default:
          return undefined;
      }
    };
    await lists.fetch(...LISTS.prompts, ...LISTS.resources);
    for (const uri of options.resource ?? []) await live.connection.subscribe(uri, { signal });
    for (const event of early.splice(0)) see(event);
    if (live.connection.era === 'modern' && options.logLevel !== undefined)
      tell('A server of the modern era logs only while it answers, so few log messages come here');
    return await over(signal, options.for);
  });
}

/** Gives the exit code once a signal came, or that many seconds have passed. */
async function over(signal: AbortSignal, seconds: number | undefined): Promise<number> {
  return await new Promise((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(() => resolve(EXIT.good), seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      const reason: unknown = signal.reason;
      resolve(reason instanceof CliError ? (reason.exit ?? EXIT.interrupted) : EXIT.interrupted);
    });
  });
}
