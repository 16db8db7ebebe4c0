import { ask } from '../ask.ts';
import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { parseArguments } from '../parse-arguments.ts';
import { safeJson, visible } from '../render/visible.ts';
import { isObject, listOf } from '../schema/resolve-schema.ts';
import { targetWords } from '../target-words.ts';

const USAGE =
  'Name what is to be completed: mcp-dbg complete SERVER prompt:NAME|resource:TEMPLATE ARGUMENT [VALUE [key=value…]]';

/** A schema by which every value is read as text: the arguments of prompts and templates are texts. */
const TEXTS = { additionalProperties: { type: 'string' } };

/** Asks how the value of an argument may go on, and prints each way on a line. Gives the exit code. */
export async function complete(
  io: Io,
  words: readonly string[],
  command: ServerCommand,
  options: OneServerOptions,
): Promise<number> {
  const { target, rest } = targetWords(words, command, options);
  const [of, name, value = '', ...known] = rest;
  if (of === undefined || name === undefined) throw new CliError('USAGE', USAGE);
  const ref = referenceOf(of);
  const given = parseArguments(known, undefined, TEXTS);
  const context = known.length === 0 ? {} : { context: { arguments: given } };
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const answer = await ask(server, 'completion/complete', { ref, argument: { name, value }, ...context });
    if (options.json === true) {
      server.print(`${safeJson(answer.text)}\n`);
      return EXIT.good;
    }
    const { completion } = isObject(answer.value) ? answer.value : {};
    const { values, total, hasMore } = isObject(completion) ? completion : {};
    const ways = listOf(values).filter((each) => typeof each === 'string');
    server.print(ways.map((way) => `${visible(way)}\n`).join(''));
    if (ways.length === 0) server.tell('It knows no way to go on');
    else if (typeof total === 'number' && total > ways.length) server.tell(`It knows ${total} in all`);
    else if (hasMore === true) server.tell('It knows more than these');
    return EXIT.good;
  });
}

/** Reads `prompt:NAME` or `resource:TEMPLATE` (server/utilities/completion, "Reference Types"). */
function referenceOf(text: string): Readonly<Record<string, string>> {
  const [, kind, name] = /^(prompt|resource):([\s\S]+)$/.exec(text) ?? [];
  if (name === undefined) throw new CliError('USAGE', `${USAGE}; not ${JSON.stringify(text.slice(0, 80))}`);
  return kind === 'prompt' ? { type: 'ref/prompt', name } : { type: 'ref/resource', uri: name };
}
