import { type RoutedTool, type Session, toModelContent } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { parseArguments, parseObject, readValue, typesOf } from '../parse-arguments.ts';
import { contentText } from '../render/call-text.ts';
import { safeJson, visible } from '../render/visible.ts';
import type { View } from './view.ts';

/** What a slash command may use. */
export interface SlashContext {
  readonly session: Session;
  readonly view: View;
  readonly signal: AbortSignal;
  /** Prints what a command found out. */
  readonly print: (text: string) => void;
  /** Asks the person; undefined where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string | undefined>) | undefined;
  readonly toggleVerbose: () => boolean;
}

interface SlashCommand {
  readonly usage: string;
  readonly what: string;
  /** Gives false to end the chat. */
  readonly run: (rest: string, context: SlashContext) => Promise<boolean | void>;
}

/** The commands of a chat; with them a person can be the model. */
export const SLASH_COMMANDS: Readonly<Record<string, SlashCommand>> = {
  help: { usage: '/help', what: 'list the commands', run: async (_, { print }) => print(help()) },
  tools: { usage: '/tools [NAME]', what: 'list the tools, or show one with its schema', run: showTools },
  call: { usage: '/call TOOL [{json} | key=value…]', what: 'call a tool', run: callTool },
  raw: { usage: '/raw METHOD [{json}]', what: 'send any request and show the raw result', run: async (rest, context) => {
    const [method = '', json] = cutWord(rest);
    if (method === '') throw usage('raw');
    await request(context, method, json === '' ? {} : parseObject(json));
  } },
  read: { usage: '/read URI', what: 'read a resource', run: async (rest, context) => {
    if (rest === '') throw usage('read');
    await request(context, 'resources/read', { uri: rest });
  } },
  prompt: { usage: '/prompt NAME [{json}]', what: 'get a prompt', run: async (rest, context) => {
    const [name = '', json] = cutWord(rest);
    if (name === '') throw usage('prompt');
    await request(context, 'prompts/get', { name, arguments: json === '' ? {} : parseObject(json) });
  } },
  servers: { usage: '/servers', what: 'list the servers and whether they live', run: async (_, { session, print }) => print(servers(session)) },
  reconnect: { usage: '/reconnect [SERVER]', what: 'start a server anew', run: async (rest, { session }) => {
    const chosen = session.servers.filter((server) => rest === '' || server.name === rest);
    if (chosen.length === 0) throw new CliError('USAGE', `There is no server ${JSON.stringify(rest)}`);
    await Promise.all(chosen.map((server) => server.reconnect()));
  } },
  verbose: { usage: '/verbose', what: 'show the raw JSON-RPC, or stop showing it', run: async (_, { toggleVerbose, print }) =>
    print(toggleVerbose() ? 'The raw JSON-RPC is shown from now on.' : 'The raw JSON-RPC is no longer shown.') },
  clear: { usage: '/clear', what: 'forget the conversation', run: async (_, { session, print }) => {
    session.clear();
    print('The conversation is forgotten.');
  } },
  quit: { usage: '/quit', what: 'leave', run: async () => false },
};

/** Runs a line that starts with `/`. Gives false when the chat is to end. Throws what a person should be told. */
export async function runSlashCommand(line: string, context: SlashContext): Promise<boolean> {
  const [word = '', rest] = cutWord(line.slice(1));
  const command = SLASH_COMMANDS[word];
  if (command === undefined) {
    const near = Object.keys(SLASH_COMMANDS).find((name) => name.startsWith(word.slice(0, 2)));
    throw new CliError('USAGE', `There is no command /${word}${near === undefined ? '' : `; did you mean /${near}?`} (/help lists them)`);
  }
  return (await command.run(rest, context)) !== false;
}

async function showTools(rest: string, { session, print }: SlashContext): Promise<void> {
  if (rest !== '') {
    const { spec, tool } = session.find(rest);
    print(`${visible(spec.name)}: ${visible(spec.description, 'kept')}\n${safeJson(JSON.stringify(tool.inputSchema, null, 2) ?? '{}')}`);
    return;
  }
  const lines = [...session.routes.byName.values()].map(({ spec }) => `  ${visible(spec.name)}  ${visible(spec.description.split('\n')[0] ?? '')}`);
  print(lines.length === 0 ? 'There are no tools.' : lines.join('\n'));
}

async function callTool(rest: string, context: SlashContext): Promise<void> {
  const { session, view, print, signal } = context;
  const [name = '', given] = cutWord(rest);
  if (name === '') throw usage('call');
  const route = session.find(name);
  const typed = given.startsWith('{') ? parseObject(given) : parseArguments(given === '' ? [] : given.split(/\s+/), undefined, route.tool.inputSchema);
  const args = await askMissing(route, { ...typed }, context.ask);
  const from = performance.now();
  const id = `call-${++calls}`;
  view.loop({ type: 'tool-call', id, name: route.spec.name, server: route.server.name, tool: route.tool.name, args });
  // A person who types the call has approved it.
  const outcome = await session.call(route.spec.name, args, { approve: async () => true, signal });
  const content = outcome.kind === 'result' ? toModelContent(outcome.answer.value) : [{ type: 'text' as const, text: outcome.message }];
  const isError = outcome.kind === 'failed' || outcome.isError;
  view.loop({ type: 'tool-result', id, isError, content, ms: performance.now() - from });
  view.waiting(undefined);
  if (!isError) print(contentText(content));
}

let calls = 0;

/** Asks for each required argument that was not given. */
async function askMissing(route: RoutedTool, args: Record<string, unknown>, ask: SlashContext['ask']): Promise<Record<string, unknown>> {
  const { required } = route.spec.inputSchema;
  if (ask === undefined || !Array.isArray(required)) return args;
  for (const key of required.filter((each): each is string => typeof each === 'string' && !(each in args))) {
    const types = typesOf(route.tool.inputSchema, key);
    const answer = await ask(`  ${visible(key)}${types.length === 0 ? '' : ` (${types.join(' or ')})`}: `);
    if (answer === undefined) throw new CliError('INTERRUPTED', 'The call was not made');
    args[key] = readValue(answer, types);
  }
  return args;
}

async function request({ session, print, signal }: SlashContext, method: string, params: Readonly<Record<string, unknown>>): Promise<void> {
  const [server] = session.servers;
  if (server === undefined) throw new CliError('USAGE', 'There is no server');
  const { connection } = await server.ready('user');
  print(safeJson((await connection.request(method, params, { signal })).text));
}

function servers(session: Session): string {
  return session.servers
    .map(({ name, live, tools }) => `  ${visible(name)}  ${live === undefined ? 'down' : `${live.connection.era}, pid ${live.connection.pid}`}, ${tools.length} tools`)
    .join('\n');
}

function help(): string {
  const width = Math.max(...Object.values(SLASH_COMMANDS).map(({ usage: text }) => text.length));
  return Object.values(SLASH_COMMANDS)
    .map(({ usage: text, what }) => `  ${text.padEnd(width)}  ${what}`)
    .join('\n');
}

function usage(command: string): CliError {
  return new CliError('USAGE', `Usage: ${SLASH_COMMANDS[command]?.usage ?? ''}`);
}

function cutWord(text: string): [string, string] {
  const match = /^(\S*)\s*([\s\S]*)$/.exec(text.trim());
  return [match?.[1] ?? '', match?.[2] ?? ''];
}
