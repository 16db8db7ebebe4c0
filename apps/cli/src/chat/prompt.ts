import { type Interface, createInterface } from 'node:readline';

import type { Io } from '../io.ts';

/** The line editor of an interactive chat. What is typed ahead while an answer comes is kept for its turn. */
export class Prompt {
  readonly #editor: Interface;
  readonly #typed: string[] = [];
  #waiting: ((line: string | undefined) => void) | undefined;
  #closed = false;

  /** `onInterrupt` is called on Ctrl-C, with true when the line that is being typed was not empty (it is cleared). */
  constructor(io: Io, complete: (line: string) => readonly string[], onInterrupt: (hadText: boolean) => void) {
    this.#editor = createInterface({
      input: io.stdin,
      output: io.terminal.stdout ? io.stdout : io.stderr,
      terminal: true,
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: (line: string) => [[...complete(line)], line],
    });
    this.#editor.on('line', (line) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#typed.push(line);
      else waiting(line);
    });
    this.#editor.on('close', () => {
      this.#closed = true;
      this.#waiting?.(undefined);
    });
    this.#editor.on('SIGINT', () => {
      const hadText = this.#editor.line !== '';
      if (hadText) this.#editor.write(null, { ctrl: true, name: 'u' });
      onInterrupt(hadText);
    });
  }

  /** Shows `prompt` and gives the next line; undefined after Ctrl-D. */
  async line(prompt: string): Promise<string | undefined> {
    const typed = this.#typed.shift();
    if (typed !== undefined || this.#closed) return typed;
    this.#editor.setPrompt(prompt);
    this.#editor.prompt();
    return await new Promise((resolve) => (this.#waiting = resolve));
  }

  /** Asks a question; what was typed ahead is no answer to it. Undefined when the signal is aborted first. */
  async answer(question: string, signal?: AbortSignal): Promise<string | undefined> {
    if (this.#closed || signal?.aborted === true) return undefined;
    this.#editor.setPrompt(question);
    this.#editor.prompt();
    return await new Promise((resolve) => {
      this.#waiting = resolve;
      signal?.addEventListener('abort', () => {
        if (this.#waiting === resolve) this.#waiting = undefined;
        resolve(undefined);
      });
    });
  }

  close(): void {
    this.#editor.close();
  }
}
