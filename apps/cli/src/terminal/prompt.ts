import { type Interface, clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import type { Writable } from 'node:stream';

import type { Io } from '../io.ts';
import { visible } from '../render/visible.ts';
import { EchoGate } from './echo-gate.ts';
import { type Key, Keyboard } from './keyboard.ts';
import { fromOneLine, toOneLine } from './one-line.ts';
import { PastedText } from './pasted-text.ts';
import { ReverseSearch } from './reverse-search.ts';
import { TypedLines } from './typed-lines.ts';

/** Asks the terminal to mark what is pasted (XTerm control sequences, "Bracketed Paste Mode"). */
const PASTE_MARKS = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const;

/** Gives the ways in which a line may go on, each a whole line. */
export type Complete = (line: string) => readonly string[];

export interface PromptOptions {
  readonly complete: Complete;
  /** Lines of earlier chats, newest first, and where new ones are kept. */
  readonly history?: { readonly lines: readonly string[]; add(line: string): void };
  /** Called on Ctrl-C, unless it only cleared what was being typed. */
  readonly onInterrupt: () => void;
  /** Called when something was typed ahead. */
  readonly onAhead?: () => void;
  /** Takes a line that need not wait for its turn; gives false for any other. */
  readonly takesAtOnce?: (line: string) => boolean;
  /** Called before the program is stopped by Ctrl-Z, and when it goes on. */
  readonly onStop?: () => void;
  readonly onContinue?: () => void;
}

const NO_HISTORY = { lines: [], add: () => {} };

/** The line editor of an interactive chat. What is typed ahead while an answer comes is kept for its turn. */
export class Prompt {
  readonly #options: PromptOptions;
  readonly #editor: Interface;
  readonly #keyboard: Keyboard;
  readonly #terminal: Writable;
  readonly #gate: EchoGate;
  readonly #lines: TypedLines;
  readonly #paste = new PastedText();
  /** False for a terminal that knows no control sequences. */
  readonly #canMove: boolean;
  readonly #forgetExit: () => void;
  #take: ((line: string | undefined) => void) | undefined;
  #question: { readonly complete: Complete } | undefined;
  #search: { readonly state: ReverseSearch; readonly prompt: string; readonly typed: string } | undefined;
  #isClosed = false;
  /** What stands before the line that is awaited, when nothing else does. */
  #prompt = '';

  constructor(io: Io, options: PromptOptions) {
    this.#options = options;
    this.#terminal = io.terminal.stdout ? io.stdout : io.stderr;
    this.#gate = new EchoGate(this.#terminal);
    this.#keyboard = new Keyboard(io.stdin, (text, key) => this.#seesFirst(text, key));
    this.#lines = new TypedLines(options.history ?? NO_HISTORY);
    this.#editor = createInterface({
      input: this.#keyboard.input,
      output: this.#gate,
      terminal: true,
      history: [...this.#lines.history],
      historySize: this.#lines.most,
      completer: (line: string) => this.#completed(line),
    });
    this.#canMove = io.env['TERM'] !== 'dumb';
    // Whatever ends us, the shell that follows gets its pastes unmarked.
    this.#forgetExit = io.onExit(() => this.#markPastes('off'));
    this.#markPastes('on');
    this.#listen();
  }

  /** True while a line is awaited, so that the terminal shows one. */
  get isOpen(): boolean {
    return this.#take !== undefined;
  }

  /** What was typed ahead, lines that wait and what is typed now; empty while a line is awaited. */
  get ahead(): string {
    if (this.isOpen || this.#isClosed) return '';
    return visible([...this.#lines.waiting.map((line) => `${toOneLine(line)} ⏎ `), this.#editor.line].join(''));
  }

  /** Shows `prompt` and gives the next line; undefined after Ctrl-D. */
  async line(prompt: string): Promise<string | undefined> {
    const waiting = this.#lines.next();
    if (waiting === undefined) return await this.#read(prompt, this.#takeText());
    this.#terminal.write(`${prompt}${visible(toOneLine(waiting))}\n`);
    return waiting;
  }

  /** Asks a question; what was typed ahead is no answer to it. Undefined after Ctrl-D, or once the signal is aborted. */
  async answer(
    question: string,
    signal: AbortSignal | undefined,
    complete: Complete = () => [],
  ): Promise<string | undefined> {
    if (signal?.aborted === true) return undefined;
    const ahead = this.#takeText();
    const stop = (): void => this.#settle(undefined);
    signal?.addEventListener('abort', stop);
    this.#question = { complete };
    try {
      return await this.#read(question, '');
    } finally {
      this.#question = undefined;
      signal?.removeEventListener('abort', stop);
      if (!this.#isClosed) this.#editor.write(ahead);
    }
  }

  /** Lets something be written while a line is shown: above it, and the line is shown again. */
  around(write: () => void): void {
    if (!this.isOpen) return write();
    if (!this.#canMove) {
      this.#terminal.write('\n');
      write();
      this.#terminal.write(this.#editor.getPrompt() + this.#editor.line);
      return;
    }
    const { rows } = this.#editor.getCursorPos();
    moveCursor(this.#terminal, 0, -rows);
    cursorTo(this.#terminal, 0);
    clearScreenDown(this.#terminal);
    write();
    // The editor goes up as many rows as its line had before it draws that again.
    this.#terminal.write('\n'.repeat(rows));
    this.#editor.prompt(true);
  }

  /** Leaves the terminal to another program, such as an editor. */
  release(): void {
    this.#markPastes('off');
    this.#keyboard.release();
  }

  /** Takes the terminal back from it. */
  take(): void {
    this.#keyboard.take();
    this.#markPastes('on');
  }

  /** Gives the terminal back as it was. */
  close(): void {
    if (!this.#gate.destroyed) this.#markPastes('off');
    this.#forgetExit();
    this.#editor.close();
    this.#keyboard.release();
    this.#gate.destroy();
  }

  /** The editor shows what it may put in place of the last word. */
  #completed(line: string): [string[], string] {
    const from = line.lastIndexOf(' ') + 1;
    const lines = (this.#question?.complete ?? this.#options.complete)(line);
    return [lines.map((each) => each.slice(from)), line.slice(from)];
  }

  #listen(): void {
    const editor = this.#editor;
    editor.on('history', (lines) => this.#lines.keepTo(lines));
    editor.on('line', (line) => this.#entered(line));
    editor.on('close', () => {
      this.#isClosed = true;
      this.#settle(undefined);
    });
    editor.on('SIGCONT', () => {
      // After Ctrl-Z and fg the editor waits to be told that it may read on.
      editor.resume();
      this.#markPastes('on');
      if (this.isOpen) editor.prompt(true);
      this.#options.onContinue?.();
    });
    editor.on('SIGINT', () => {
      const isBegun = this.isOpen && this.#lines.cancel();
      const isCleared = (this.isOpen && this.#takeText() !== '') || isBegun;
      if (isBegun) this.#terminal.write('\n');
      if (isCleared) editor.setPrompt(this.#prompt);
      if (isCleared) editor.prompt();
      if (!isCleared || this.#question !== undefined) this.#options.onInterrupt();
    });
  }

  #entered(line: string): void {
    if (this.#question !== undefined && this.isOpen) return this.#settle(fromOneLine(line));
    const whole = this.#lines.enter(fromOneLine(line));
    if (this.isOpen && whole === undefined) {
      this.#editor.setPrompt('… ');
      this.#editor.prompt();
    } else if (this.isOpen) {
      this.#settle(this.#lines.next());
    } else {
      if (whole !== undefined && this.#options.takesAtOnce?.(whole) === true) this.#lines.takeBack();
      this.#options.onAhead?.();
    }
  }

  /** Gives true for keys that are not the editor's. */
  #seesFirst(text: string | undefined, key: Key): boolean {
    const pasted = this.#paste.take(text, key);
    if (pasted === 'part') return true;
    if (pasted !== undefined) {
      this.#endSearch('accepted');
      this.#editor.write(toOneLine(pasted.text.replace(/\r\n?$|\n$/, '')));
      this.#options.onAhead?.();
      return true;
    }
    if (key.ctrl === true && key.name === 'z') this.#stop();
    if (this.#search !== undefined) return this.#searchOn(text, key, this.#search.state);
    if (key.ctrl === true && key.name === 'r' && this.isOpen && this.#question === undefined) {
      this.#search = {
        state: new ReverseSearch(this.#lines.history),
        prompt: this.#editor.getPrompt(),
        typed: this.#takeText(),
      };
      this.#showSearch();
      return true;
    }
    if (!this.isOpen) queueMicrotask(() => this.#options.onAhead?.());
    return false;
  }

  #stop(): void {
    this.#endSearch('accepted');
    this.#markPastes('off');
    this.#options.onStop?.();
    // The shell writes below the line that is being typed.
    if (this.isOpen) this.#terminal.write('\n');
  }

  #searchOn(text: string | undefined, { name, ctrl, meta }: Key, search: ReverseSearch): boolean {
    if (ctrl === true && name === 'r') search.older();
    else if (name === 'backspace') search.erase();
    else if (name === 'escape' || (ctrl === true && (name === 'c' || name === 'g'))) this.#endSearch('given up');
    else if (text !== undefined && text >= ' ' && text !== '\u007f' && ctrl !== true && meta !== true)
      search.type(text);
    else {
      // Any other key is meant for the line that was found.
      this.#endSearch('accepted');
      return false;
    }
    if (this.#search !== undefined) this.#showSearch();
    return true;
  }

  #showSearch(): void {
    if (this.#search === undefined) return;
    const { query, match } = this.#search.state;
    const isMissing = match === undefined && query !== '';
    this.#takeText();
    this.#editor.setPrompt(`(${isMissing ? 'nothing with' : 'search'}) ${visible(query)}: `);
    if (match !== undefined) this.#editor.write(match);
    this.#editor.prompt(true);
  }

  #endSearch(how: 'accepted' | 'given up'): void {
    if (this.#search === undefined) return;
    const { state, prompt, typed } = this.#search;
    this.#search = undefined;
    this.#takeText();
    this.#editor.setPrompt(prompt);
    this.#editor.write(how === 'accepted' ? (state.match ?? typed) : typed);
    this.#editor.prompt(true);
  }

  async #read(prompt: string, text: string): Promise<string | undefined> {
    if (this.#isClosed) return undefined;
    this.#gate.isOpen = true;
    this.#prompt = prompt;
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
    this.#search = undefined;
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

  #markPastes(how: keyof typeof PASTE_MARKS): void {
    if (this.#canMove) this.#terminal.write(PASTE_MARKS[how]);
  }
}
