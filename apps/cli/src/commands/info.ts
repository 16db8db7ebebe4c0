import type { ListMethod } from '@mcp-dbg/core';

import { listed } from '../ask.ts';
import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, type OpenServer, withServer } from '../open-server.ts';
import { counted } from '../render/counted.ts';
import { shortened } from '../render/entry-text.ts';
import { headJson } from '../render/server-head.ts';
import { formatMs } from '../render/sizes.ts';
import { themeFor } from '../render/theme.ts';
import { safeJson, visible } from '../render/visible.ts';
import { isObject } from '../schema/resolve-schema.ts';

/** What is counted, in order: the name of the count, the capability that offers it, and the method that lists it. */
const LISTS = [
  ['tools', 'tools', 'tools/list'],
  ['resources', 'resources', 'resources/list'],
  ['resourceTemplates', 'resources', 'resources/templates/list'],
  ['prompts', 'prompts', 'prompts/list'],
] as const satisfies readonly (readonly [string, string, ListMethod])[];

/** Says who a server is, what it can do and how much of it there is. Gives the exit code. */
export async function info(
  io: Io,
  target: readonly string[],
  command: ServerCommand,
  options: OneServerOptions,
): Promise<number> {
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const { live, print, startMs } = server;
    const { capabilities, instructions = null } = live.connection;
    const counts = await countsOf(server);
    if (options.json === true) {
      const rest = JSON.stringify({ capabilities, instructions, counts, startMs });
      print(`${safeJson(`${headJson(live.connection)},${rest.slice(1)}`)}\n`);
      return EXIT.good;
    }
    print(infoText(server, counts, io));
    return EXIT.good;
  });
}

type Counts = Readonly<Record<string, number | null>>;

/** Null where the server says that it has no such thing, or does not list it. */
async function countsOf(server: OpenServer): Promise<Counts> {
  const counts: Record<string, number | null> = {};
  for (const [name, capability, method] of LISTS) {
    counts[name] = null;
    if (!isObject(server.live.connection.capabilities[capability])) continue;
    try {
      counts[name] = (await listed(server, method)).length;
    } catch (error) {
      // What one list is like must not cost the rest, as long as the server is there.
      if (!(error instanceof CliError) || server.live.connection.isOver) throw error;
      server.tell(error.message);
    }
  }
  return counts;
}

function infoText({ live: { connection }, startMs }: OpenServer, counts: Counts, io: Io): string {
  const theme = themeFor(io.terminal.stdout, io.env);
  const { serverInfo, era, protocolVersion, capabilities, instructions } = connection;
  const { tools, resources, resourceTemplates, prompts } = counts;
  const rows: readonly (readonly [string, string])[] = [
    ['name', visible(serverInfo.name) || 'not given'],
    ['version', visible(serverInfo.version) || 'not given'],
    ['era', era],
    ['protocol', visible(protocolVersion)],
    ['started in', formatMs(startMs)],
    ['can', Object.entries(capabilities).map(capabilityText).join(', ') || 'nothing'],
    ['tools', countText(tools)],
    [
      'resources',
      countText(resources) +
        (typeof resourceTemplates === 'number' ? `, ${counted(resourceTemplates, 'template')}` : ''),
    ],
    ['prompts', countText(prompts)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const told = rows.map(([name, value]) => `${theme.key(name.padEnd(width))}  ${value}\n`).join('');
  if (instructions === undefined) return told;
  return `${told}\n${shortened(instructions, io.terminal.stdout)}\n`;
}

/** `tools (listChanged)`; what a capability holds that is no switch is told by its name. */
function capabilityText([name, value]: readonly [string, unknown]): string {
  const parts = isObject(value) ? Object.entries(value).filter(([, each]) => each !== false) : [];
  return visible(name) + (parts.length === 0 ? '' : ` (${parts.map(([part]) => visible(part)).join(', ')})`);
}

function countText(count: number | null | undefined): string {
  return typeof count === 'number' ? String(count) : 'none offered';
}
