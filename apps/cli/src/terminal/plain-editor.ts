import type { Writable } from 'node:stream';

import type { Key } from './keyboard.ts';
import type { LineEditor, LineEvents } from './line-editor.ts';

/** Takes the last character away on a terminal that knows nothing but backspace. */
const RUB_OUT = '\b \b';

/** A line of a terminal that knows no control sequences: typed at its end, and taken back from there. */
export class PlainEditor implements LineEditor {
  readonly #terminal: Writable;
  readonly #events: LineEvents;
  #text = '';
  #prompt = '';
  #isOpen = false;

  constructor(terminal: Writable, events: LineEvents) {
    this.#terminal = terminal;
    this.#events = events;
  }

  get text(): string {
    return this.#text;
  }

  key(text: string | undefined, { name, ctrl }: Key): void {
    if (name === 'return' || name === 'enter') this.#enter();
    else if (ctrl === true && name === 'c') this.#events.onInterrupt();
    else if (ctrl === true && name === 'd' && this.#text === '') this.#events.onEnd();
    else if (ctrl === true && name === 'u') this.setText('');
    else if (name === 'backspace') this.setText(Array.from(this.#text).slice(0, -1).join(''));
    else if (text !== undefined && ctrl !== true && text >= ' ' && text !== '\u007f') this.insert(text);
  }

  setText(text: string): void {
    const kept = text.startsWith(this.#text) ? this.#text : this.#text.startsWith(text) ? text : '';
    this.#echo(RUB_OUT.repeat(Array.from(this.#text.slice(kept.length)).length));
    this.#text = kept;
    this.insert(text.slice(kept.length));
  }

  insert(text: string): void {
    this.#text += text;
    this.#echo(text);
  }

  open(prompt: string): void {
    this.#isOpen = true;
    this.reopen(prompt);
  }

  reopen(prompt: string): void {
    this.#prompt = prompt;
    this.#echo(prompt + this.#text);
  }

  hide(): void {
    this.#isOpen = false;
  }

  around(write: () => void): void {
    this.#echo('\n');
    write();
    this.#echo(this.#prompt + this.#text);
  }

  close(): void {
    this.#isOpen = false;
  }

  #enter(): void {
    const line = this.#text;
    this.#text = '';
    this.#echo('\n');
    this.#events.onLine(line);
  }

  #echo(text: string): void {
    if (this.#isOpen) this.#terminal.write(text);
  }
}
