import { Command, InvalidArgumentError, Option } from 'commander';

import { addCapturesCommand } from './captures-command.ts';
import { type Run, collect, examples } from './command-parts.ts';
import type { CallOptions } from './commands/call.ts';
import type { ChatOptions } from './commands/chat.ts';
import type { Io } from './io.ts';
import type { OneServerOptions } from './open-server.ts';
import { addReadingCommands } from './reading-commands.ts';
import { VERSION } from './version.ts';

/** The server's command that stood after `--`. */
export type ServerCommand = readonly [string, ...string[]] | undefined;

/** The table of commands. Each loads only when it runs. */
export function commandTable(io: Io, server: ServerCommand, run: Run): Command {
  const root = new Command('mcp-dbg')
    .description(
      'See exactly what an MCP client and server say to each other; keep working when the server dies; show afterwards what happened.',
    )
    .version(VERSION, '-V, --version')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), outputError: () => {} })
    .exitOverride()
    .addHelpText('after', EXIT_CODES)
    .addHelpText('after', examples('mcp-dbg chat ./server.py --verbose', 'mcp-dbg proxy -- python3 server.py'));

  connecting(root.command('chat'), 'a new file in the state folder')
    .argument('[servers...]', SERVERS)
    .description('talk to a model that uses the servers')
    .option('-m, --model <model>', 'a model of the Messages API, script:FILE, or manual (default: see below)')
    .option('-p, --prompt <text>', 'ask this and end (repeatable, in order)', collect)
    .option('-y, --yes', 'allow every tool call')
    .option('--allow <pattern>', 'allow calls of these tools; * stands for any characters (repeatable)', collect)
    .option('--max-rounds <n>', 'rounds of tool use in one query at most (default: 25)', count)
    .option('-q, --quiet', 'no line about the time and the tokens of each turn')
    .option('--no-capture', 'record nothing')
    .option('--save <file>', 'keep the conversation in this new file, after every query')
    .option('--resume <file>', 'go on with a saved conversation; without servers, with those of the file')
    .addHelpText('after', MODELS)
    .addHelpText(
      'after',
      examples(
        'mcp-dbg chat ./server.py --verbose',
        'echo "What tools do you have?" | mcp-dbg chat --json -- python3 server.py',
      ),
    )
    .action((servers: string[], options: ChatOptions) =>
      run(async () => (await import('./commands/chat.ts')).chat(io, servers, server, options)),
    );

  root
    .command('demo')
    .description('the whole story on the example server with a script for a model: no key, no network')
    .addHelpText('after', examples('mcp-dbg demo', 'NO_COLOR=1 mcp-dbg demo > demo.txt'))
    .action(() => run(async () => (await import('./commands/demo.ts')).demo(io)));

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

  addReadingCommands(root, io, run);
  addCapturesCommand(root, io, run);

  // Listed here for help alone: bin.ts starts the proxy before it loads any of this.
  root
    .command('proxy')
    .usage('[options] -- COMMAND [ARG...]')
    .description('stand in the middle of a client and its server and record')
    .helpOption(false);

  return root;
}

const SERVERS =
  'a script (.py, .js, .mjs, .cjs, .ts), a program, a command, or a URL; or else a whole command after --';

const EXIT_CODES = `
Exit codes: 0 good (chat: whatever tools and servers did); 1 bad input, or findings of lint;
2 a bug of ours; 3 credentials needed; 4 no server, or not the model's API, could be reached;
5 the tool failed, is missing, or was lost with its server; 130 interrupted. proxy: the
server's own.`;

const MODELS = `
The model is --model, else MCP_DBG_MODEL, else Anthropic's where ANTHROPIC_API_KEY or
ANTHROPIC_BASE_URL is set, else manual: then you call the tools (/help). The same variables in
./.env count where the environment has none; a base URL there only with a key beside it.`;

function connecting(command: Command, recordedInto = 'nothing'): Command {
  return command
    .option('-v, --verbose', 'show every frame as raw JSON-RPC')
    .option('--json', 'print JSON for programs')
    .addOption(
      new Option('--era <era>', 'the protocol era (default: auto, found by a probe)').choices([
        'auto',
        'legacy',
        'modern',
      ]),
    )
    .option('-e, --env <K=V>', 'give the server a variable (repeatable; SERVER:K=V with several)', collect)
    .option('--header <header>', 'send "Name: value" to a server behind a URL (repeatable)', collect)
    .option('--cwd <folder>', 'the folder in which the server runs (default: this one)')
    .option('--capture <file>', `record into this file (default: ${recordedInto})`)
    .option('--timeout <seconds>', 'how long an answer may take; progress starts it anew (default: 60)', seconds)
    .option(
      '--probe-timeout <seconds>',
      'how long a server may be silent before it counts as legacy (default: 10)',
      seconds,
    );
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError('It takes a number of seconds above 0.');
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It takes a whole number above 0.');
  return value;
}

function listOf(target: string | undefined): readonly string[] {
  return target === undefined ? [] : [target];
}
