import type { Writable } from 'node:stream';

import type { Io } from '../io.ts';
import { widthOf } from '../render/cells.ts';
import { canDraw } from './can-draw.ts';
import { columnsOf, refreshSize, rowsOf } from './size.ts';

/** Milliseconds between two pictures. */
const STEP_MS = 80;

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
  readonly #terminal: Writable;
  readonly #options: LiveAreaOptions;
  readonly #onResize = (): void => this.#resize();
  #timer: NodeJS.Timeout | undefined;
  /** The rows that are drawn now; after a narrower window each may take several of the terminal's. */
  #drawn: readonly number[] = [];
  #drawnAt = 0;

  constructor(io: Io, options: LiveAreaOptions) {
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
    if (!this.isPossible) return;
    const isDue = performance.now() - this.#drawnAt >= STEP_MS;
    // What is over goes at once: somebody else may write there next.
    if (isDue || !this.#options.isActive()) this.#draw();
    else this.#later();
  }

  /** Writes something that stays, above. */
  above(write: () => void): void {
    this.#erase();
    write();
    this.changed();
  }

  /** Takes the rows away until something changes. */
  hide(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#erase();
  }

  /** Takes the rows away for good. */
  close(): void {
    this.hide();
    this.#terminal.off('resize', this.#onResize);
  }

  #later(): void {
    this.#timer ??= setTimeout(() => this.#draw(), STEP_MS);
    // A picture is no reason for the program to go on.
    this.#timer.unref();
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    refreshSize(this.#terminal);
    const rows = this.#options.isFree() ? this.#options.picture(this.columns, this.rows) : [];
    // One write, so that the terminal never shows half a picture.
    if (rows.length > 0 || this.#drawn.length > 0) this.#terminal.write(this.#eraser() + clipped(rows));
    this.#drawn = rows.map(widthOf);
    if (this.#options.isActive()) this.#later();
  }

  #erase(): void {
    refreshSize(this.#terminal);
    if (this.#drawn.length > 0) this.#terminal.write(this.#eraser());
    this.#drawn = [];
  }

  #eraser(): string {
    if (this.#drawn.length === 0) return '';
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / this.columns)), 0);
    return CLEAR_ROW + CLEAR_ROW_ABOVE.repeat(rows - 1);
  }

  #resize(): void {
    if (this.#drawn.length > 0) this.#draw();
  }
}

function clipped(rows: readonly string[]): string {
  return rows.length === 0 ? '' : BREAKS.off + rows.join('\n') + BREAKS.on;
}
