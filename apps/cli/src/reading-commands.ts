import { type Command, Option } from 'commander';

import { type Run, collect, counted, duration, examples } from './command-parts.ts';
import type { ExportOptions } from './commands/export.ts';
import type { LintOptions } from './commands/lint.ts';
import type { LogOptions } from './commands/log.ts';
import type { RedactOptions } from './commands/redact.ts';
import type { ShowOptions } from './commands/show.ts';
import type { StatsOptions } from './commands/stats.ts';
import type { Io } from './io.ts';

const CAPTURE = 'a capture: a file, the label of a stored one, or - for stdin (default: the newest)';

const CONFIG = `
mcp-dbg.json holds {"lint": {"off": ["stdio/crlf"], "failOn": "warning",
"expectTools": [], "forbidTools": [], "maxDuration": "2s"},
"redact": {"patterns": []}}; the command line wins. What is printed into a file
or a pipe is redacted.`;

const FILTERS = `
Filters: words, "quoted words", /regex/, key:value, path=value, and, or, not
(or a dash), ( ).
Keys: is from method tool id code era slower faster larger smaller after before
conn server status kind level rule n.
Paths: params.… result.… error.… msg.… with = != > >= < <= ~.
docs/filters.md explains them all.`;

/** Adds the commands that question a capture. */
export function addReadingCommands(root: Command, io: Io, run: Run): void {
  reading(root.command('log'))
    .description('list what a capture holds: exchanges, noise, stderr, events')
    .option('-f, --follow', 'go on as it is written')
    .option('-v, --verbose', 'show the frames too: -v their beginning, -vv all of them, -vvv their bytes', counted, 0)
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
    .option('--with-secrets', 'quote all as it is, also into a file or a pipe')
    .option('--rules', 'list the rules')
    .addHelpText('after', CONFIG)
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
}

/** A command that reads a capture, or the part of it that a filter lets through. */
function reading(command: Command): Command {
  return command.argument('[words...]', `${CAPTURE}; and a filter`).usage('[options] [CAPTURE] [FILTER…]');
}
