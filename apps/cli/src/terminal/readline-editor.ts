import { type Interface, clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import { Readable, type Writable } from 'node:stream';

import { EchoGate } from './echo-gate.ts';
import type { Key, Keyboard } from './keyboard.ts';
import type { LineEditor, LineEvents } from './line-editor.ts';
import { columnsOf } from './size.ts';

/** Gives the ways in which a line may go on, each a whole line. */
export type Complete = (line: string) => readonly string[];

/** A line that node:readline edits and completes. It gets its keys from us, and has no history: that is ours too. */
export class ReadlineEditor implements LineEditor {
  readonly #editor: Interface;
  readonly #input: Readable;
  readonly #terminal: Writable;
  readonly #gate: EchoGate;
  readonly #onResize = (): void => this.#resize();
  #isClosed = false;

  constructor(terminal: Writable, keyboard: Keyboard, complete: Complete, events: LineEvents) {
    this.#terminal = terminal;
    this.#gate = new EchoGate(terminal);
    this.#input = new Readable({ read: () => {} });
    // The editor takes it for the terminal and sets its mode.
    Object.defineProperties(this.#input, {
      isTTY: { value: true },
      isRaw: { get: () => keyboard.isRaw },
      setRawMode: { value: (isRaw: boolean) => keyboard.setRawMode(isRaw) },
    });
    this.#editor = createInterface({
      input: this.#input,
      output: this.#gate,
      terminal: true,
      historySize: 0,
      completer: (line: string) => completed(line, complete),
    });
    this.#editor.on('line', events.onLine);
    this.#editor.on('SIGINT', events.onInterrupt);
    this.#editor.on('close', () => {
      this.#isClosed = true;
      events.onEnd();
    });
    this.#editor.on('SIGCONT', () => {
      // After Ctrl-Z and fg the editor waits to be told that it may read on.
      this.#editor.resume();
      if (this.#gate.isOpen) {
        // What the shell has written since stands above, and the editor goes up as many rows as its line had.
        terminal.write('\n'.repeat(this.#editor.getCursorPos().rows));
        this.#editor.prompt(true);
      }
      events.onContinue();
    });
    terminal.on('resize', this.#onResize);
  }

  get text(): string {
    return this.#editor.line;
  }

  key(text: string | undefined, key: Key): void {
    this.#input.emit('keypress', text, key);
  }

  setText(text: string): void {
    if (this.#isClosed) return;
    if (this.#editor.line !== '') {
      this.#editor.write(null, { ctrl: true, name: 'e' });
      this.#editor.write(null, { ctrl: true, name: 'u' });
    }
    this.insert(text);
  }

  insert(text: string): void {
    if (!this.#isClosed && text !== '') this.#editor.write(text);
  }

  open(prompt: string): void {
    // What was typed ahead may have several rows, which the editor believes to have drawn.
    this.#terminal.write('\n'.repeat(this.#editor.getCursorPos().rows));
    this.#gate.isOpen = true;
    this.reopen(prompt);
  }

  reopen(prompt: string): void {
    this.#editor.setPrompt(prompt);
    this.#editor.prompt(true);
  }

  hide(): void {
    this.#gate.isOpen = false;
    if (this.#isClosed) return;
    // A question may have had several rows: the editor is to believe in no more than what is typed ahead.
    this.reopen('');
  }

  around(write: () => void): void {
    const { rows } = this.#editor.getCursorPos();
    this.#redraw(rows, rows, write);
  }

  close(): void {
    this.#editor.close();
    this.#terminal.off('resize', this.#onResize);
    this.#gate.destroy();
  }

  /** The terminal has broken the line into other rows by itself; the editor still goes by the old ones. */
  #resize(): void {
    const before = this.#editor.getCursorPos().rows;
    this.#gate.columns = columnsOf(this.#terminal);
    if (this.#gate.isOpen) this.#redraw(this.#editor.getCursorPos().rows, before, () => {});
  }

  /** Takes the line away, whose cursor is in its row `now`, and draws it anew; the editor believes in row `believed`. */
  #redraw(now: number, believed: number, write: () => void): void {
    moveCursor(this.#terminal, 0, -now);
    cursorTo(this.#terminal, 0);
    clearScreenDown(this.#terminal);
    write();
    // The editor goes up as many rows as its line had before it draws that again.
    this.#terminal.write('\n'.repeat(believed));
    this.#editor.prompt(true);
  }
}

/** The editor shows what it may put in place of the last word. */
function completed(line: string, complete: Complete): [string[], string] {
  const from = line.lastIndexOf(' ') + 1;
  return [complete(line).map((each) => each.slice(from)), line.slice(from)];
}
