import { type Command, CommanderError } from 'commander';

import { commandTable } from './command-table.ts';
import type { ServerCommand } from './connecting.ts';
import { CliError, EXIT } from './exit-code.ts';
import { filterArgv, takesFilter } from './filter-argv.ts';
import { type Io, processIo } from './io.ts';
import { reportError } from './report-error.ts';
import { splitArgv } from './split-argv.ts';

/** Runs the command that argv names, in this process's world unless another is given. Gives the exit code; never throws. */
export async function program(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const cut = splitArgv(argv);
  const { own, command } = takesFilter(argv) ? { own: filterArgv(argv), command: undefined } : cut;
  let exit: number = EXIT.good;
  const table = commandTable(io, command, async (action) => {
    exit = await action();
  });
  try {
    if (own.length === 0 && command !== undefined)
      throw new CliError('USAGE', 'Name a command before --, such as chat or tools');
    if (own[0] === 'help' && own[1] === 'proxy') return await helpOfProxy(io.stdout);
    await table.parseAsync(wanted(own, table), { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.good;
    return reportError(
      error instanceof CommanderError ? await misuse(error, own, command, table) : error,
      io,
      cut.own.includes('--json'),
    );
  }
}

/** Says that something went wrong that no command expected, and gives the code to exit with. */
export function reportBug(error: unknown): number {
  return reportError(error, processIo(), process.argv.includes('--json'));
}

/** Nothing asks for help; and a command that does not exist has none, so asking for its help is asking for it. */
function wanted(own: readonly string[], table: Command): string[] {
  const name = own[0] === 'help' ? own[1] : own[0];
  if (name === undefined) return ['--help'];
  const isKnown = name.startsWith('-') || name === 'help' || table.commands.some((each) => each.name() === name);
  return isKnown ? [...own] : [name];
}

/** What commander says in up to three lines, as one sentence with the next step. */
async function misuse(
  { message }: CommanderError,
  own: readonly string[],
  server: ServerCommand,
  table: Command,
): Promise<CliError> {
  const [command = ''] = own;
  if (own.includes('--method')) {
    const { fromInspector } = await import('./inspector-argv.ts');
    const same = fromInspector(own, server);
    if (same !== undefined)
      return new CliError('USAGE', `That is how the MCP Inspector is called; here it is: ${same}`);
  }
  const said = message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/s, '; did you mean $1?');
  const not =
    takesFilter([command]) && /^unknown option '-[^-]/.test(said) ? '; to leave out a word, write not WORD' : '';
  const where = table.commands.some((each) => each.name() === command) ? ` ${command}` : '';
  return new CliError(
    'USAGE',
    `${said.charAt(0).toUpperCase()}${said.slice(1)}${not} (mcp-dbg${where} --help shows what there is)`,
  );
}

/** The proxy reads its own command line, so it has its own help. */
async function helpOfProxy(stdout: NodeJS.WritableStream): Promise<number> {
  const { proxyHelp } = await import('./commands/proxy-option-table.ts');
  const { defaultCaptureFolder } = await import('./record-server.ts');
  stdout.write(proxyHelp(defaultCaptureFolder()));
  return EXIT.good;
}
