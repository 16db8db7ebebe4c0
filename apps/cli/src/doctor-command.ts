import { type Command, InvalidArgumentError, Option } from 'commander';

import { type Run, examples, paragraph } from './command-parts.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import { SERVERS, type ServerCommand, connecting } from './connecting.ts';
import { HOSTS } from './doctor/hosts.ts';
import type { Io } from './io.ts';
import type { FailOn } from './lint-report/lint-report.ts';

const FAIL_ON: readonly FailOn[] = ['error', 'warning', 'info', 'none'];
const HOST_IDS: readonly string[] = HOSTS.map(({ id }) => id);

const AS_HOSTS =
  paragraph(`A terminal, Claude Code and VS Code hand all of your environment on, and run a server in this
folder. Cursor (in your home) and Claude Desktop (in /) hand on HOME, LOGNAME, SHELL, USER and a
short PATH. Each way is tried with one process after the other. An error is what keeps a server
from working, a warning what bites some clients.`);

/** Adds the command that explains why a server does not work. */
export function addDoctorCommand(root: Command, io: Io, server: ServerCommand, run: Run): void {
  connecting(root.command('doctor'))
    .argument('[server]', SERVERS)
    .description('start a server as each host would, and explain why it does not work; calls no tool')
    .addOption(
      new Option('--as <host>', 'the host to stand in for (repeatable; default: all)')
        .choices(HOST_IDS)
        .argParser(hostIds),
    )
    .addOption(
      new Option('--fail-on <level>', 'the mildest findings that make it exit with 1 (default: error)').choices(
        FAIL_ON,
      ),
    )
    .addHelpText('after', AS_HOSTS)
    .addHelpText(
      'after',
      examples('mcp-dbg doctor ./server.py', 'mcp-dbg doctor --as claude-desktop -- npx -y some-server'),
    )
    .action((target: string | undefined, options: DoctorOptions) =>
      run(async () => (await import('./commands/doctor.ts')).doctor(io, target, server, options)),
    );
}

function hostIds(id: string, before: readonly string[] = []): readonly string[] {
  if (!HOST_IDS.includes(id)) throw new InvalidArgumentError(`Allowed choices are ${HOST_IDS.join(', ')}.`);
  return [...before, id];
}
