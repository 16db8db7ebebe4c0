import { CoreError, type JsonObject, type ListedEntry } from '@mcp-dbg/core';

import { listed } from '../ask.ts';
import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, type OpenServer, withServer } from '../open-server.ts';
import { counted } from '../render/counted.ts';
import { entryText, shortened } from '../render/entry-text.ts';
import { entriesJson, headJson, headText } from '../render/server-head.ts';
import { formatBytes } from '../render/sizes.ts';
import { themeFor } from '../render/theme.ts';
import { safeJson, visible } from '../render/visible.ts';

/** Lists the resources and resource templates of a server. Gives the exit code. */
export async function resources(
  io: Io,
  target: readonly string[],
  command: ServerCommand,
  options: OneServerOptions,
): Promise<number> {
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const { live, print, tell } = server;
    const { connection } = live;
    if (connection.capabilities['resources'] === undefined) tell('It does not say that it has resources');
    const entries = await listed(server, 'resources/list');
    const templates = await listedTemplates(server);
    if (options.json === true) {
      const lists = `,"resources":${entriesJson(entries)},"resourceTemplates":${entriesJson(templates)}}`;
      print(`${safeJson(headJson(connection) + lists)}\n`);
      return EXIT.good;
    }
    const theme = themeFor(io.terminal.stdout, io.env);
    const what = `${counted(entries.length, 'resource')}, ${counted(templates.length, 'template')}`;
    print(headText(connection, what, theme));
    for (const { value } of [...entries, ...templates]) {
      const uri = shortened(String(value['uri'] ?? value['uriTemplate']), io.terminal.stdout);
      const facts = factsOf(value);
      print(entryText(theme.tool(uri) + (facts === '' ? '' : theme.dim(`  ${facts}`)), wordsOf(value, io)));
    }
    return EXIT.good;
  });
}

/** Servers that have resources often do not know that there are templates. */
async function listedTemplates(server: OpenServer): Promise<readonly ListedEntry[]> {
  try {
    return await listed(server, 'resources/templates/list');
  } catch (error) {
    const refusal = error instanceof CliError && error.cause instanceof CoreError ? error.cause.rpc : undefined;
    const isUnknown = typeof refusal === 'object' && refusal !== null && 'code' in refusal && refusal.code === -32601;
    if (!isUnknown) throw error;
    server.tell('It has resources but does not know resources/templates/list');
    return [];
  }
}

function factsOf({ mimeType, size }: JsonObject): string {
  return [
    typeof mimeType === 'string' ? visible(mimeType) : '',
    typeof size === 'number' && size >= 0 ? formatBytes(size) : '',
  ]
    .filter((fact) => fact !== '')
    .join(', ');
}

function wordsOf({ title, name, description }: JsonObject, io: Io): readonly string[] {
  const called = [title, name].find((each) => typeof each === 'string' && each !== '');
  return [called, description]
    .filter((each): each is string => typeof each === 'string')
    .map((each) => shortened(each, io.terminal.stdout));
}
