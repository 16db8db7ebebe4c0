import { CliError, EXIT, exitOfSignal } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { canAsk } from './can-ask.ts';
import { Prompt } from './prompt.ts';
import { hiddenLine } from './hidden-line.ts';

/** Whoever can be asked before a command does what it is for. */
export interface Person {
  /** Shows lines above the next question, as they are. */
  readonly say: (text: string) => void;
  /**
   * Asks on one line; undefined after Ctrl-D, or once `over` is aborted. Throws CliError `INTERRUPTED` after Ctrl-C or a
   * signal of the system.
   */
  readonly ask: (question: string, over?: AbortSignal) => Promise<string | undefined>;
  /** The same without showing what is typed; absent where that is not possible. */
  readonly askSecret?: (question: string) => Promise<string | undefined>;
}

/** The person at the terminal; undefined where there is none, or where a program reads what is printed (`json`). */
export function personAt(io: Io, json: boolean): Person | undefined {
  if (!canAsk(io, json)) return undefined;
  const terminal = io.terminal.stderr ? io.stderr : io.stdout;
  return {
    say: (text) => void terminal.write(`${text}\n`),
    ask: async (question, over) =>
      await untilSignal(io, (leave) => {
        const prompt = new Prompt(io, { complete: () => [], onInterrupt: () => leave(EXIT.interrupted) });
        return { answer: prompt.answer(question, over), close: () => prompt.close() };
      }),
    askSecret: async (question) =>
      await untilSignal(io, (leave) => hiddenLine(io.stdin, terminal, question, () => leave(EXIT.interrupted))),
  };
}

/** A question that is open. */
interface OpenQuestion {
  readonly answer: Promise<string | undefined>;
  /** Gives the terminal back; the answer is undefined then. May be called again. */
  readonly close: () => void;
}

/** Asks until there is an answer. Throws CliError `INTERRUPTED` where the person leaves, or a signal comes. */
async function untilSignal(io: Io, open: (leave: (code: number) => void) => OpenQuestion): Promise<string | undefined> {
  let exit: number | undefined;
  const leave = (code: number): void => {
    exit = code;
    question.close();
  };
  const question = open(leave);
  const stopListening = io.onSignal((signal) => leave(exitOfSignal(signal)));
  try {
    const answer = await question.answer;
    if (exit !== undefined) throw new CliError('INTERRUPTED', 'Interrupted', { exit });
    return answer;
  } finally {
    stopListening();
    question.close();
  }
}
