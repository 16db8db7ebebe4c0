import type { Io } from '../io.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import { columnsOf } from './echo-gate.ts';

/** Milliseconds before a wait is worth a line, and between two pictures of it. */
const DELAY_MS = 300;
const STEP_MS = 100;
const MARKS = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** The sign of life while the program waits: what for, and how long. Only where stderr is a terminal. */
export class StatusLine {
  readonly #io: Io;
  readonly #theme: Theme;
  readonly #isPossible: boolean;
  readonly #isFree: () => boolean;
  #what: string | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;

  /** `isFree` says whether the line may be drawn on now: somebody may be typing there, or an answer may stand there. */
  constructor(io: Io, theme: Theme, isFree: () => boolean = () => true) {
    this.#io = io;
    this.#theme = theme;
    this.#isFree = isFree;
    this.#isPossible = io.terminal.stderr && io.env['TERM'] !== 'dumb' && io.env['CI'] === undefined;
  }

  /** Starts to tell what is awaited; undefined ends it. The same again goes on. */
  show(what: string | undefined): void {
    if (what === this.#what) return;
    this.hide();
    this.#what = what;
    this.#since = performance.now();
    this.again();
  }

  /** Clears the line, so that something else can be printed or typed there. */
  hide(): void {
    clearTimeout(this.#timer);
    if (this.#isDrawn) this.#io.stderr.write('\r\u001b[K');
    this.#isDrawn = false;
  }

  /** Goes on after {@link hide}. */
  again(): void {
    if (this.#what === undefined || !this.#isPossible) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(0), DELAY_MS);
    this.#timer.unref();
  }

  #draw(step: number): void {
    this.#timer = setTimeout(() => this.#draw(step + 1), STEP_MS);
    this.#timer.unref();
    if (!this.#isFree()) return;
    const seconds = (performance.now() - this.#since) / 1000;
    const text = `${MARKS[step % MARKS.length] ?? ''} waiting for ${visible(this.#what ?? '')} (${seconds.toFixed(0)} s)`;
    this.#io.stderr.write(`\r${this.#theme.dim(text.slice(0, columnsOf(this.#io.stderr) - 1))}\u001b[K`);
    this.#isDrawn = true;
  }
}
