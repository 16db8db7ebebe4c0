import type { Session, Supervisor } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { nearestWord } from '../nearest-word.ts';
import { parseArguments, parseObject } from '../parse-arguments.ts';
import { safeJson, visible } from '../render/visible.ts';
import { callByHand } from './call-by-hand.ts';
import type { View } from './view.ts';

/** What a slash command may use. */
export interface SlashContext {
  readonly session: Session;
  readonly view: View;
  readonly signal: AbortSignal;
  /** Asks the person; undefined where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string | undefined>) | undefined;
  readonly toggleVerbose: () => boolean;
}

interface SlashCommand {
  readonly usage: string;
  readonly what: string;
  readonly run: (rest: string, context: SlashContext) => void | Promise<void>;
}

/** The commands of a chat; with them a person can be the model. */
export const SLASH_COMMANDS: Readonly<Record<string, SlashCommand>> = {
  help: { usage: '/help', what: 'list the commands', run: (_, { view }) => view.found(help()) },
  tools: { usage: '/tools [NAME]', what: 'list the tools, or show one with its schema', run: showTools },
  call: { usage: '/call TOOL [{json} | key=value…]', what: 'call a tool; what is missing is asked for', run: callTool },
  read: { usage: '/read [SERVER] URI', what: 'read a resource', run: read },
  prompt: { usage: '/prompt [SERVER] NAME [{json} | key=value…]', what: 'get a prompt', run: prompt },
  raw: { usage: '/raw [SERVER] METHOD [{json}]', what: 'send a request and show the raw result', run: raw },
  servers: { usage: '/servers', what: 'list the servers and whether they live', run: showServers },
  reconnect: { usage: '/reconnect [SERVER]', what: 'start a server anew, or all of them', run: reconnect },
  verbose: { usage: '/verbose', what: 'show the raw JSON-RPC, or stop showing it', run: verbose },
  clear: { usage: '/clear', what: 'forget the conversation', run: clear },
  quit: { usage: '/quit', what: 'leave', run: () => {} },
};

/** Runs a line that starts with `/`. Throws what a person should be told. */
export async function runSlashCommand(line: string, context: SlashContext): Promise<void> {
  const [word, rest] = cutWord(line.slice(1));
  const command = Object.hasOwn(SLASH_COMMANDS, word) ? SLASH_COMMANDS[word] : undefined;
  if (command === undefined) {
    const near = nearestWord(word, Object.keys(SLASH_COMMANDS));
    const meant = near === undefined ? '' : `; did you mean /${near}?`;
    throw new CliError('USAGE', `There is no command /${word}${meant} (/help lists them)`);
  }
  await command.run(rest, context);
}

function showTools(name: string, { session, view }: SlashContext): void {
  if (name !== '') {
    const { spec, tool } = session.find(name);
    const schema = JSON.stringify(tool.inputSchema, null, 2) ?? 'no input schema';
    view.found(`${visible(spec.name)}: ${visible(spec.description, 'kept')}\n${visible(schema, 'kept')}`);
    return;
  }
  const { byName, leftOut } = session.routes;
  const lines = [...byName.values(), ...leftOut.values()].map(({ spec }) => {
    const hidden = leftOut.has(spec.name) ? '  (no model can use it)' : '';
    return `  ${visible(spec.name)}  ${visible(spec.description.split('\n')[0] ?? '')}${hidden}`;
  });
  view.found(lines.length === 0 ? 'There are no tools.' : lines.join('\n'));
}

async function callTool(rest: string, context: SlashContext): Promise<void> {
  const [name, given] = cutWord(rest);
  if (name === '') throw usage('call');
  const route = context.session.find(name);
  await callByHand(route, argumentsOf(given, route.tool.inputSchema), context);
}

async function read(rest: string, context: SlashContext): Promise<void> {
  const { server, rest: uri } = addressed(rest, 'read', context);
  await request(server, 'resources/read', { uri }, context);
}

async function prompt(rest: string, context: SlashContext): Promise<void> {
  const { server, rest: asked } = addressed(rest, 'prompt', context);
  const [name, given] = cutWord(asked);
  // The arguments of prompts are texts (server/prompts).
  await request(server, 'prompts/get', { name, arguments: argumentsOf(given, TEXTS) }, context);
}

async function raw(rest: string, context: SlashContext): Promise<void> {
  const { server, rest: asked } = addressed(rest, 'raw', context);
  const [method, json] = cutWord(asked);
  await request(server, method, json === '' ? {} : parseObject(json), context);
}

function showServers(_: string, { session, view }: SlashContext): void {
  const lines = session.servers.map(({ name, live, tools }) => {
    const state = live === undefined ? 'down' : `${live.connection.era}, pid ${live.connection.pid}`;
    return `  ${visible(name)}  ${state}, ${tools.length} tools`;
  });
  view.found(lines.join('\n'));
}

async function reconnect(name: string, { session }: SlashContext): Promise<void> {
  const chosen = session.servers.filter((server) => name === '' || server.name === name);
  if (chosen.length === 0) throw new CliError('USAGE', `There is no server ${JSON.stringify(name)}; ${named(session)}`);
  await Promise.all(chosen.map((server) => server.reconnect()));
}

function verbose(_: string, { toggleVerbose, view }: SlashContext): void {
  const isShown = toggleVerbose();
  view.found(isShown ? 'The raw JSON-RPC is shown from now on.' : 'The raw JSON-RPC is no longer shown.');
}

function clear(_: string, { session, view }: SlashContext): void {
  session.clear();
  view.found('The conversation is forgotten.');
}

/** A schema by which every value is read as text. */
const TEXTS = { additionalProperties: { type: 'string' } };

function argumentsOf(given: string, schema: unknown): Readonly<Record<string, unknown>> {
  return given.startsWith('{') ? parseObject(given) : parseArguments(wordsOf(given), undefined, schema);
}

/** Cuts at spaces, but not within double quotes. Those around a value are taken away: `title="two words"`. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replace(/^([^=:"]+=)"([^"]*)"$/, '$1$2'));
}

/** The server that a command is for, and the rest of it: the first word may name one, and must where there are several. */
function addressed(
  rest: string,
  command: string,
  { session }: SlashContext,
): { readonly server: Supervisor; readonly rest: string } {
  const [word, others] = cutWord(rest);
  const server = session.servers.find(({ name }) => name === word && others !== '');
  const [only, ...more] = session.servers;
  if (word === '' || only === undefined) throw usage(command);
  if (server !== undefined) return { server, rest: others };
  if (more.length === 0) return { server: only, rest };
  throw new CliError('USAGE', `Name the server: ${SLASH_COMMANDS[command]?.usage ?? ''}; ${named(session)}`);
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

function named(session: Session): string {
  return `servers: ${session.servers.map(({ name }) => name).join(', ')}`;
}

function help(): string {
  const commands = Object.values(SLASH_COMMANDS);
  const width = Math.max(...commands.map(({ usage: text }) => text.length));
  return commands.map(({ usage: text, what }) => `  ${text.padEnd(width)}  ${what}`).join('\n');
}

function usage(command: string): CliError {
  return new CliError('USAGE', `Usage: ${SLASH_COMMANDS[command]?.usage ?? ''}`);
}

function cutWord(text: string): readonly [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  return [word, rest];
}
