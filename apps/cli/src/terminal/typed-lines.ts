import { toOneLine } from './one-line.ts';

/** Lines that can be brought back. */
const MOST = 1000;

/** The lines that a person enters: those that go on, those that wait for their turn, and those to bring back. */
export class TypedLines {
  readonly #store: { add(line: string): void };
  readonly #waiting: string[] = [];
  /** Newest first, each as one line. */
  readonly #history: string[];
  #begun: string[] = [];
  /** Which line of the history is shown, and what was typed before one was; -1 for none. */
  #at = -1;
  #draft = '';

  constructor(store: { readonly lines: readonly string[]; add(line: string): void }) {
    this.#store = store;
    this.#history = store.lines.slice(0, MOST).map(toOneLine);
  }

  get history(): readonly string[] {
    return this.#history;
  }

  /** True while a line goes on that ended in `\`. */
  get isBegun(): boolean {
    return this.#begun.length > 0;
  }

  /** What was entered and not taken yet, oldest first. */
  get waiting(): readonly string[] {
    return this.#waiting;
  }

  /** Takes what the editor ended with Enter. Gives the whole line; undefined where it ends in `\` and goes on. */
  enter(line: string): string | undefined {
    this.#at = -1;
    const isContinued = /(?<!\\)(?:\\\\)*\\$/.test(line);
    this.#begun.push(isContinued ? line.slice(0, -1) : line);
    if (isContinued) return undefined;
    const whole = this.#begun.join('\n');
    this.#begun = [];
    this.#waiting.push(whole);
    this.#remember(whole);
    return whole;
  }

  /** Forgets the line that goes on, and what was brought back; true if a line went on. */
  cancel(): boolean {
    const { isBegun } = this;
    this.#begun = [];
    this.#at = -1;
    return isBegun;
  }

  /** The line before the one that is shown; undefined where there is none. `typed` comes back after all newer ones. */
  older(typed: string): string | undefined {
    const line = this.#history[this.#at + 1];
    if (line === undefined) return undefined;
    if (this.#at === -1) this.#draft = typed;
    this.#at++;
    return line;
  }

  /** The line after the one that is shown, at last what was typed; undefined where that is shown. */
  newer(): string | undefined {
    if (this.#at === -1) return undefined;
    this.#at--;
    return this.#at === -1 ? this.#draft : this.#history[this.#at];
  }

  /** Takes back the line that was entered last and waits; undefined where none does. */
  takeBack(): string | undefined {
    return this.#waiting.pop();
  }

  /** Forgets the lines that wait, which can be brought back; gives how many they were. */
  drop(): number {
    return this.#waiting.splice(0).length;
  }

  /** Takes the next whole line. */
  next(): string | undefined {
    return this.#waiting.shift();
  }

  #remember(whole: string): void {
    if (whole.trim() === '') return;
    const line = toOneLine(whole);
    const before = this.#history.indexOf(line);
    if (before !== -1) this.#history.splice(before, 1);
    this.#history.unshift(line);
    this.#history.length = Math.min(this.#history.length, MOST);
    // The line is still being ended; what is to be said about the file must not stand in it.
    queueMicrotask(() => this.#store.add(whole));
  }
}
