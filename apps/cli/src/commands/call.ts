import { CoreError, type ToolFailure, toModelContent } from '@mcp-dbg/core';

import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { parseArguments } from '../parse-arguments.ts';
import { contentText } from '../render/content-text.ts';
import { safeJson } from '../render/visible.ts';

/** The options of `call`. */
export interface CallOptions extends OneServerOptions {
  readonly args?: string;
}

/** Calls one tool once and prints its result. Gives the exit code. */
export async function call(
  io: Io,
  words: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: CallOptions,
): Promise<number> {
  const [target, name, ...given]: readonly (string | undefined)[] =
    command === undefined ? words : [undefined, ...words];
  if (name === undefined) throw new CliError('USAGE', 'Name the tool: mcp-dbg call SERVER TOOL [key=value…]');
  return await withServer(
    io,
    target === undefined ? [] : [target],
    command,
    options,
    async ({ session, signal, waiting, print }) => {
      const route = session.find(name);
      const args = parseArguments(
        given.filter((word) => word !== undefined),
        options.args,
        route.tool.inputSchema,
      );
      waiting(`${name} to finish`);
      // Whoever types the call has approved it; it is made once and never repeated behind their back.
      const outcome = await session.call(route.spec.name, args, { approve: async () => true, repeats: false, signal });
      if (outcome.kind === 'failed') throw failure(outcome.reason, outcome.message);
      const { value, text } = outcome.answer;
      print(
        options.json === true
          ? `${safeJson(text)}\n`
          : `${contentText(toModelContent(value, { textLimit: Infinity }))}\n`,
      );
      return outcome.isError ? EXIT.tool : EXIT.good;
    },
  );
}

function failure(reason: ToolFailure, message: string): Error {
  switch (reason) {
    case 'invalid-arguments':
      return new CliError('BAD_ARGUMENTS', message);
    case 'interrupted':
      return new CliError('INTERRUPTED', 'Interrupted; whether the call had an effect is not known');
    case 'server-down':
      return new CoreError('SERVER_DOWN', message);
    case 'denied':
    case 'error':
    case 'lost':
    case 'timeout':
      return new CliError('TOOL_FAILED', message);
  }
}
