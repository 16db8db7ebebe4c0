import { type Supervisor, listEntries, shownUrl } from '@mcp-dbg/core';

import { CliError } from '../../exit-code.ts';
import { hanging } from '../../render/columns.ts';
import { counted } from '../../render/counted.ts';
import { formatMs } from '../../render/sizes.ts';
import { visible } from '../../render/visible.ts';
import { readAdded } from './read-added.ts';
import { shellWords } from './shell-words.ts';
import type { SlashCommand, SlashContext } from './slash-context.ts';

/** Milliseconds that /servers waits for the lists of a server. */
const LISTS_MS = 2000;

export const servers: SlashCommand = {
  usage: '/servers',
  what: 'list the servers: how they are, what they have',
  isAtOnce: true,
  run: async (_, { session, view, theme, columns }) => {
    const width = Math.max(0, ...session.servers.map(({ name }) => visible(name).length));
    const lines = session.servers.map(async (server) => {
      const start = `  ${theme.tool(visible(server.name))}${' '.repeat(width - visible(server.name).length)}  `;
      return hanging(await serverLine(server), columns(), start);
    });
    const none = 'There are no servers; /add SERVER starts one.';
    view.found(lines.length === 0 ? none : (await Promise.all(lines)).join('\n'));
  },
};

export const add: SlashCommand = {
  usage: '/add SERVER [-e K=V…] [name=NAME]',
  what: 'start one more server, named as on the command line',
  run: async (rest, { session, view, signal, home, findServer }) => {
    const { name, ...named } = readAdded(shellWords(rest, home), add.usage);
    const config = await findServer(named);
    view.waiting(`${name ?? config.name} to start`);
    const server = await session.add(name === undefined ? config : { ...config, name }, signal);
    const [route] = [...session.routes.byName.values()].filter((each) => each.server === server);
    const isPlain = route === undefined || route.spec.name === route.tool.name;
    const prefix = isPlain ? '' : `; the model calls its tools ${visible(route.spec.name.split('__')[0] ?? '')}__…`;
    view.found(`Added ${visible(server.name)}${prefix}.`);
  },
};

export const stop: SlashCommand = {
  usage: '/stop SERVER',
  what: 'end a server and take it and its tools out of the chat',
  isAtOnce: true,
  run: async (name, { session, view }) => {
    if (name === '') throw new CliError('USAGE', `Usage: ${stop.usage}; ${serverNames(session)}`);
    view.waiting(`${name} to end`);
    await session.remove(name);
    view.found(`Stopped ${visible(name)}.`);
  },
};

export const reconnect: SlashCommand = {
  usage: '/reconnect [SERVER]',
  what: 'start a server anew, or all of them',
  isAtOnce: true,
  run: async (name, { session }) => {
    const chosen = session.servers.filter((server) => name === '' || server.name === name);
    if (chosen.length === 0)
      throw new CliError('USAGE', `There is no server ${JSON.stringify(name)}; ${serverNames(session)}`);
    // What one of them does is not to hide what became of the others.
    const ends = await Promise.allSettled(chosen.map(async (server) => await server.reconnect()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  },
};

/** The names that a person can say, for a sentence. */
export function serverNames(session: SlashContext['session']): string {
  return `servers: ${session.servers.map(({ name }) => name).join(', ') || 'there are none'}`;
}

/** `pid 4101, up 3.2 s, restarted 2 times; echo 1.0.0, modern 2026-07-28; 7 tools, 1 resource, 2 prompts`. */
async function serverLine(server: Supervisor): Promise<string> {
  const { live, config, restarts, tools, uptimeMs = 0 } = server;
  const place = config.url === undefined ? [] : [visible(shownUrl(config.url))];
  const again = restarts === 0 ? [] : [`restarted ${restarts === 1 ? 'once' : `${restarts} times`}`];
  if (live === undefined) return [stateText(server), ...place, ...again, counted(tools.length, 'tool')].join(', ');
  const { pid, era, protocolVersion, serverInfo } = live.connection;
  const life = [...(place.length > 0 ? place : [`pid ${pid}`]), `up ${formatMs(uptimeMs)}`, ...again];
  const who = [serverInfo.name, serverInfo.version].filter((each) => each !== '').join(' ');
  const protocol = [...(who === '' ? [] : [visible(who)]), `${era} ${visible(protocolVersion)}`];
  const [resources, prompts] = await Promise.all([
    listed(live.connection, 'resources/list', 'resource'),
    listed(live.connection, 'prompts/list', 'prompt'),
  ]);
  const has = [counted(tools.length, 'tool'), ...resources, ...prompts];
  return [life.join(', '), protocol.join(', '), has.join(', ')].join('; ');
}

function stateText({ state, name }: Supervisor): string {
  switch (state) {
    case 'live':
      return 'live';
    case 'starting':
      return 'starting';
    case 'restarting':
      return 'restarting';
    case 'down':
      return `down (/reconnect ${visible(name)} starts it)`;
  }
}

/** How many a list has; nothing for a server that has no such list, a question mark for one that does not answer. */
async function listed(
  connection: NonNullable<Supervisor['live']>['connection'],
  method: 'resources/list' | 'prompts/list',
  one: string,
): Promise<readonly string[]> {
  try {
    const entries = await listEntries(connection, method, AbortSignal.timeout(LISTS_MS), () => {});
    return entries.length === 0 ? [] : [counted(entries.length, one)];
  } catch {
    return [`? ${one}s`];
  }
}
