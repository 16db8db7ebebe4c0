import { toOneLine } from './one-line.ts';

/** Lines that can be brought back. */
const MOST = 1000;

/** The lines that a person enters: those that go on, those that wait for their turn, and those to bring back. */
export class TypedLines {
  readonly most = MOST;
  readonly #store: { add(line: string): void };
  readonly #waiting: string[] = [];
  /** Newest first, each as one line. */
  readonly #history: string[];
  /** The editor's own list, which it looks lines up in. */
  #editors: string[] | undefined;
  #begun: string[] = [];

  constructor(store: { readonly lines: readonly string[]; add(line: string): void }) {
    this.#store = store;
    this.#history = store.lines.slice(0, MOST).map(toOneLine);
  }

  get history(): readonly string[] {
    return this.#history;
  }

  /** What was entered and not taken yet, oldest first. */
  get waiting(): readonly string[] {
    return this.#waiting;
  }

  /** Takes what the editor ended with Enter. Gives the whole line; undefined where it ends in `\` and goes on. */
  enter(line: string): string | undefined {
    const isContinued = /(?<!\\)(?:\\\\)*\\$/.test(line);
    this.#begun.push(isContinued ? line.slice(0, -1) : line);
    if (isContinued) return undefined;
    const whole = this.#begun.join('\n');
    this.#begun = [];
    this.#waiting.push(whole);
    this.#remember(whole);
    return whole;
  }

  /** Forgets the line that goes on; true if there was one. */
  cancel(): boolean {
    const isBegun = this.#begun.length > 0;
    this.#begun = [];
    return isBegun;
  }

  /** Takes the line that was entered last out of those that wait. */
  takeBack(): void {
    this.#waiting.pop();
  }

  /** Takes the next whole line. */
  next(): string | undefined {
    return this.#waiting.shift();
  }

  /** Makes the editor's list ours: an answer to a question, or a part of a line, is none to bring back. */
  keepTo(lines: string[]): void {
    this.#editors = lines;
    lines.splice(0, lines.length, ...this.#history);
  }

  #remember(whole: string): void {
    if (whole.trim() === '') return;
    const line = toOneLine(whole);
    const before = this.#history.indexOf(line);
    if (before !== -1) this.#history.splice(before, 1);
    this.#history.unshift(line);
    this.#history.length = Math.min(this.#history.length, MOST);
    if (this.#editors !== undefined) this.keepTo(this.#editors);
    this.#store.add(whole);
  }
}
