import { type Interface, clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import type { Writable } from 'node:stream';

import type { Io } from '../io.ts';
import { visible } from '../render/visible.ts';
import { EchoGate } from './echo-gate.ts';

/** Lines that can be brought back with the arrow keys. */
const HISTORY = 1000;

export interface PromptOptions {
  /** Gives the ways in which a line may go on. */
  readonly complete: (line: string) => readonly string[];
  /** Called on Ctrl-C, unless it only cleared what was being typed. */
  readonly onInterrupt: () => void;
}

/** The line editor of an interactive chat. What is typed ahead while an answer comes is kept for its turn, unseen. */
export class Prompt {
  readonly #editor: Interface;
  readonly #terminal: Writable;
  readonly #gate: EchoGate;
  readonly #typed: string[] = [];
  #take: ((line: string | undefined) => void) | undefined;
  #isQuestion = false;
  #isClosed = false;

  constructor(io: Io, { complete, onInterrupt }: PromptOptions) {
    this.#terminal = io.terminal.stdout ? io.stdout : io.stderr;
    this.#gate = new EchoGate(this.#terminal);
    this.#editor = createInterface({
      input: io.stdin,
      output: this.#gate,
      terminal: true,
      historySize: HISTORY,
      removeHistoryDuplicates: true,
      completer: (line: string) => [[...complete(line)], line],
    });
    this.#editor.on('line', (line) => (this.isOpen ? this.#settle(line) : this.#typed.push(line)));
    this.#editor.on('history', (lines) => {
      // The answer to a question is no line to bring back.
      if (this.#isQuestion) lines.shift();
    });
    this.#editor.on('close', () => {
      this.#isClosed = true;
      this.#settle(undefined);
    });
    this.#editor.on('SIGCONT', () => {
      // After Ctrl-Z and fg the editor waits to be told that it may read on.
      this.#editor.resume();
      if (this.isOpen) this.#editor.prompt(true);
    });
    this.#editor.on('SIGINT', () => {
      const isCleared = this.isOpen && this.#takeText() !== '';
      if (!isCleared || this.#isQuestion) onInterrupt();
    });
  }

  /** True while a line is awaited, so that the terminal shows one. */
  get isOpen(): boolean {
    return this.#take !== undefined;
  }

  /** Shows `prompt` and gives the next line; undefined after Ctrl-D. */
  async line(prompt: string): Promise<string | undefined> {
    const typed = this.#typed.shift();
    if (typed === undefined) return await this.#read(prompt, this.#takeText());
    this.#terminal.write(`${prompt}${visible(typed)}\n`);
    return typed;
  }

  /** Asks a question; what was typed ahead is no answer to it. Undefined after Ctrl-D, or once the signal is aborted. */
  async answer(question: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (signal?.aborted === true) return undefined;
    const ahead = this.#takeText();
    const stop = (): void => this.#settle(undefined);
    signal?.addEventListener('abort', stop);
    this.#isQuestion = true;
    try {
      return await this.#read(question, '');
    } finally {
      this.#isQuestion = false;
      signal?.removeEventListener('abort', stop);
      if (!this.#isClosed) this.#editor.write(ahead);
    }
  }

  /** Lets something be written while a line is shown: above it, and the line is shown again. */
  around(write: () => void): void {
    if (!this.isOpen) return write();
    const { rows } = this.#editor.getCursorPos();
    moveCursor(this.#terminal, 0, -rows);
    cursorTo(this.#terminal, 0);
    clearScreenDown(this.#terminal);
    write();
    // The editor goes up as many rows as its line had before it draws that again.
    this.#terminal.write('\n'.repeat(rows));
    this.#editor.prompt(true);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#editor.close();
    this.#gate.destroy();
  }

  async #read(prompt: string, text: string): Promise<string | undefined> {
    if (this.#isClosed) return undefined;
    this.#gate.isOpen = true;
    this.#editor.setPrompt(prompt);
    this.#editor.prompt();
    if (text !== '') this.#editor.write(text);
    return await new Promise((resolve) => (this.#take = resolve));
  }

  /** At once, since the next keys may be in the same read: they must not be seen. */
  #settle(line: string | undefined): void {
    const take = this.#take;
    if (take === undefined) return;
    this.#take = undefined;
    // Enter has ended the line on the terminal by itself.
    if (line === undefined) this.#gate.write('\n');
    this.#gate.isOpen = false;
    take(line);
  }

  /** Takes what is being typed out of the editor. */
  #takeText(): string {
    const { line } = this.#editor;
    if (line === '' || this.#isClosed) return '';
    this.#editor.write(null, { ctrl: true, name: 'e' });
    this.#editor.write(null, { ctrl: true, name: 'u' });
    return line;
  }
}
