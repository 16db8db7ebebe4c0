import { beginRemembering } from '../completion/known-tools.ts';
import { completionScript } from '../completion/scripts.ts';
import { SHELLS, shellNamed } from '../completion/shells.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';

/** Prints the script that completes our command lines in a shell. Gives the exit code. Throws CliError `USAGE`. */
export async function completion(io: Io, name: string): Promise<number> {
  const shell = shellNamed(name);
  if (shell === undefined)
    throw new CliError('USAGE', `There is no completion for that shell; there is ${SHELLS.join(', ')}`);
  beginRemembering(io);
  io.stdout.write(completionScript(shell));
  return EXIT.good;
}
