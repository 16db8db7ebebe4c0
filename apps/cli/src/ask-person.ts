import { editText, editorOf } from './chat/edit-text.ts';
import type { FormIo } from './chat/form/form-io.ts';
import { EXIT, CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { columnsOf } from './terminal/size.ts';
import { Prompt } from './terminal/prompt.ts';

/**
 * Lets a form be filled in the terminal of a command that has no dialogue, and gives the terminal back. The signal ends
 * the questions, and so does Ctrl-C: it throws CliError `INTERRUPTED`.
 */
export async function askPerson<T>(io: Io, signal: AbortSignal, use: (form: FormIo) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const over = AbortSignal.any([signal, interrupted.signal]);
  const prompt = new Prompt(io, { complete: () => [], onInterrupt: () => interrupted.abort() });
  const terminal = io.terminal.stdout ? io.stdout : io.stderr;
  const say = (text: string): void => prompt.around(() => terminal.write(`${text}\n`));
  try {
    const used = await use({
      ask: async (question, complete) => await prompt.answer(question, over, complete),
      say,
      list: (rows) => rows.forEach(say),
      columns: () => columnsOf(terminal),
      ...(editorOf(io.env) && {
        edit: async (text: string, extension: string) =>
          await editText(text, extension, {
            env: io.env,
            signal: over,
            onExit: io.onExit,
            before: () => prompt.release(),
            after: () => prompt.take(),
            say,
          }),
      }),
    });
    if (interrupted.signal.aborted) throw new CliError('INTERRUPTED', 'Interrupted', { exit: EXIT.interrupted });
    return used;
  } finally {
    prompt.close();
  }
}
