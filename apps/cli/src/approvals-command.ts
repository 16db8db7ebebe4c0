import type { Command } from 'commander';

import { type Run, examples } from './command-parts.ts';
import type { ApprovalsOptions } from './commands/approvals.ts';
import type { Io } from './io.ts';

/** Adds the command that shows which tools may run without being asked about. */
export function addApprovalsCommand(root: Command, io: Io, run: Run): void {
  const command = root
    .command('approvals')
    .description('list the tools that were approved for good, or forget them')
    .usage('[list|forget] [options]')
    .helpCommand(false)
    .addHelpText('after', examples('mcp-dbg approvals', 'mcp-dbg approvals forget files delete_file'));
  command
    .command('list', { isDefault: true })
    .usage('[options]')
    .description('list them, the newest last; what happens where nothing else is said')
    .option('--json', 'print JSON for programs, a line each')
    .addHelpText('after', examples('mcp-dbg approvals', 'mcp-dbg approvals --json | jq -r .tool'))
    .action((options: ApprovalsOptions) =>
      run(async () => (await import('./commands/approvals.ts')).listApprovals(io, options)),
    );
  command
    .command('forget')
    .argument('<server>', 'its name in the list, its command or URL, or the path of its script')
    .argument('[tool]', 'one tool of it; all unless given')
    .description('ask again before what was approved for good')
    .option('--json', 'print what is forgotten as JSON, a line each')
    .addHelpText(
      'after',
      examples('mcp-dbg approvals forget ./server.py', 'mcp-dbg approvals forget files delete_file'),
    )
    .action((server: string, tool: string | undefined, options: ApprovalsOptions) =>
      run(async () => (await import('./commands/approvals.ts')).forgetApprovals(io, server, tool, options)),
    );
}
