import { Command, InvalidArgumentError } from 'commander';

import { addAskingCommands } from './asking-commands.ts';
import { addAttachCommand } from './attach-command.ts';
import { addApprovalsCommand } from './approvals-command.ts';
import { addCapturesCommand } from './captures-command.ts';
import { type Run, collect, count, examples, paragraph } from './command-parts.ts';
import type { ChatOptions } from './commands/chat.ts';
import { SERVERS, type ServerCommand, connecting, seconds } from './connecting.ts';
import { addCompletionCommands } from './completion-command.ts';
import { addCrashesCommand } from './crashes-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { emptyFault } from './empty-values.ts';
import { withFaults } from './faults/fault-options.ts';
import type { Io } from './io.ts';
import { addReadingCommands } from './reading-commands.ts';
import { addSignInCommands } from './sign-in-commands.ts';
import { addServersCommand } from './servers-command.ts';
import { VERSION } from './version.ts';
import { addWrapCommands } from './wrap-command.ts';

/** The table of commands. Each loads only when it runs. */
export function commandTable(io: Io, server: ServerCommand, run: Run): Command {
  const root = new Command('mcp-dbg')
    .description(
      'See exactly what an MCP client and server say to each other; keep working when the server dies; show afterwards what happened.',
    )
    .version(VERSION, '-V, --version')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), outputError: () => {} })
    // By name alone: with what each takes the list would leave no room for what each does.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .addHelpText('after', EXIT_CODES)
    .addHelpText('after', examples('mcp-dbg chat ./server.py --verbose', 'mcp-dbg proxy -- python3 server.py'));

  withFaults(connecting(root.command('chat'), 'a new file in the state folder'))
    .argument('[servers...]', SERVERS)
    .description('talk to a model that uses the servers')
    .option('-m, --model <model>', 'a model of the Messages API, script:FILE, or manual (default: see below)')
    .option('-p, --prompt <text>', 'ask this and end (repeatable, in order)', collect)
    .option('-y, --yes', 'allow every tool call')
    .option('--allow <pattern>', 'allow calls of these tools; * stands for any characters (repeatable)', collect)
    .option('--max-rounds <n>', 'rounds of tool use in one query at most (default: 25)', count)
    .option(
      '--wait <seconds>',
      'how long to wait for a server that is not ready, where others are (default: 3)',
      seconds,
    )
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

  addAskingCommands(root, io, server, run);
  addSignInCommands(root, io, run);
  addDoctorCommand(root, io, server, run);
  addReadingCommands(root, io, run);
  addCapturesCommand(root, io, run);
  addAttachCommand(root, io, run);
  addCrashesCommand(root, io, run);
  addServersCommand(root, io, run);
  addWrapCommands(root, io, server, run);
  addApprovalsCommand(root, io, run);
  addCompletionCommands(root, io, server, run);

  // Listed here for help alone: bin.ts starts the proxy before it loads any of this.
  root
    .command('proxy')
    .usage('[options] -- COMMAND [ARG...]')
    .description('stand in the middle of a client and its server and record')
    .helpOption(false);

  refuseEmptyValues(root);
  return root;
}

/** Of every option that names files: what an empty value would come to mean, nobody meant. */
function refuseEmptyValues(command: Command): void {
  for (const option of command.options) {
    const takes = /<([\w-]+)>/.exec(option.flags)?.[1];
    if (takes === undefined) continue;
    const parse = option.parseArg;
    option.argParser((value: string, before: unknown) => {
      const fault = emptyFault(takes, value);
      if (fault !== undefined) throw new InvalidArgumentError(fault);
      return parse === undefined ? value : parse(value, before);
    });
  }
  command.commands.forEach(refuseEmptyValues);
}

const EXIT_CODES =
  paragraph(`Exit codes: 0 good (chat: whatever tools and servers did); 1 bad input, or findings of lint;
2 a bug of ours; 3 credentials needed; 4 no server, or not the model's API, could be reached;
5 what was asked for failed, is missing, or was lost with its server; 130 interrupted. proxy: the
server's own.`);

const MODELS = paragraph(`The model is --model, else MCP_DBG_MODEL, else Anthropic's where ANTHROPIC_API_KEY or
ANTHROPIC_BASE_URL is set, else manual: then you call the tools (/help). The same variables in
./.env count where the environment has none; a base URL there only with a key beside it.`);
