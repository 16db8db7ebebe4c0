import { orFailed } from '../ask.ts';
import { textOf } from '../arguments/given-json.ts';
import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { indentedJson } from '../render/indented-json.ts';
import { jsonText } from '../render/json-text.ts';
import { themeFor } from '../render/theme.ts';
import { safeJson } from '../render/visible.ts';
import { targetWords } from '../target-words.ts';

/** The options of `raw`. */
export interface RawOptions extends OneServerOptions {
  readonly notify?: boolean;
  readonly bare?: boolean;
}

/** Sends one request or notification as it stands and prints the result as it came. Gives the exit code. */
export async function raw(
  io: Io,
  words: readonly string[],
  command: ServerCommand,
  options: RawOptions,
): Promise<number> {
  const { target, rest } = targetWords(words, command, options);
  const [method, given, ...others] = rest;
  if (method === undefined || others.length > 0)
    throw new CliError('USAGE', 'Name the method, and its params as JSON: mcp-dbg raw SERVER METHOD [JSON|-]');
  const params = given === undefined ? undefined : jsonOf(given === '-' ? await textOf(io, '-') : given);
  const { json = false, notify = false, bare = false } = options;
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const { live, signal, waiting, print, say } = server;
    if (notify) {
      await orFailed(live.connection.notify(method, params));
      if (!json) say(`sent ${method}; a notification has no answer`);
      return EXIT.good;
    }
    waiting(`an answer to ${method}`);
    const { text } = await orFailed(live.connection.raw(method, params, { signal, bare }));
    const isForPerson = io.terminal.stdout && !json;
    const theme = themeFor(io.terminal.stdout, io.env);
    print(`${isForPerson ? jsonText(indentedJson(text), theme, 'kept') : safeJson(text)}\n`);
    return EXIT.good;
  });
}

/** The text itself, on one line as a frame has to be. Throws CliError `BAD_ARGUMENTS` where it is no object or list. */
function jsonOf(text: string): string {
  const json = text.trim();
  try {
    JSON.parse(json);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('BAD_ARGUMENTS', `Cannot read the params as JSON: ${why}`);
  }
  if (!/^[[{]/.test(json))
    throw new CliError(
      'BAD_ARGUMENTS',
      `Params are an object or a list (JSON-RPC 2.0, section 4.2), not ${json.slice(0, 80)}`,
    );
  // Within a string of valid JSON there is no line break as it stands.
  return json.replaceAll(/\s*[\r\n]\s*/g, ' ');
}
