import type { Command } from 'commander';

import { type Run, examples, paragraph } from './command-parts.ts';
import type { AttachOptions } from './commands/attach.ts';
import type { Io } from './io.ts';

const COMMANDS =
  paragraph(`Then type, or without a terminal write a line each: a N (accept), e N (edit), d N (drop), r N (reply
in place of the peer), add client|server TEXT, all, list, s N (show), wait (until something is held),
q (leave), help.`);

/** Adds the command that decides about what a running proxy holds. */
export function addAttachCommand(root: Command, io: Io, run: Run): void {
  root
    .command('attach')
    .argument('[proxy]', 'the label, the capture or the pid of a running proxy (default: the newest)')
    .usage('[options] [CAPTURE|LABEL]')
    .description('decide about the frames that a running proxy --hold holds: pass on, edit, drop, answer, add')
    .option('-w, --wait', 'wait for a proxy that holds frames, and for the next when one ends')
    .option('-q, --quiet', 'show what is held, and not what passes')
    .option('--json', 'print JSON for programs, a line each')
    .addHelpText('after', COMMANDS)
    .addHelpText('after', examples('mcp-dbg attach', "printf 'wait\\nd 1\\n' | mcp-dbg attach weather --wait --json"))
    .action((word: string | undefined, options: AttachOptions) =>
      run(async () => (await import('./commands/attach.ts')).attach(io, word, options)),
    );
}
