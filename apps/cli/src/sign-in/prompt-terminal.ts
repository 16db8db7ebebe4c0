import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { Terminal } from './terminal-person.ts';

/** The person at the terminal of a command that is no chat; undefined where there is none. `before` makes room for them. */
export function promptTerminal(io: Io, before: () => void = () => {}): Terminal | undefined {
  if (!io.terminal.stdin || !(io.terminal.stdout || io.terminal.stderr)) return undefined;
  const shown = io.terminal.stderr ? io.stderr : io.stdout;
  const say = (text: string): void => {
    before();
    shown.write(`${text}\n`);
  };
  return {
    say,
    sayWhole: say,
    ask: async (question, signal) => {
      const { Prompt } = await import('../terminal/prompt.ts');
      let isInterrupted = false;
      const prompt = new Prompt(io, {
        complete: () => [],
        onInterrupt: () => {
          isInterrupted = true;
          prompt.close();
        },
      });
      try {
        const answer = await prompt.answer(question, signal);
        if (isInterrupted) throw new CliError('INTERRUPTED', 'Interrupted', { exit: EXIT.interrupted });
        return answer;
      } finally {
        prompt.close();
      }
    },
  };
}
