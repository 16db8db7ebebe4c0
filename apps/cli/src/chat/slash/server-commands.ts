import type { Supervisor } from '@mcp-dbg/core';

import { CliError } from '../../exit-code.ts';
import { parseObject } from '../../parse-arguments.ts';
import { safeJson } from '../../render/visible.ts';
import { serverNames } from './roster-commands.ts';
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

/** A schema by which every value is read as text: the arguments of prompts are texts (server/prompts). */
const TEXTS = { additionalProperties: { type: 'string' } };

/** The server that a command is for, and the rest of it: the first word may name one, and must where there are several. */
export function addressed(
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
  throw new CliError('USAGE', `Name the server: ${usage}; ${serverNames(context.session)}`);
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
