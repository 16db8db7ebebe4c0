import type { Command } from 'commander';

import { type Run, collect, count, examples } from './command-parts.ts';
import type { CallOptions } from './commands/call.ts';
import { SERVERS, type ServerCommand, connecting, seconds } from './connecting.ts';
import type { WatchCommandOptions } from './commands/watch.ts';
import { withFaults } from './faults/fault-options.ts';
import type { Io } from './io.ts';
import type { PingOptions } from './commands/ping.ts';
import type { PromptOptions } from './commands/prompt.ts';
import type { RawOptions } from './commands/raw.ts';
import type { ReadOptions } from './commands/read.ts';
import type { OneServerOptions } from './open-server.ts';

/** Adds the commands that ask one server one thing. */
export function addAskingCommands(root: Command, io: Io, server: ServerCommand, run: Run): void {
  connecting(root.command('tools'))
    .argument('[words...]', 'SERVER, and TOOL to show one alone; without SERVER where its command stands after --')
    .usage('[options] SERVER [TOOL]')
    .description('list the tools of a server, or show one whole, with its schemas')
    .addHelpText('after', examples('mcp-dbg tools ./server.py', 'mcp-dbg tools add --json -- node server.js'))
    .action((words: string[], options: OneServerOptions) =>
      run(async () => (await import('./commands/tools.ts')).tools(io, words, server, options)),
    );

  withFaults(withArguments(connecting(root.command('call'))))
    .argument('[words...]', 'SERVER, TOOL and its arguments; without SERVER where its command stands after --')
    .usage('[options] SERVER TOOL [key=value…]')
    .option('-o, --output <file>', 'where the result goes: the bytes of an image alone, or all of it (default: stdout)')
    .description("call one tool; a value is read by the type in the tool's schema, key:=json is always JSON")
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

  connecting(root.command('resources'))
    .argument('[server]', SERVERS)
    .description('list the resources and resource templates of a server')
    .addHelpText('after', examples('mcp-dbg resources ./server.py', 'mcp-dbg resources --json -- node server.js'))
    .action((target: string | undefined, options: OneServerOptions) =>
      run(async () => (await import('./commands/resources.ts')).resources(io, listOf(target), server, options)),
    );

  connecting(root.command('read'))
    .argument('[words...]', 'SERVER and URI; without SERVER where its command stands after --')
    .usage('[options] SERVER URI')
    .description('read a resource: text as it is; bytes into a file, or into a pipe as they are')
    .option('-o, --output <file>', 'where the content goes (default: stdout)')
    .addHelpText(
      'after',
      examples(
        'mcp-dbg read ./server.py file:///notes.txt',
        'mcp-dbg read file:///logo.png -o logo.png -- node server.js',
      ),
    )
    .action((words: string[], options: ReadOptions) =>
      run(async () => (await import('./commands/read.ts')).read(io, words, server, options)),
    );

  connecting(root.command('prompts'))
    .argument('[server]', SERVERS)
    .description('list the prompts of a server')
    .addHelpText('after', examples('mcp-dbg prompts ./server.py', 'mcp-dbg prompts --json -- node server.js'))
    .action((target: string | undefined, options: OneServerOptions) =>
      run(async () => (await import('./commands/prompts.ts')).prompts(io, listOf(target), server, options)),
    );

  withArguments(connecting(root.command('prompt')))
    .argument('[words...]', 'SERVER, NAME and its arguments; without SERVER where its command stands after --')
    .usage('[options] SERVER NAME [key=value…]')
    .description('get a prompt: the messages that it stands for')
    .addHelpText(
      'after',
      examples('mcp-dbg prompt ./server.py review language=Python', 'mcp-dbg prompt review --json -- node server.js'),
    )
    .action((words: string[], options: PromptOptions) =>
      run(async () => (await import('./commands/prompt.ts')).prompt(io, words, server, options)),
    );

  connecting(root.command('complete'))
    .argument(
      '[words...]',
      'SERVER, what is completed (prompt:NAME or resource:TEMPLATE), and what is typed so far; without SERVER where its command stands after --',
    )
    .usage('[options] SERVER WHAT ARGUMENT [VALUE [key=value…]]')
    .description('ask how the value of an argument of a prompt or a resource template may go on')
    .addHelpText(
      'after',
      examples(
        'mcp-dbg complete ./server.py prompt:review language py',
        "mcp-dbg complete ./server.py 'resource:file:///{path}' path src/ root=app",
      ),
    )
    .action((words: string[], options: OneServerOptions) =>
      run(async () => (await import('./commands/complete.ts')).complete(io, words, server, options)),
    );

  connecting(root.command('ping'))
    .argument('[server]', SERVERS)
    .description('ask a server for a sign of life and say how long the answer took')
    .option('-c, --count <n>', 'how often, one after the other (default: 1)', count)
    .addHelpText('after', examples('mcp-dbg ping ./server.py', 'mcp-dbg ping --count 100 --json -- node server.js'))
    .action((target: string | undefined, options: PingOptions) =>
      run(async () => (await import('./commands/ping.ts')).ping(io, listOf(target), server, options)),
    );

  connecting(root.command('info'))
    .argument('[server]', SERVERS)
    .description('say who a server is, what it can do, how much of it there is, and how fast it started')
    .addHelpText('after', examples('mcp-dbg info ./server.py', 'mcp-dbg info --json -- node server.js'))
    .action((target: string | undefined, options: OneServerOptions) =>
      run(async () => (await import('./commands/info.ts')).info(io, listOf(target), server, options)),
    );

  connecting(root.command('raw'))
    .argument('[words...]', 'SERVER, METHOD and its params; without SERVER where its command stands after --')
    .usage('[options] SERVER METHOD [JSON|-]')
    .description(
      'send any request as it stands, of either era, and print the result as it came; - reads the params from stdin',
    )
    .option('--notify', 'send a notification, which has no answer')
    .option('--bare', 'add nothing to the params, not even the _meta that the modern era wants')
    .addHelpText(
      'after',
      examples(
        `mcp-dbg raw ./server.py tools/call '{"name":"add","arguments":{"a":1}}'`,
        `mcp-dbg raw notifications/roots/list_changed --notify -- node server.js`,
      ),
    )
    .action((words: string[], options: RawOptions) =>
      run(async () => (await import('./commands/raw.ts')).raw(io, words, server, options)),
    );

  connecting(root.command('watch'))
    .argument('[server]', SERVERS)
    .description('print what a server tells by itself, until Ctrl-C: log messages, changes of lists and of resources')
    .option('--resource <uri>', 'be told when this resource changes (repeatable)', collect)
    .option('--for <seconds>', 'end after that long', seconds)
    .addHelpText(
      'after',
      examples(
        'mcp-dbg watch ./server.py --resource file:///notes.txt',
        'mcp-dbg watch --json --log-level debug --for 60 -- node server.js',
      ),
    )
    .action((target: string | undefined, options: WatchCommandOptions) =>
      run(async () => (await import('./commands/watch.ts')).watch(io, listOf(target), server, options)),
    );
}

/** Adds the options of a command that takes arguments. */
function withArguments(command: Command): Command {
  return command
    .option('-a, --args <json>', 'the arguments as a JSON object; key=value wins over it')
    .option('--args-file <file>', 'the same from a file, or from stdin where it is -');
}

function listOf(target: string | undefined): readonly string[] {
  return target === undefined ? [] : [target];
}
