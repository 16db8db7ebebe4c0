import type { Command } from 'commander';

import { type Run, examples } from './command-parts.ts';
import type { CapturesOptions, PruneOptions } from './commands/captures.ts';
import type { Io } from './io.ts';

/** Adds the command that manages the stored captures. */
export function addCapturesCommand(root: Command, io: Io, run: Run): void {
  const command = root
    .command('captures')
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
