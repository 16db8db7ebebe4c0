import { type Command, InvalidArgumentError } from 'commander';

import { type Run, examples, paragraph } from './command-parts.ts';
import type { SignInOptions } from './commands/sign-in.ts';
import type { Io } from './io.ts';

const SERVER = 'the URL of an MCP server, or its name in a config file';

const KEPT =
  paragraph(`Servers that want to know who you are say so, and chat and the others ask you then: sign-in does it
beforehand, or as a client that is registered already. Tokens are kept in the state folder, in files
that you alone can read, and are renewed by themselves.`);

/** Adds the commands that say who we are to servers behind URLs. */
export function addSignInCommands(root: Command, io: Io, run: Run): void {
  root
    .command('sign-in')
    .argument('<server>', SERVER)
    .description('sign in to a server behind a URL (OAuth)')
    .option('--scope <scopes>', 'ask for these, separated by spaces (default: what the server names)')
    .option('--issuer <url>', 'the authorization server, and no other (default: the one that the server names)')
    .option('--client-id <id>', 'a client that is registered there, or the URL of its document (default: register one)')
    .option('--client-secret-file <file>', "its secret (default: MCP_DBG_CLIENT_SECRET's); goes to --issuer alone")
    .option('--client-key-file <file>', 'its private key, in PEM, in place of a secret')
    .option('--client-credentials', 'sign in as that client itself: no person, no browser')
    .option('--callback-port <n>', 'the port of this machine that the browser comes back to (default: any)', port)
    .option('--json', 'print JSON for programs')
    .addHelpText('after', KEPT)
    .addHelpText(
      'after',
      examples(
        'mcp-dbg sign-in https://mcp.example.com/mcp',
        'mcp-dbg sign-in api --client-id ci --issuer https://id.example.com',
      ),
    )
    .action((server: string, options: SignInOptions) =>
      run(async () => (await import('./commands/sign-in.ts')).signIn(io, server, options)),
    );
  root
    .command('sign-out')
    .argument('<server>', SERVER)
    .description('forget a sign-in, and have its tokens taken back')
    .option('--json', 'print JSON for programs')
    .addHelpText(
      'after',
      examples('mcp-dbg sign-out https://mcp.example.com/mcp', 'mcp-dbg sign-out https://mcp.example.com/mcp --json'),
    )
    .action((server: string, options: { readonly json?: boolean }) =>
      run(async () => (await import('./commands/sign-in.ts')).signOut(io, server, options)),
    );
  root
    .command('sign-ins')
    .description('list what was signed in to: where, for what, until when')
    .option('--json', 'print JSON for programs, a line each')
    .addHelpText('after', examples('mcp-dbg sign-ins', 'mcp-dbg sign-ins --json | jq -r .server'))
    .action((options: { readonly json?: boolean }) =>
      run(async () => (await import('./commands/sign-in.ts')).listSignIns(io, options)),
    );
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new InvalidArgumentError('It takes a port, from 1 to 65535.');
}
