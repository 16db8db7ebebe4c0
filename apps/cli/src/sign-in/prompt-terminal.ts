import type { Io } from '../io.ts';
import { canAsk } from '../terminal/can-ask.ts';
import type { Terminal } from './terminal-person.ts';

/** The person at the terminal of a command that is no chat; undefined where there is none. `before` makes room for them. */
export function promptTerminal(io: Io, before: () => void = () => {}): Terminal | undefined {
  if (!canAsk(io, false)) return undefined;
  const shown = io.terminal.stderr ? io.stderr : io.stdout;
  const say = (text: string): void => {
    before();
    shown.write(`${text}\n`);
  };
  return {
    say,
    sayWhole: say,
    ask: async (question, signal) => {
      // What asks is loaded for the first question: most commands have none.
      const { personAt } = await import('../terminal/person.ts');
      return await personAt(io, false)?.ask(question, signal);
    },
  };
}
