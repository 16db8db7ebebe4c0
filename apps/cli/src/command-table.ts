import { Command, InvalidArgumentError, Option } from 'commander';

import type { CallOptions } from './commands/call.ts';
import type { CapturesOptions, PruneOptions } from './commands/captures.ts';
import type { ChatOptions } from './commands/chat.ts';
import type { ExportOptions } from './commands/export.ts';
import type { LintOptions } from './commands/lint.ts';
import type { LogOptions } from './commands/log.ts';
import type { Io } from './io.ts';
import type { RedactOptions } from './commands/redact.ts';
import type { ShowOptions } from './commands/show.ts';
import type { StatsOptions } from './commands/stats.ts';
import type { OneServerOptions } from './open-server.ts';
import { parseDuration } from './parse-duration.ts';
import { VERSION } from './version.ts';

/** The server's command that stood after `--`. */
export type ServerCommand = readonly [string, ...string[]] | undefined;

/** Gets what a command came to: the code to exit with. Throws what the command throws. */
export type Run = (action: () => Promise<number>) => Promise<void>;

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

  reading(root.command('log'))
    .description('list what a capture holds: exchanges, noise, stderr, events')
    .option('-f, --follow', 'go on as it is written')
    .option('-v, --verbose', 'show the frames too: -v their beginning, -vv all of them, -vvv their bytes', more, 0)
    .option('--json', 'print JSON for programs, a line each')
    .addHelpText('after', FILTERS)
    .addHelpText('after', examples('mcp-dbg log', 'mcp-dbg log weather method:tools/call slower:200ms -tool:ping'))
    .action((words: string[], options: LogOptions) =>
      run(async () => (await import('./commands/log.ts')).log(io, words, options)),
    );

  root
    .command('show')
    .argument('[words...]', `the number of a frame, and ${CAPTURE}`)
    .usage('[options] N [CAPTURE]')
    .description('show one exchange whole, and what happened during it')
    .option('--raw', 'as it crossed the wire')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', examples('mcp-dbg show 12', 'mcp-dbg show 12 weather.mcpcap --json'))
    .action((words: string[], options: ShowOptions) =>
      run(async () => (await import('./commands/show.ts')).show(io, words, options)),
    );

  reading(root.command('stats'))
    .description('count calls, errors, times and bytes; what was never answered; what the tools cost a model')
    .addOption(new Option('--by <what>', 'what to count by (default: method)').choices(['method', 'tool', 'server']))
    .option('--json', 'print all counts as one JSON document')
    .addHelpText('after', examples('mcp-dbg stats --by tool', 'mcp-dbg stats weather is:error --json | jq .methods'))
    .action((words: string[], options: StatsOptions) =>
      run(async () => (await import('./commands/stats.ts')).stats(io, words, options)),
    );

  reading(root.command('lint'))
    .description('check a capture against the rules of the protocol; exits with 1 where it breaks one')
    .addOption(
      new Option('--format <format>', 'how to report (default: text)').choices(['text', 'json', 'junit', 'sarif']),
    )
    .option('--json', 'the same as --format json')
    .addOption(
      new Option('--fail-on <level>', 'the mildest findings that make it exit with 1 (default: error)').choices([
        'error',
        'warning',
        'info',
        'none',
      ]),
    )
    .option('--off <rule>', 'do not check this rule; stdio/* stands for all that begin so (repeatable)', collect)
    .option('--config <file>', 'read how to check from this file (default: mcp-dbg.json, where there is one)')
    .option('--expect-tool <name>', 'a tool that must have been called (repeatable)', collect)
    .option('--forbid-tool <name>', 'a tool that must not have been called (repeatable)', collect)
    .option('--max-duration <duration>', 'what a tool call may take, such as 2s or 500ms', duration)
    .option('--rules', 'list the rules')
    .addHelpText(
      'after',
      examples('mcp-dbg lint', 'mcp-dbg lint weather --format sarif --fail-on warning > weather.sarif'),
    )
    .action((words: string[], options: LintOptions) =>
      run(async () => (await import('./commands/lint.ts')).lint(io, words, options)),
    );

  reading(root.command('export'))
    .description('write a capture for other programs and people, without the secrets in it')
    .addOption(
      new Option('--to <format>', 'json: a message a line; har: for browsers; mermaid: a diagram; md: a bug report')
        .choices(['json', 'har', 'mermaid', 'md'])
        .makeOptionMandatory(),
    )
    .option('-o, --output <file>', 'where it goes (default: stdout)')
    .option('--with-secrets', 'replace nothing')
    .option('--pattern <regex>', 'what else is a secret (repeatable)', collect)
    .option('--config <file>', 'read further patterns from this file (default: mcp-dbg.json, where there is one)')
    .addHelpText(
      'after',
      examples('mcp-dbg export --to md > report.md', 'mcp-dbg export weather tool:forecast --to har -o weather.har'),
    )
    .action((words: string[], options: ExportOptions) =>
      run(async () => (await import('./commands/export.ts')).exportCapture(io, words, options)),
    );

  root
    .command('redact')
    .argument('[words...]', CAPTURE)
    .usage('[options] [CAPTURE]')
    .description('copy a capture without the secrets in it; says what it replaced')
    .option('-o, --output <file>', 'where the copy goes (default: stdout, where that is no terminal)')
    .option('--pattern <regex>', 'what else is a secret (repeatable)', collect)
    .option('--config <file>', 'read further patterns from this file (default: mcp-dbg.json, where there is one)')
    .option('--json', 'say as JSON what was replaced')
    .addHelpText(
      'after',
      examples(
        'mcp-dbg redact weather -o weather-to-share.mcpcap',
        "mcp-dbg redact --pattern 'cust-[0-9]+' > shared.mcpcap",
      ),
    )
    .action((words: string[], options: RedactOptions) =>
      run(async () => (await import('./commands/redact.ts')).redact(io, words, options)),
    );

  captures(root.command('captures'), io, run);

  // Listed here for help alone: bin.ts starts the proxy before it loads any of this.
  root
    .command('proxy')
    .usage('[options] -- COMMAND [ARG...]')
    .description('stand in the middle of a client and its server and record')
    .helpOption(false);

  return root;
}

/** A command that reads a capture, or the part of it that a filter lets through. */
function reading(command: Command): Command {
  return command.argument('[words...]', `${CAPTURE}; and a filter`).usage('[options] [CAPTURE] [FILTER…]');
}

function captures(command: Command, io: Io, run: Run): void {
  command
    .description('list the stored captures, give them labels, delete old ones')
    .usage('[list|label|prune] [options]')
    .helpCommand(false)
    .addHelpText('after', examples('mcp-dbg captures', 'mcp-dbg captures prune --older-than 30d --dry-run'));
  command
    .command('list', { isDefault: true })
    .argument('[words...]')
    .usage('[options]')
    .description('list them, the newest first; what happens where nothing else is said')
    .option('--json', 'print JSON for programs, a line each')
    .addHelpText('after', examples('mcp-dbg captures', 'mcp-dbg captures --json | jq -r .path'))
    .action((words: string[], options: CapturesOptions) =>
      run(async () => (await import('./commands/captures.ts')).listStored(io, words, options)),
    );
  command
    .command('label')
    .argument('<capture>', 'a capture file or a label, of which the newest is taken')
    .argument('<label>', 'its new label, which becomes a part of its file name')
    .description('give a capture another label, by which commands find it')
    .option('--json', 'print JSON for programs')
    .addHelpText(
      'after',
      examples('mcp-dbg captures label weather before-fix', 'mcp-dbg captures label ./x.mcpcap crash'),
    )
    .action((capture: string, label: string, options: CapturesOptions) =>
      run(async () => (await import('./commands/captures.ts')).labelStored(io, capture, label, options)),
    );
  command
    .command('prune')
    .description('delete the stored captures that ended long ago; never one that is being written')
    .option('--older-than <age>', 'how long ago, such as 90m, 12h, 30d, 2w')
    .option('--dry-run', 'only tell what would be deleted')
    .option('--json', 'print JSON for programs')
    .addHelpText(
      'after',
      examples('mcp-dbg captures prune --older-than 30d --dry-run', 'mcp-dbg captures prune --older-than 2w'),
    )
    .action((options: PruneOptions) =>
      run(async () => (await import('./commands/captures.ts')).pruneStored(io, options)),
    );
}

const CAPTURE = 'a capture: a file, the label of a stored one, or - for stdin (default: the newest)';

const FILTERS = `
Filters: words, "quoted words", /regex/, key:value, path=value, and, or, not (or a dash), ( ).
Keys: is from method tool id code era slower faster larger smaller after before conn server
status kind level rule n. Paths: params.… result.… error.… msg.… with = != > >= < <= ~.
docs/filters.md explains them all.`;

const SERVERS = 'a script (.py, .js, .mjs, .cjs, .ts), a program, or a command; or else a whole command after --';

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
    .option('--cwd <folder>', 'the folder in which the server runs (default: this one)')
    .option('--capture <file>', `record into this file (default: ${recordedInto})`)
    .option('--timeout <seconds>', 'how long an answer may take; progress starts it anew (default: 60)', seconds)
    .option(
      '--probe-timeout <seconds>',
      'how long a server may be silent before it counts as legacy (default: 10)',
      seconds,
    );
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

function more(_: string, before: number): number {
  return before + 1;
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new InvalidArgumentError('It takes a duration, such as 2s or 500ms.');
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
