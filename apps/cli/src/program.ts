import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { EXIT } from './exit-code.ts';
import { type Io, processIo } from './io.ts';
import { reportError } from './report-error.ts';
import { splitArgv } from './split-argv.ts';
import { VERSION } from './version.ts';

/** Runs the command that argv names. Gives the exit code; never throws. */
export async function program(argv: readonly string[]): Promise<number> {
  const io = processIo();
  const { own, command } = splitArgv(argv);
  let exit: number = EXIT.good;
  const run = (action: () => Promise<number>) => async (): Promise<void> => {
    exit = await action();
  };
  const root = commands(io, command, run);
  try {
    await root.parseAsync([...own], { from: 'user' });
    return exit;
  } catch (error) {
    // Commander has said by now what was wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.bad;
    return reportError(error, io, own.includes('--json'));
  }
}

type Run = (action: () => Promise<number>) => () => Promise<void>;

/** The table of commands; each loads only when it runs. */
function commands(io: Io, server: readonly [string, ...string[]] | undefined, run: Run): Command {
  const root = new Command('mcp-dbg')
    .description('See exactly what an MCP client and server say to each other; keep working when the server dies; show afterwards what happened.')
    .version(VERSION, '-V, --version')
    .showHelpAfterError('(--help shows how it is used)')
    .configureOutput({ writeErr: (text) => io.stderr.write(text), writeOut: (text) => io.stdout.write(text) })
    .exitOverride()
    .addHelpText('after', examples('mcp-dbg chat ./server.py --verbose', 'mcp-dbg proxy -- python3 server.py'));

  connecting(root.command('chat [servers...]'))
    .description('talk to a model that uses the servers')
    .option('-m, --model <model>', 'a model of the Messages API, script:FILE, or manual')
    .option('-p, --prompt <text>', 'ask this and end (repeatable, in order)', collect)
    .option('-y, --yes', 'allow every tool call')
    .option('--allow <pattern>', 'allow calls of these tools; * stands for any characters (repeatable)', collect)
    .option('--max-rounds <n>', 'rounds of tool use in one query at most', count)
    .option('--no-capture', 'record nothing')
    .addHelpText('after', examples('mcp-dbg chat ./server.py --verbose', 'echo "What tools do you have?" | mcp-dbg chat --json -- npx -y some-server'))
    .action((servers: string[], options) => run(async () => (await import('./commands/chat.ts')).chat(io, servers, server, options))());

  root
    .command('demo')
    .description('the whole story on the example server with a script for a model: no key, no network')
    .addHelpText('after', examples('mcp-dbg demo', 'NO_COLOR=1 mcp-dbg demo > demo.txt'))
    .action(run(async () => (await import('./commands/demo.ts')).demo(io)));

  connecting(root.command('tools [server]'))
    .description('list the tools of a server')
    .addHelpText('after', examples('mcp-dbg tools ./server.py', 'mcp-dbg tools --json -- npx -y some-server'))
    .action((target: string | undefined, options) => run(async () => (await import('./commands/tools.ts')).tools(io, listOf(target), server, options))());

  connecting(root.command('call [words...]'))
    .usage('[options] SERVER TOOL [key=value…]')
    .description('call one tool; a value is read by the type in the tool\'s schema, key:=json is always JSON')
    .option('-a, --args <json>', 'the arguments as a JSON object')
    .addHelpText('after', examples('mcp-dbg call ./server.py add a=1 b=2', `mcp-dbg call add --args '{"a":1,"b":2}' --json -- node server.js`))
    .action((words: string[], options) => run(async () => (await import('./commands/call.ts')).call(io, words, server, options))());

  // Listed here for help alone: bin.ts starts the proxy before it loads any of this.
  root
    .command('proxy')
    .usage('[options] -- COMMAND [ARG...]')
    .description('stand in the middle of a client and its server and record')
    .helpOption(false);

  return root;
}

function connecting(command: Command): Command {
  return command
    .option('-v, --verbose', 'show every frame as raw JSON-RPC')
    .option('--json', 'print JSON for programs')
    .addOption(new Option('--era <era>', 'the protocol era, found by a probe unless given').choices(['auto', 'legacy', 'modern']))
    .option('-e, --env <K=V>', 'give the server a variable (repeatable; SERVER:K=V with several)', collect)
    .option('--cwd <folder>', 'the folder in which the server runs')
    .option('--capture <file>', 'record into this file')
    .option('--timeout <seconds>', 'how long an answer may take (60); progress starts it anew', seconds)
    .option('--probe-timeout <seconds>', 'how long a server may be silent before it counts as legacy (10)', seconds);
}

function examples(first: string, second: string): string {
  return `\nExamples:\n  $ ${first}\n  $ ${second}\n`;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
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
