import type { LoopEvent, Progress } from '@mcp-dbg/core';

import { callText } from '../render/call-text.ts';
import { widthOf } from '../render/cells.ts';
import { fitted } from '../render/columns.ts';
import { formatSeconds } from '../render/sizes.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';

/** Milliseconds before a wait, or a running call, is worth a row. */
const DELAY_MS = 300;
/** Milliseconds that one picture of the spinner stands. */
const STEP_MS = 80;
const MARKS = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
/** Running calls that have a row of their own at most. */
const MAX_CALLS = 5;
/** Columns of a progress bar. */
const BAR = 10;

interface Running {
  readonly text: string;
  readonly since: number;
  progress: Progress | undefined;
}

/** What goes on right now, as rows that are drawn in place: what is awaited and for how long, and every running call. */
export class Activity {
  readonly #theme: Theme;
  readonly #calls = new Map<string, Running>();
  #awaited: { readonly what: string; readonly since: number } | undefined;

  constructor(theme: Theme) {
    this.#theme = theme;
  }

  get isActive(): boolean {
    return this.#awaited !== undefined || this.#calls.size > 0;
  }

  /** Says what is awaited from now on; undefined for nothing. The same again goes on. */
  waiting(what: string | undefined): void {
    if (what !== this.#awaited?.what) this.#awaited = what === undefined ? undefined : { what, since: now() };
  }

  call(event: Extract<LoopEvent, { type: 'tool-call' }>): void {
    this.#calls.set(event.id, { text: callText(event.name, event.args), since: now(), progress: undefined });
  }

  progress({ id, progress }: Extract<LoopEvent, { type: 'tool-progress' }>): void {
    const call = this.#calls.get(id);
    if (call !== undefined) call.progress = progress;
  }

  result(id: string): void {
    this.#calls.delete(id);
  }

  /** The rows, each narrower than the terminal. */
  rows(columns: number): readonly string[] {
    const calls = [...this.#calls.values()].filter(isDue);
    const shown = calls.slice(0, MAX_CALLS).map((call) => this.#callRow(call, columns));
    const more = calls.length - shown.length;
    if (more > 0) shown.push(this.#theme.dim(fitted(`  and ${more} more calls`, columns - 1)));
    // While calls run, they are what is awaited.
    if (this.#calls.size > 0 || this.#awaited === undefined || !isDue(this.#awaited)) return shown;
    const { what, since } = this.#awaited;
    const text = `${spinner(since)} waiting for ${visible(what)} (${formatSeconds(now() - since)})`;
    return [...shown, this.#theme.dim(fitted(text, columns - 1))];
  }

  #callRow({ text, since, progress }: Running, columns: number): string {
    const time = `  ${formatSeconds(now() - since)}`;
    const told = progress === undefined ? '' : fitted(`  ${progressText(progress)}`, Math.floor(columns / 2));
    const call = fitted(`${spinner(since)} ${text}`, Math.max(8, columns - 1 - time.length - widthOf(told)));
    return this.#theme.tool(call) + this.#theme.dim(fitted(time + told, columns - 1 - widthOf(call)));
  }
}

/** `█████░░░░░ 2/4 reading`: how far, as far as the server says it. */
function progressText({ progress, total, message }: Progress): string {
  const part = total === undefined || !(total > 0) ? undefined : Math.min(1, Math.max(0, progress / total));
  const full = part === undefined ? 0 : Math.round(part * BAR);
  const bar = part === undefined ? [] : ['█'.repeat(full) + '░'.repeat(BAR - full)];
  const count = total === undefined ? String(progress) : `${progress}/${total}`;
  return [...bar, count, ...(message === undefined ? [] : [visible(message.slice(0, 200))])].join(' ');
}

function isDue({ since }: { readonly since: number }): boolean {
  return now() - since >= DELAY_MS;
}

function spinner(since: number): string {
  return MARKS[Math.floor((now() - since) / STEP_MS) % MARKS.length] ?? '';
}

function now(): number {
  return performance.now();
}
