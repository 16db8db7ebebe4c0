import { listed } from '../ask.ts';
import type { ServerCommand } from '../connecting.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { type ListedPrompt, readPrompt } from '../prompt-arguments.ts';
import { counted } from '../render/counted.ts';
import { entryText, shortened } from '../render/entry-text.ts';
import { entriesJson, headJson, headText } from '../render/server-head.ts';
import { themeFor } from '../render/theme.ts';
import { safeJson } from '../render/visible.ts';

/** Lists the prompts of a server. Gives the exit code. */
export async function prompts(
  io: Io,
  target: readonly string[],
  command: ServerCommand,
  options: OneServerOptions,
): Promise<number> {
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const { live, print, tell } = server;
    const { connection } = live;
    if (connection.capabilities['prompts'] === undefined) tell('It does not say that it has prompts');
    const entries = await listed(server, 'prompts/list');
    if (options.json === true) {
      print(`${safeJson(`${headJson(connection)},"prompts":${entriesJson(entries)}}`)}\n`);
      return EXIT.good;
    }
    const theme = themeFor(io.terminal.stdout, io.env);
    print(headText(connection, counted(entries.length, 'prompt'), theme));
    const shown = (text: string): string => shortened(text, io.terminal.stdout);
    for (const { value } of entries) {
      const prompt = readPrompt(value);
      const said = prompt.arguments.filter(({ description }) => description !== '');
      const lines = [prompt.description, ...said.map(({ name, description }) => `${name}: ${description}`)];
      print(entryText(theme.tool(shown(prompt.name)) + shown(parameters(prompt)), lines.map(shown)));
    }
    return EXIT.good;
  });
}

/** `(language, style?)`: the arguments of prompts are texts, so no types are told. */
function parameters(prompt: ListedPrompt): string {
  return `(${prompt.arguments.map(({ name, isRequired }) => `${name}${isRequired ? '' : '?'}`).join(', ')})`;
}
