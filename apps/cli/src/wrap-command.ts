import { Argument, type Command, Option } from 'commander';

import { type Run, examples, paragraph } from './command-parts.ts';
import type { ServerCommand } from './connecting.ts';
import { HOSTS } from './config/hosts.ts';
import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { CLIENTS, type Client, SCOPES } from './wrap/clients.ts';
import type { WrapOptions } from './wrap/wrap-options.ts';

const WHAT = paragraph(`Of the entry in the client's config file only command and args change: the client starts
mcp-dbg proxy, which starts the server, changes no byte and records every one. Options behind --
are the proxy's. Comments, order and all other bytes of the file stay, and a copy of it is kept
beside it until nothing in it is wrapped any more. A server that is wrapped keeps its options
unless others are given. In a terminal the change is shown and asked about; elsewhere it is made.`);

const BACK = paragraph(`Where nothing changed the entry since, the file is byte for byte as it was before the wrap; else
command and args become what stands behind -- in it, and the rest is left alone. The copies of the file
go when nothing in it is wrapped any more.`);

interface ListingOptions extends WrapOptions {
  readonly list?: boolean;
}

/** Adds the commands that put the proxy into a client's config file, and take it out. */
export function addWrapCommands(root: Command, io: Io, proxyOptions: ServerCommand, run: Run): void {
  changing(root.command('wrap'), 'wrap')
    .usage('[options] CLIENT SERVER... -- [PROXY OPTIONS]')
    .description("put the proxy before a server in a client's config file, so that its traffic is recorded")
    .option('--list', 'list the servers of all clients, or of one: which are wrapped, and where they are recorded')
    .addHelpText('after', WHAT)
    .addHelpText('after', examples('mcp-dbg wrap claude-desktop weather', 'mcp-dbg wrap --list'))
    .action((client: string | undefined, names: string[], { list, ...options }: ListingOptions) =>
      run(async () => {
        if (list === true) {
          const only = client === undefined ? undefined : await clientNamed(client);
          return (await import('./commands/list-wraps.ts')).listWraps(io, only, names, options);
        }
        return (await import('./commands/wrap.ts')).wrap(
          io,
          await clientNamed(client),
          names,
          proxyOptions ?? [],
          options,
        );
      }),
    );
  changing(root.command('unwrap'), 'unwrap')
    .usage('[options] CLIENT SERVER...')
    .description("take the proxy out of a client's config file again")
    .addHelpText('after', BACK)
    .addHelpText('after', examples('mcp-dbg unwrap claude-desktop weather', 'mcp-dbg unwrap cursor --all --dry-run'))
    .action((client: string | undefined, names: string[], options: WrapOptions) =>
      run(async () => {
        if (proxyOptions !== undefined) throw new CliError('USAGE', 'unwrap takes nothing behind --');
        return (await import('./commands/unwrap.ts')).unwrap(io, await clientNamed(client), names, options);
      }),
    );
}

/** What both commands take. */
function changing(command: Command, verb: string): Command {
  return command
    .addArgument(new Argument('[client]', 'the client whose config file it is').choices(CLIENTS).argParser(String))
    .argument('[servers...]', 'names of servers in it')
    .option('--all', `${verb} all of them`)
    .option('--config <file>', "this file of the client's, where it has several")
    .addOption(
      new Option('--scope <scope>', "only yours, yours for this project (Claude Code), or the project's").choices(
        SCOPES,
      ),
    )
    .option('--dry-run', 'only show what would change')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print JSON for programs');
}

/** The client of an id, or of the name that people call it. */
async function clientNamed(given: string | undefined): Promise<Client> {
  if (given === undefined)
    throw new CliError('USAGE', `Name a client: ${CLIENTS.join(', ')}; mcp-dbg wrap --list shows their servers`);
  const word = given.toLowerCase();
  const found = CLIENTS.find((each) => each === word || HOSTS[each].name.toLowerCase() === word);
  if (found !== undefined) return found;
  const { nearestWord } = await import('@mcp-dbg/capture');
  const meant = nearestWord(word, CLIENTS);
  const hint = meant === undefined ? 'there are' : `did you mean ${meant}? There are`;
  throw new CliError('USAGE', `Unknown client ${JSON.stringify(given)}; ${hint} ${CLIENTS.join(', ')}`);
}
