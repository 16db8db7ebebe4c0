import { Argument, type Command } from 'commander';

import { type Run, examples } from './command-parts.ts';
import { SHELLS } from './completion/shells.ts';
import type { ServerCommand } from './connecting.ts';
import type { Io } from './io.ts';

const HOW = `
bash        source <(mcp-dbg completion bash), in ~/.bashrc
zsh         source <(mcp-dbg completion zsh), in ~/.zshrc behind compinit
fish        mcp-dbg completion fish | source, in ~/.config/fish/config.fish
PowerShell  mcp-dbg completion powershell | Out-String | Invoke-Expression,
            in $PROFILE
Tab never starts a server: the tools offered are those that a command of the
last week listed under the name typed, in this folder.`;

/** Adds what completes command lines in a shell. */
export function addCompletionCommands(root: Command, io: Io, line: ServerCommand, run: Run): void {
  root
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .description('print the script by which a shell completes commands, options, servers and tools')
    .addHelpText('after', HOW)
    .addHelpText('after', examples('mcp-dbg completion bash >> ~/.bashrc', 'mcp-dbg completion fish | source'))
    .action((shell: string) => run(async () => (await import('./commands/completion.ts')).completion(io, shell)));

  // What those scripts ask; the line stands behind --.
  root
    .command('complete-line', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) =>
      run(async () => (await import('./commands/complete-line.ts')).completeLine(io, root, words, line?.[0] ?? '')),
    );
}
