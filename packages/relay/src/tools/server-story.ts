import type { ProcessEvent } from '@mcp-dbg/proxy';
import { StderrTail } from '@mcp-dbg/wire';

import { plainText } from '../plain-text.ts';
import type { RelayEvent } from '../relay-event.ts';
import type { PastError } from './past-errors.ts';

/** Lines of stderr that a crash is told with, and characters of each. */
const MAX_LINES = 20;
const MAX_LINE = 500;
/** Methods that are named of those that a crash left unanswered. */
const MAX_LOST = 20;

/** Faults that end a process, among those of one firing. */
const ENDS = /(?:^|,)(?:kill|exit)\b/;

/** One process of the server, as far as it goes. */
interface Life {
  readonly pid: number;
  /** Monotonic, milliseconds. */
  readonly sinceMs: number;
  readonly stderr: StderrTail;
  readonly lines: string[];
  readonly lost: string[];
  /** The fault, made on purpose, that ends it. */
  fault?: string;
}

/** What became of the server's processes, one after another. */
export class ServerStory {
  #life: Life | undefined;
  #starts = 0;
  #crashes = 0;
  /** The process that ends because somebody wants another one. */
  #leaving: number | undefined;

  get starts(): number {
    return this.#starts;
  }

  get crashes(): number {
    return this.#crashes;
  }

  /** Since when the process in use runs (monotonic, milliseconds); undefined while there is none. */
  get sinceMs(): number | undefined {
    return this.#life?.sinceMs;
  }

  /** Its process is being replaced on purpose: its end is no crash. */
  leaving(): void {
    this.#leaving = this.#life?.pid;
  }

  /** Takes a request that the process of this id did not answer. True where its crash, which follows, tells of it. */
  lost(pid: number, method: string): boolean {
    if (this.#life?.pid !== pid || this.#leaving === pid) return false;
    if (this.#life.lost.length < MAX_LOST) this.#life.lost.push(plainText(method, MAX_LINE));
    return true;
  }

  stderr(bytes: Uint8Array): void {
    const life = this.#life;
    if (life !== undefined) keep(life, life.stderr.push(bytes));
  }

  /** Takes what happened; gives the crash, where it was one. */
  event(event: RelayEvent, nowMs: number, atMs: number): PastError | undefined {
    if (event.kind === 'spawn') {
      this.#starts++;
      this.#life = { pid: event.pid, sinceMs: nowMs, stderr: new StderrTail(), lines: [], lost: [] };
    }
    if (this.#life === undefined) return undefined;
    if (event.kind === 'fault' && ENDS.test(event.action)) this.#life.fault = event.action;
    if (event.kind !== 'exit') return undefined;
    const life = this.#life;
    this.#life = undefined;
    const isWanted = this.#leaving === life.pid;
    this.#leaving = undefined;
    if (isWanted) return undefined;
    if (life.fault === undefined) this.#crashes++;
    return crashOf(life, event, nowMs, atMs);
  }
}

function keep({ lines }: Life, more: readonly string[]): void {
  lines.push(
    ...more
      .slice(-MAX_LINES)
      .filter((line) => line.trim() !== '')
      .map((line) => plainText(line, MAX_LINE)),
  );
  lines.splice(0, Math.max(0, lines.length - MAX_LINES));
}

type ExitEvent = Extract<ProcessEvent, { readonly kind: 'exit' }>;

function crashOf(life: Life, { code, signal }: ExitEvent, nowMs: number, atMs: number): PastError {
  const { pid, lines, lost, stderr, sinceMs, fault } = life;
  keep(life, stderr.end());
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const words = stderr.last === undefined ? 'it wrote nothing to stderr' : plainText(stderr.last, MAX_LINE);
  const why =
    fault === undefined ? 'ended by itself' : `was ended by mcp-dbg, by the fault ${plainText(fault, MAX_LINE)}`;
  return {
    kind: 'crash',
    atMs,
    message: `The server's process ${pid} ${why} (${how}): ${words}`,
    more: { pid, exitCode: code, signal, uptimeMs: Math.round(nowMs - sinceMs), stderr: lines, inFlight: lost },
  };
}
