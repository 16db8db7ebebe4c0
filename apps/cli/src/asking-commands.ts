import type { Command } from 'commander';

import { type Run, examples } from './command-parts.ts';
import type { CallOptions } from './commands/call.ts';
import { SERVERS, type ServerCommand, connecting } from './connecting.ts';
import type { Io } from './io.ts';
import type { OneServerOptions } from './open-server.ts';

/** Adds the commands that ask one server one thing. */
export function addAskingCommands(root: Command, io: Io, server: ServerCommand, run: Run): void {
  connecting(root.command('tools'))
    .argument('[server]', SERVERS)
    .description('list the tools of a server')
    .addHelpText('after', examples('mcp-dbg tools ./server.py', 'mcp-dbg tools --json -- node server.js'))
    .action((target: string | undefined, options: OneServerOptions) =>
      run(async () => (await import('./commands/tools.ts')).tools(io, listOf(target), server, options)),
    );

  connecting(root.command('call'))
    .argument('[words...]', 'SERVER, TOOL and its arguments; without SERVER where its command stands after --')
    .usage('[options] SERVER TOOL [key=value…]')
    .description("call one tool; a value is read by the type in the tool's schema, key:=json is always JSON")
    .option('-a, --args <json>', 'the arguments as a JSON object; key=value wins over it')
    .addHelpText(
      'after',
      examples(
        'mcp-dbg call ./server.py add a=1 b=2',
        `mcp-dbg call add --args '{"a":1,"b":2}' --json -- node server.js`,
      ),
    )
    .action((words: string[], options: CallOptions) =>
      run(async () => (await import('./commands/call.ts')).call(io, words, server, options)),
    );
}

function listOf(target: string | undefined): readonly string[] {
  return target === undefined ? [] : [target];
}
