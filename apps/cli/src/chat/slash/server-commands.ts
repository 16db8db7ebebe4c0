import type { Supervisor } from '@mcp-dbg/core';

import { CliError } from '../../exit-code.ts';
import { parseObject } from '../../parse-arguments.ts';
import { safeJson, visible } from '../../render/visible.ts';
import { type SlashCommand, type SlashContext, cutWord } from './slash-context.ts';
import { argumentsOf } from './tool-commands.ts';

export const read: SlashCommand = {
  usage: '/read [SERVER] URI',
  what: 'read a resource',
  run: async (rest, context) => {
    const { server, rest: uri } = addressed(rest, read, context);
    await request(server, 'resources/read', { uri }, context);
  },
};

export const prompt: SlashCommand = {
  usage: '/prompt [SERVER] NAME [{json} | key=value…]',
  what: 'get a prompt',
  run: async (rest, context) => {
    const { server, rest: asked } = addressed(rest, prompt, context);
    const [name, given] = cutWord(asked);
    await request(server, 'prompts/get', { name, arguments: argumentsOf(given, TEXTS) }, context);
  },
};

export const raw: SlashCommand = {
  usage: '/raw [SERVER] METHOD [{json}]',
  what: 'send a request and show the raw result',
  run: async (rest, context) => {
    const { server, rest: asked } = addressed(rest, raw, context);
    const [method, json] = cutWord(asked);
    await request(server, method, json === '' ? {} : parseObject(json), context);
  },
};

export const servers: SlashCommand = {
  usage: '/servers',
  what: 'list the servers and whether they live',
  run: (_, { session, view }) => {
    const width = Math.max(...session.servers.map(({ name }) => visible(name).length));
    const lines = session.servers.map(({ name, live, tools }) => {
      const state =
        live === undefined
          ? `down, /reconnect ${visible(name)} starts it`
          : `${live.connection.era}, ${live.connection.pid === null ? 'behind a URL' : `pid ${live.connection.pid}`}`;
      return `  ${visible(name).padEnd(width)}  ${state}, ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}`;
    });
    view.found(lines.join('\n'));
  },
};

export const reconnect: SlashCommand = {
  usage: '/reconnect [SERVER]',
  what: 'start a server anew, or all of them',
  run: async (name, context) => {
    const chosen = context.session.servers.filter((server) => name === '' || server.name === name);
    if (chosen.length === 0)
      throw new CliError('USAGE', `There is no server ${JSON.stringify(name)}; ${named(context)}`);
    await Promise.all(chosen.map((server) => server.reconnect()));
  },
};

/** A schema by which every value is read as text: the arguments of prompts are texts (server/prompts). */
const TEXTS = { additionalProperties: { type: 'string' } };

/** The server that a command is for, and the rest of it: the first word may name one, and must where there are several. */
function addressed(
  rest: string,
  { usage }: SlashCommand,
  context: SlashContext,
): { readonly server: Supervisor; readonly rest: string } {
  const [word, others] = cutWord(rest);
  const all = context.session.servers;
  const server = all.find(({ name }) => name === word && others !== '');
  const [only, ...more] = all;
  if (word === '' || only === undefined) throw new CliError('USAGE', `Usage: ${usage}`);
  if (server !== undefined) return { server, rest: others };
  if (more.length === 0) return { server: only, rest };
  throw new CliError('USAGE', `Name the server: ${usage}; ${named(context)}`);
}

async function request(
  server: Supervisor,
  method: string,
  params: Readonly<Record<string, unknown>>,
  { view, signal }: SlashContext,
): Promise<void> {
  const { connection } = await server.ready('user');
  view.waiting(`${server.name} to answer ${method}`);
  view.found(safeJson((await connection.request(method, params, { signal })).text));
}

function named({ session }: SlashContext): string {
  return `servers: ${session.servers.map(({ name }) => name).join(', ')}`;
}
