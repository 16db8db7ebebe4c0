import { CliError, EXIT, exitOfSignal } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { visible } from '../render/visible.ts';
import { Prompt } from '../terminal/prompt.ts';
import type { SavedServer } from './session-file.ts';

/** Characters of commands that a person can be asked to judge: more would push the beginning off the screen. */
const MAX_SHOWN = 1500;

/**
 * Asks whether what a file of unknown origin would run may be run: shows each command exactly. Throws CliError
 * `NOT_APPROVED` where nobody can be asked, where there is too much to show, or for any answer but yes.
 */
export async function approveServers(
  file: string,
  servers: readonly SavedServer[],
  io: Io,
  canAsk: boolean,
): Promise<void> {
  const commands = servers.map(({ name, argv, cwd }) => {
    const where = cwd === undefined ? '' : ` (in ${JSON.stringify(cwd)})`;
    return `${visible(name)}: ${visible(argv.map(quoted).join(' ') + where)}`;
  });
  const shown = commands.join('; ');
  const refused = (why: string): CliError =>
    new CliError(
      'NOT_APPROVED',
      `${JSON.stringify(file)} was not saved by you on this machine, ${why}; if you trust that, name the server on the command line beside --resume`,
    );
  if (shown.length > MAX_SHOWN) throw refused('and the commands in it are too long to be judged');
  if (!canAsk) throw refused(`and nobody can be asked here whether to run what it names (${shown})`);
  const terminal = io.terminal.stderr ? io.stderr : io.stdout;
  terminal.write(
    `${JSON.stringify(visible(file))} was not saved by you on this machine. It would run:\n  ${commands.join('\n  ')}\n`,
  );
  const answer = await asked(io);
  if (answer !== 'y' && answer !== 'yes') throw refused('and what it names was not allowed to run');
}

/** The answer in small letters. Throws CliError `INTERRUPTED` after Ctrl-C. */
async function asked(io: Io): Promise<string | undefined> {
  let exit: number | undefined;
  const leave = (code: number): void => {
    exit = code;
    prompt.close();
  };
  const prompt = new Prompt(io, { complete: () => [], onInterrupt: () => leave(EXIT.interrupted) });
  const stopListening = io.onSignal((signal) => leave(exitOfSignal(signal)));
  try {
    const answer = await prompt.answer('Run that? [y]es, [n]o: ', undefined);
    if (exit !== undefined) throw new CliError('INTERRUPTED', 'Interrupted', { exit });
    return answer?.trim().toLowerCase();
  } finally {
    stopListening();
    prompt.close();
  }
}

/** A word as a shell would need it, so that it is seen where one ends and what it holds. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}
