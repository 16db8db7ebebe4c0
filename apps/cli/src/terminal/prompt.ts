import type { Writable } from 'node:stream';

import type { Io } from '../io.ts';
import { visible } from '../render/visible.ts';
import { type Key, Keyboard } from './keyboard.ts';
import type { LineEditor } from './line-editor.ts';
import { fromOneLine, toOneLine } from './one-line.ts';
import { PastedText } from './pasted-text.ts';
import { PlainEditor } from './plain-editor.ts';
import { type Complete, ReadlineEditor } from './readline-editor.ts';
import { SearchLine } from './search-line.ts';
import { TypedLines } from './typed-lines.ts';

/** Asks the terminal to mark what is pasted (XTerm control sequences, "Bracketed Paste Mode"). */
const PASTE_MARKS = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const;

export interface PromptOptions {
  readonly complete: Complete;
  /** Lines of earlier chats, newest first, and where new ones are kept. */
  readonly history?: { readonly lines: readonly string[]; add(line: string): void };
  /** Called on Ctrl-C, unless it only cleared what was being typed. */
  readonly onInterrupt: () => void;
  /** Called when something was typed ahead. */
  readonly onAhead?: () => void;
  /** Called when Ctrl-C took lines away that waited. */
  readonly onDropped?: (lines: number) => void;
  /** Called on Ctrl-D while no line is awaited. */
  readonly onEndAhead?: () => void;
  /** Takes a line that need not wait for its turn; gives false for any other. */
  readonly takesAtOnce?: (line: string) => boolean;
  /** Called before the program is stopped by Ctrl-Z, and when it goes on. */
  readonly onStop?: () => void;
  readonly onContinue?: () => void;
}

/** Stands before the rest of a line that ended in `\\`. */
const GOES_ON = '… ';

const NO_HISTORY = { lines: [], add: () => {} };

/** The line that a person types in a chat. What is typed ahead while an answer comes is kept for its turn. */
export class Prompt {
  readonly #options: PromptOptions;
  readonly #terminal: Writable;
  readonly #keyboard: Keyboard;
  readonly #editor: LineEditor;
  readonly #lines: TypedLines;
  readonly #paste = new PastedText();
  /** False for a terminal that knows no control sequences. */
  readonly #canMove: boolean;
  readonly #forgetExit: () => void;
  #take: ((line: string | undefined) => void) | undefined;
  #question: { readonly complete: Complete; readonly endsAlone: boolean } | undefined;
  #search: SearchLine | undefined;
  /** True when nothing more is typed, and when the terminal is given back. */
  #isClosed = false;
  #isGivenBack = false;
  /** What stands before the line that is awaited, when nothing else does. */
  #prompt = '';

  constructor(io: Io, options: PromptOptions) {
    this.#options = options;
    this.#terminal = io.terminal.stdout ? io.stdout : io.stderr;
    this.#canMove = io.env['TERM'] !== 'dumb';
    this.#lines = new TypedLines(options.history ?? NO_HISTORY);
    const onKey = (text: string | undefined, key: Key): void => {
      if (!this.#seesFirst(text, key)) this.#editor.key(text, key);
    };
    this.#keyboard = new Keyboard(io.stdin, onKey, () => this.#end());
    const events = {
      onLine: (line: string) => this.#entered(line),
      onEnd: () => this.#end(),
      onInterrupt: () => this.#interrupt(),
      onContinue: () => {
        this.#markPastes('on');
        options.onContinue?.();
      },
    };
    const complete: Complete = (line) => (this.#question?.complete ?? options.complete)(line);
    this.#editor = this.#canMove
      ? new ReadlineEditor(this.#terminal, this.#keyboard, complete, events)
      : new PlainEditor(this.#terminal, events);
    // Whatever ends us, the shell that follows gets its pastes unmarked.
    this.#forgetExit = io.onExit(() => this.#markPastes('off'));
    this.#markPastes('on');
  }

  /** True while a line is awaited, so that the terminal shows one. */
  get isOpen(): boolean {
    return this.#take !== undefined;
  }

  /** What was typed ahead, lines that wait and what is typed now; empty while a line is awaited. */
  get ahead(): string {
    if (this.isOpen || this.#isClosed) return '';
    return visible([...this.#lines.waiting.map((line) => `${toOneLine(line)} ⏎ `), this.#editor.text].join(''));
  }

  /** Shows `prompt` and gives the next line; undefined after Ctrl-D. */
  async line(prompt: string): Promise<string | undefined> {
    const waiting = this.#lines.next();
    if (waiting === undefined) return await this.#read(prompt);
    this.#terminal.write(`${prompt}${visible(toOneLine(waiting))}\n`);
    return waiting;
  }

  /**
   * Asks a question; what was typed ahead is no answer to it. Undefined after Ctrl-D, or once the signal is aborted; with
   * `endsAlone` Ctrl-C too ends the question, and nothing else.
   */
  async answer(
    question: string,
    signal: AbortSignal | undefined,
    complete: Complete = () => [],
    endsAlone = false,
  ): Promise<string | undefined> {
    if (signal?.aborted === true) return undefined;
    const ahead = this.#editor.text;
    this.#editor.setText('');
    const stop = (): void => this.#settle(undefined);
    signal?.addEventListener('abort', stop);
    this.#question = { complete, endsAlone };
    try {
      return await this.#read(question);
    } finally {
      this.#question = undefined;
      signal?.removeEventListener('abort', stop);
      this.#editor.setText(ahead);
    }
  }

  /** Lets something be written while a line is shown: above it, and the line is shown again. */
  around(write: () => void): void {
    if (this.isOpen) this.#editor.around(write);
    else write();
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
    if (this.#isGivenBack) return;
    this.#isGivenBack = true;
    this.#isClosed = true;
    this.#settle(undefined);
    this.#markPastes('off');
    this.#forgetExit();
    this.#editor.close();
    this.#keyboard.release();
  }

  #entered(line: string): void {
    if (this.#question !== undefined && this.isOpen) return this.#settle(fromOneLine(line));
    const whole = this.#lines.enter(fromOneLine(line));
    if (this.isOpen && whole === undefined) {
      this.#editor.reopen(GOES_ON);
    } else if (this.isOpen) {
      this.#settle(this.#lines.next());
    } else {
      if (whole !== undefined && this.#options.takesAtOnce?.(whole) === true) this.#lines.takeBack();
      this.#options.onAhead?.();
    }
  }

  /** Ctrl-C clears what is typed; with nothing typed it is for others, and then lines that wait do not run by themselves. */
  #interrupt(): void {
    const isBegun = this.isOpen && this.#lines.cancel();
    const isCleared = (this.isOpen && this.#editor.text !== '') || isBegun;
    if (isCleared) this.#editor.setText('');
    if (isBegun) this.#terminal.write('\n');
    if (isBegun) this.#editor.reopen(this.#prompt);
    if (isCleared && this.#question === undefined) return;
    if (this.#question?.endsAlone === true) {
      this.#settle(undefined);
      return;
    }
    const dropped = this.isOpen ? 0 : this.#lines.drop();
    if (dropped > 0) this.#options.onDropped?.(dropped);
    this.#options.onInterrupt();
  }

  /** Nothing more is typed. */
  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.isOpen) this.#settle(undefined);
    else this.#options.onEndAhead?.();
  }

  /** Gives true for keys that are not the editor's. */
  #seesFirst(text: string | undefined, key: Key): boolean {
    const pasted = this.#paste.take(text, key);
    if (pasted === 'part') return true;
    if (pasted !== undefined) {
      this.#endSearch('accepted');
      this.#editor.insert(toOneLine(pasted.text.replace(/\r\n?$|\n$/, '')));
      this.#options.onAhead?.();
      return true;
    }
    if (key.ctrl === true && key.name === 'z') this.#stop();
    if (this.#search !== undefined) return this.#searchOn(text, key, this.#search);
    if (!this.isOpen) queueMicrotask(() => this.#options.onAhead?.());
    return this.#declines(key) || (this.#canMove && this.#bringsBack(key));
  }

  /** Ctrl-D answers a question with nothing, and gives up a line that goes on; anywhere else it is the end. */
  #declines({ name, ctrl }: Key): boolean {
    if (name !== 'd' || ctrl !== true || this.#editor.text !== '' || !this.isOpen) return false;
    if (this.#question !== undefined) {
      this.#settle(undefined);
      return true;
    }
    if (!this.#lines.cancel()) return false;
    this.#terminal.write('\n');
    this.#editor.reopen(this.#prompt);
    return true;
  }

  /** The keys by which lines are brought back. */
  #bringsBack({ name, ctrl }: Key): boolean {
    if (this.#question !== undefined && this.isOpen) return false;
    if (name === 'up' || (ctrl === true && name === 'p')) this.#bringBack('older');
    else if (name === 'down' || (ctrl === true && name === 'n')) this.#bringBack('newer');
    else if (ctrl === true && name === 'r' && this.isOpen)
      this.#search = new SearchLine(this.#editor, this.#lines.history, this.#lines.isBegun ? GOES_ON : this.#prompt);
    else return false;
    return true;
  }

  #bringBack(which: 'older' | 'newer'): void {
    // The last line that waits comes first.
    if (which === 'older' && !this.isOpen && this.#editor.text === '' && this.#takeBack()) return;
    const line = which === 'older' ? this.#lines.older(this.#editor.text) : this.#lines.newer();
    if (line !== undefined) this.#editor.setText(line);
  }

  /** Makes the last line that waits the one that is typed, before what is typed already; false where none waits. */
  #takeBack(): boolean {
    const line = this.#lines.takeBack();
    if (line === undefined) return false;
    const typed = this.#editor.text;
    this.#editor.setText(toOneLine(typed === '' ? line : `${line}\n${fromOneLine(typed)}`));
    return true;
  }

  #stop(): void {
    this.#endSearch('accepted');
    this.#markPastes('off');
    this.#options.onStop?.();
    // The shell writes below the line that is being typed.
    if (this.isOpen) this.#terminal.write('\n');
  }

  #searchOn(text: string | undefined, key: Key, search: SearchLine): boolean {
    const step = search.key(text, key);
    if (step !== 'on') this.#endSearch(step === 'given up' ? 'given up' : 'accepted');
    // Any other key is meant for the line that was found.
    return step !== 'over';
  }

  #endSearch(how: 'accepted' | 'given up'): void {
    this.#search?.end(how);
    this.#search = undefined;
  }

  async #read(prompt: string): Promise<string | undefined> {
    if (this.#isClosed) return undefined;
    this.#prompt = prompt;
    this.#editor.open(prompt);
    return await new Promise((resolve) => (this.#take = resolve));
  }

  /** At once, since the next keys may be in the same read: they must not be seen. */
  #settle(line: string | undefined): void {
    const take = this.#take;
    if (take === undefined) return;
    this.#take = undefined;
    this.#search = undefined;
    // Enter has ended the line on the terminal by itself.
    if (line === undefined) this.#terminal.write('\n');
    this.#editor.hide();
    take(line);
  }

  #markPastes(how: keyof typeof PASTE_MARKS): void {
    if (this.#canMove) this.#terminal.write(PASTE_MARKS[how]);
  }
}
