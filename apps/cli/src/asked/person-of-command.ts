import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { OneServerOptions } from '../open-server.ts';
import { canAsk } from '../terminal/can-ask.ts';
import type { Watch } from '../watch.ts';
import type { AskPerson } from './person.ts';

/**
 * How the person at the terminal of a command without a dialogue is asked; undefined where there is none, or where
 * stdout is for programs. What is drawn meanwhile goes away for the questions; their Ctrl-C is told.
 */
export function personOfCommand(
  io: Io,
  { json = false }: OneServerOptions,
  watch: Watch,
  onInterrupt: (error: CliError) => void,
): AskPerson | undefined {
  if (!canAsk(io, json)) return undefined;
  let last: Promise<unknown> = Promise.resolve();
  return async (signal, use) => {
    const ask = async (): Promise<Awaited<ReturnType<typeof use>>> => {
      const { askPerson } = await import('../ask-person.ts');
      const awaited = watch.awaited;
      watch.waiting(undefined);
      try {
        return await askPerson(io, signal, use);
      } catch (error) {
        // Ctrl-C is a key here and no signal; it means the whole command.
        if (error instanceof CliError && error.code === 'INTERRUPTED') onInterrupt(error);
        throw error;
      } finally {
        watch.waiting(awaited);
      }
    };
    const mine = last.then(ask, ask);
    last = mine.catch(() => {});
    return await mine;
  };
}
