import type { Command } from 'commander';

import { type Run, examples, paragraph } from './command-parts.ts';
import type { ServersOptions } from './commands/servers.ts';
import type { Io } from './io.ts';

/** Adds the command that lists the servers of config files. */
export function addServersCommand(root: Command, io: Io, run: Run): void {
  root
    .command('servers')
    .description('list the servers of the config files of MCP hosts: from where, what each would run, which clash')
    .option('--config <file>', 'this file only, of whatever host')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', FILES)
    .addHelpText('after', examples('mcp-dbg servers', 'mcp-dbg servers --config mcp.json --json'))
    .action((options: ServersOptions) => run(async () => (await import('./commands/servers.ts')).servers(io, options)));
}

const FILES =
  paragraph(`Read are the files of Claude Desktop, Claude Code, VS Code, Cursor, Windsurf, Codex and Copilot CLI,
in your home folder and in this project, and mcp.json. Values of variables are never shown. A
server of a project's file is shown and approved before it runs the first time.`);
