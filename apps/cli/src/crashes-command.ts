import type { Command } from 'commander';

import { type Run, collect, examples, paragraph } from './command-parts.ts';
import type { CrashesOptions } from './commands/crashes.ts';
import type { Io } from './io.ts';

/** Adds the command that shows crashes. */
export function addCrashesCommand(root: Command, io: Io, run: Run): void {
  root
    .command('crashes')
    .argument('[words...]', 'a number of the list, a label, a report, or a capture and a number (default: list them)')
    .usage('[options] [CAPTURE] [N]')
    .description('list the crashes of servers, or show one as a text that can be shared')
    .option('--raw', 'as it is, with the secrets that it may hold')
    .option('--json', 'print JSON for programs, a document a line')
    .option('--pattern <regex>', 'what else is a secret (repeatable)', collect)
    .option('--config <file>', 'read further patterns from this file (default: mcp-dbg.json, where there is one)')
    .addHelpText('after', REPORTS)
    .addHelpText('after', examples('mcp-dbg crashes', 'mcp-dbg crashes weather.mcpcap > crash.txt'))
    .action((words: string[], options: CrashesOptions) =>
      run(async () => (await import('./commands/crashes.ts')).crashes(io, words, options)),
    );
}

const REPORTS =
  paragraph(`A proxy with --restart writes a report beside its capture whenever its server ends unasked. What a
plain proxy or a chat recorded has none: name the capture, and the same report is made from it.`);
