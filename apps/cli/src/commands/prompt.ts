import { nearestWord } from '@mcp-dbg/capture';
import { jsonItems, memberText } from '@mcp-dbg/wire';

import { ask, listed } from '../ask.ts';
import { type GivenJson, givenJson } from '../arguments/given-json.ts';
import { completeArguments } from '../complete-arguments.ts';
import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, type OpenServer, withServer } from '../open-server.ts';
import { parseArguments } from '../parse-arguments.ts';
import { type ListedPrompt, promptSchema, readPrompt } from '../prompt-arguments.ts';
import { blocksText } from '../render/blocks-text.ts';
import { contentBlocks } from '../render/content-blocks.ts';
import { safeJson, visible } from '../render/visible.ts';
import { resultLook } from '../result-look.ts';
import { isObject, listOf } from '../schema/resolve-schema.ts';
import { targetWords } from '../target-words.ts';

/** The options of `prompt`. */
export interface PromptOptions extends OneServerOptions, GivenJson {}

/** Gets a prompt and prints its messages. Gives the exit code. */
export async function prompt(
  io: Io,
  words: readonly string[],
  command: ServerCommand,
  options: PromptOptions,
): Promise<number> {
  const { target, rest } = targetWords(words, command, options);
  const [name, ...given] = rest;
  if (name === undefined) throw new CliError('USAGE', 'Name the prompt: mcp-dbg prompt SERVER NAME [key=value…]');
  const json = await givenJson(io, options);
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const inputSchema = promptSchema(await found(server, name));
    const args = parseArguments(given, json, inputSchema);
    const params = await completeArguments(io, { name, inputSchema }, args, server, options.json === true);
    const { value, text } = await ask(server, 'prompts/get', { name, arguments: params });
    server.print(options.json === true ? `${safeJson(text)}\n` : messagesText(io, value, text));
    return EXIT.good;
  });
}

/** Throws CliError `UNKNOWN_PROMPT` with what there is. */
async function found(server: OpenServer, name: string): Promise<ListedPrompt> {
  const all = (await listed(server, 'prompts/list')).map(({ value }) => readPrompt(value));
  const prompt = all.find((each) => each.name === name);
  if (prompt !== undefined) return prompt;
  const names = all.map((each) => each.name);
  const near = nearestWord(name, names);
  const next = near === undefined ? `prompts: ${names.join(', ') || 'there are none'}` : `did you mean ${near}?`;
  throw new CliError('UNKNOWN_PROMPT', `There is no prompt ${JSON.stringify(name)}; ${next}`);
}

/** Each message below the role of who says it. */
function messagesText(io: Io, value: unknown, text: string): string {
  const look = resultLook(io);
  const { description, messages } = isObject(value) ? value : {};
  const texts = jsonItems(memberText(text, 'messages') ?? '[]');
  const parts = listOf(messages).map((message, index) => {
    const { role, content } = isObject(message) ? message : {};
    const said = blocksText(contentBlocks(content, memberText(texts[index] ?? '{}', 'content') ?? 'null'), look);
    return `${look.theme.strong(`${typeof role === 'string' ? visible(role) : 'nobody'}:`)}\n${said}\n`;
  });
  const head = typeof description === 'string' ? `${look.theme.dim(visible(description, 'kept'))}\n\n` : '';
  return `${head}${parts.join('\n') || '(no messages)\n'}`;
}
