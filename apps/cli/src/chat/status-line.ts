import type { Io } from '../io.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';

/** Milliseconds before a wait is worth a line, and between two pictures of it. */
const DELAY_MS = 300;
const STEP_MS = 100;
const MARKS = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** The sign of life while the program waits: what for, and how long. Only where stderr is a terminal. */
export class StatusLine {
  readonly #io: Io;
  readonly #theme: Theme;
  #what: string | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #drawn = false;

  constructor(io: Io, theme: Theme) {
    this.#io = io;
    this.#theme = theme;
  }

  /** Starts to tell what is awaited; undefined ends it. */
  show(what: string | undefined): void {
    this.hide();
    this.#what = what;
    this.#since = performance.now();
    this.again();
  }

  /** Clears the line, so that something else can be printed. */
  hide(): void {
    clearTimeout(this.#timer);
    if (this.#drawn) this.#io.stderr.write('\r\u001b[K');
    this.#drawn = false;
  }

  /** Goes on after something else was printed. */
  again(): void {
    if (this.#what === undefined || !this.#io.terminal.stderr || this.#io.env['TERM'] === 'dumb' || this.#io.env['CI'] !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(0), DELAY_MS);
    this.#timer.unref();
  }

  #draw(step: number): void {
    const seconds = (performance.now() - this.#since) / 1000;
    const columns = 'columns' in this.#io.stderr && typeof this.#io.stderr.columns === 'number' ? this.#io.stderr.columns : 80;
    const text = `${MARKS[step % MARKS.length] ?? ''} waiting for ${visible(this.#what ?? '')} (${seconds.toFixed(0)} s)`;
    this.#io.stderr.write(`\r${this.#theme.dim(text.slice(0, columns - 1))}\u001b[K`);
    this.#drawn = true;
    this.#timer = setTimeout(() => this.#draw(step + 1), STEP_MS);
    this.#timer.unref();
  }
}
