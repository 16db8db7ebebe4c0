import type { Writable } from 'node:stream';

import type { Io } from '../io.ts';
import { widthOf } from '../render/cells.ts';
import { canDraw } from './can-draw.ts';
import { columnsOf, refreshSize, rowsOf } from './size.ts';

/** Milliseconds between two pictures. */
const STEP_MS = 80;

/** How much longer than the last picture took the next one waits at least: drawing takes a fifth of the time at most. */
const PAUSES = 4;

/** Milliseconds of such a wait at most: a picture may have taken long because the program was stopped meanwhile. */
const MAX_PAUSE_MS = 1000;

/** Row by row: what clears a whole screen at once, some terminals keep among the lines that have scrolled by. */
const CLEAR_ROW = '\r\u001b[K';
const CLEAR_ROW_ABOVE = `\u001b[A${CLEAR_ROW}`;

/** Keeps rows from being broken where the terminal has become narrower and the news of it is still on its way (DECAWM). */
const BREAKS = { off: '\u001b[?7l', on: '\u001b[?7h' } as const;

export interface LiveAreaOptions {
  /** What to draw now, a row each, none as wide as the terminal; nothing while there is nothing to tell. */
  readonly picture: (columns: number, rows: number) => readonly string[];
  /** Whether something goes on, so that there will be something to draw, and then something else. */
  readonly isActive: () => boolean;
  /** Whether the bottom of the terminal is free, and not a line that somebody types. */
  readonly isFree: () => boolean;
}

/**
 * The rows at the bottom of a terminal that change in place, below all that stays. They are drawn again and again while
 * there is something to tell, and never left behind.
 */
export class LiveArea {
  /** True where a terminal can be drawn on. */
  readonly isPossible: boolean;
  readonly #io: Io;
  readonly #terminal: Writable;
  readonly #options: LiveAreaOptions;
  readonly #onResize = (): void => this.#resize();
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires. */
  #dueAt = 0;
  /** What draws at the next turn of the event loop, sooner than any timer. */
  #soon: NodeJS.Immediate | undefined;
  /** The rows that are drawn now; after a narrower window each may take several of the terminal's. */
  #drawn: readonly number[] = [];
  /** When the last picture was there, and how long it took to make and write. */
  #drawnAt = -Infinity;
  #took = 0;

  constructor(io: Io, options: LiveAreaOptions) {
    this.#io = io;
    this.#terminal = io.terminal.stdout ? io.stdout : io.stderr;
    this.#options = options;
    this.isPossible = canDraw(io);
    if (this.isPossible) this.#terminal.on('resize', this.#onResize);
  }

  get columns(): number {
    return columnsOf(this.#terminal);
  }

  get rows(): number {
    return rowsOf(this.#terminal);
  }

  /** Something has changed: it is drawn within a step, and again and again while something goes on. */
  changed(): void {
    if (!this.isPossible || this.#isClosed) return;
    const wait = this.#pause(STEP_MS);
    // What is over goes at once: somebody else may write there next.
    if (wait <= 0 || !this.#options.isActive()) this.#draw();
    else this.#later(wait);
  }

  /** Writes whole lines that stay, above; the rows below them are there again in the same moment, as they are by then. */
  above(text: string, stream: Writable): void {
    const isHere = stream === this.#io.stdout ? this.#io.terminal.stdout : this.#io.terminal.stderr;
    if (!this.isPossible || this.#isClosed || !isHere) {
      stream.write(text);
      return this.changed();
    }
    // Of many lines that are written at once, the rows need not be below each.
    const wait = this.#pause(0);
    if (stream !== this.#terminal) {
      this.#erase();
      stream.write(text);
      if (wait <= 0) this.#draw();
    } else if (wait <= 0) this.#draw(text);
    else this.#erase(text);
    if (wait > 0) this.#later(wait);
  }

  /** Takes the rows away until something changes. */
  hide(): void {
    this.#stop();
    this.#erase();
  }

  /** Takes the rows away for good. */
  close(): void {
    this.hide();
    this.#isClosed = true;
    this.#terminal.off('resize', this.#onResize);
  }

  /** Milliseconds until there may be another picture: so long after the last one, or longer where that took long. */
  #pause(ms: number): number {
    return this.#drawnAt + Math.max(ms, Math.min(MAX_PAUSE_MS, PAUSES * this.#took)) - performance.now();
  }

  #later(ms: number): void {
    if (ms < 1) {
      this.#soon ??= setImmediate(() => this.#draw());
      return;
    }
    const at = performance.now() + ms;
    if (this.#timer !== undefined && this.#dueAt <= at) return;
    this.#stop();
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#draw(), ms);
    // A picture is no reason for the program to go on.
    this.#timer.unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = undefined;
    this.#soon = undefined;
  }

  /** Draws what there is now, below a text that stays. */
  #draw(text = ''): void {
    this.#stop();
    const began = performance.now();
    refreshSize(this.#terminal);
    const rows = this.#options.isFree() ? this.#options.picture(this.columns, this.rows) : [];
    // One write, so that the terminal never shows half a picture.
    const whole = this.#eraser() + text + clipped(rows);
    if (whole !== '') this.#terminal.write(whole);
    this.#drawn = rows.map(widthOf);
    this.#drawnAt = performance.now();
    this.#took = this.#drawnAt - began;
    if (this.#options.isActive()) this.#later(this.#pause(STEP_MS));
  }

  #erase(text = ''): void {
    refreshSize(this.#terminal);
    const whole = this.#eraser() + text;
    if (whole !== '') this.#terminal.write(whole);
    this.#drawn = [];
  }

  #eraser(): string {
    if (this.#drawn.length === 0) return '';
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / this.columns)), 0);
    return CLEAR_ROW + CLEAR_ROW_ABOVE.repeat(rows - 1);
  }

  #resize(): void {
    if (this.#drawn.length === 0) return;
    const wait = this.#pause(0);
    if (wait <= 0) this.#draw();
    else this.#later(wait);
  }
}

function clipped(rows: readonly string[]): string {
  return rows.length === 0 ? '' : BREAKS.off + rows.join('\n') + BREAKS.on;
}
