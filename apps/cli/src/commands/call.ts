import { CoreError, type ToolFailure } from '@mcp-dbg/core';

import { type GivenJson, givenJson } from '../arguments/given-json.ts';
import { completeArguments } from '../complete-arguments.ts';
import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { asksForFaults } from '../faults/fault-request.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { parseArguments } from '../parse-arguments.ts';
import { safeJson } from '../render/visible.ts';
import { targetWords } from '../target-words.ts';
import { fileOf } from '../write-result.ts';

/** The options of `call`. */
export interface CallOptions extends OneServerOptions, GivenJson {
  readonly output?: string;
}

/** Calls one tool once and prints its result. Gives the exit code. */
export async function call(
  io: Io,
  words: readonly string[],
  command: ServerCommand,
  options: CallOptions,
): Promise<number> {
  const { target, rest } = targetWords(words, command, options);
  const [name, ...given] = rest;
  if (name === undefined) throw new CliError('USAGE', 'Name the tool: mcp-dbg call SERVER TOOL [key=value…]');
  const json = await givenJson(io, options);
  return await withServer(io, target, command, options, async (server) => {
    const { session, signal, waiting, print } = server;
    const { spec, tool } = session.find(name);
    const args = parseArguments(given, json, tool.inputSchema);
    const whole = await completeArguments(io, { ...tool, name }, args, server, options.json === true);
    waiting(`${name} to finish`);
    // Whoever types the call has approved it; it is made once and never repeated behind their back.
    // What shows a result takes long to load, and is wanted only when the server has answered.
    const showing = import('../render-result.ts');
    const outcome = await session.call(spec.name, whole, { approve: async () => true, repeats: false, signal });
    if (outcome.kind === 'failed') throw failure(outcome.reason, outcome.message + hintOf(options));
    const { isError, answer, outputFault } = outcome;
    if (outputFault !== undefined) server.tell(`Mind: of ${name}, ${outputFault}`);
    const file = fileOf(options);
    if (file !== undefined) await (await showing).keepResult(io, server, file, answer, options.json === true);
    else if (options.json === true) print(`${safeJson(answer.text)}\n`);
    else print((await showing).resultText(io, answer, isError));
    return isError ? EXIT.tool : EXIT.good;
  });
}

/** What failed may be the work of a fault, which is not the server's. */
function hintOf(options: CallOptions): string {
  return asksForFaults(options) ? ' (faults are made on purpose here; --verbose shows which)' : '';
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
