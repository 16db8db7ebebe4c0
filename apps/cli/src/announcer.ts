import { setTimeout as wait } from 'node:timers/promises';

import type { CaptureRecord } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';
import type { Observer, Pipe } from '@mcp-dbg/proxy';
import type { RelayEvent } from '@mcp-dbg/relay';

import { Announcements } from './announcements.ts';

/** Bytes that wait to be checked at most; past that the check is given up rather than the traffic slowed. */
const MAX_WAITING = 32 * 1024 * 1024;

/** Milliseconds that the last words may take where nobody reads stderr. */
const LAST_WORDS_MS = 100;

/**
 * Says on stderr what the proxy does and what is wrong with what it sees, each kind of fault once. It checks after the
 * bytes were passed on, and never holds more than a bounded part of them.
 */
export class Announcer implements Observer {
  /** Undefined when it was given up: what was not seen may be all that matters. */
  #linter: CaptureLinter | undefined = new CaptureLinter();
  readonly #told = new Set<string>();
  readonly #startedAt = performance.now();
  readonly #announcements = new Announcements();
  #waiting: CaptureRecord[] = [];
  #bytes = 0;
  #isDue = false;
  /** The processes of the server so far. */
  #processes = 0;

  /** Is given the way to stderr, once the server has been started. */
  readonly onStderr = this.#announcements.onStderr;

  /** Says a sentence between its own. */
  readonly say = (sentence: string): void => this.#announcements.say(sentence);

  read(from: Pipe, bytes: Uint8Array, by?: 'mcp-dbg'): void {
    if (this.#linter === undefined) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_WAITING) {
      this.#giveUp();
      return;
    }
    // What is read into is used again for the next read.
    this.#add({ t: 'data', ...this.#stamp(), from, bytes: Buffer.from(bytes), ...(by !== undefined && { by }) });
  }

  event(event: RelayEvent): void {
    switch (event.kind) {
      case 'spawn':
        // What there is to say of the process before it comes first.
        this.#check();
        this.#processes++;
        this.say(`server started, pid ${event.pid}`);
        this.#add({ t: 'spawn', ...this.#stamp(), pid: event.pid });
        break;
      case 'eof':
        this.#add({ t: 'eof', ...this.#stamp(), from: event.from });
        break;
      case 'signal':
        this.#add({ t: 'signal', ...this.#stamp(), signal: event.signal });
        break;
      case 'exit': {
        const { code, signal } = event;
        this.#add({ t: 'exit', ...this.#stamp(), code, signal });
        break;
      }
      case 'fault': {
        const { kind, ...told } = event;
        this.say(`fault ${told.action} at a frame of the ${told.from}, by the rule ${told.rule}`);
        this.#add({ t: kind, ...this.#stamp(), ...told });
        break;
      }
      case 'note': {
        const { kind, ...told } = event;
        this.#add({ t: kind, ...this.#stamp(), ...told });
        break;
      }
    }
  }

  /** Checks what is left, and says how the server ended and what was found. Resolves when that was said. */
  async close(): Promise<void> {
    this.#check();
    if (this.#linter !== undefined) this.#tell(this.#linter.end());
    const found =
      this.#told.size === 0 ? 'no rule was broken' : `broken rules: ${this.#told.size}; mcp-dbg lint says all`;
    const last = this.#linter === undefined ? 'the end was not checked' : `${this.#linter.frames} frames, ${found}`;
    await Promise.race([this.#announcements.end(last), wait(LAST_WORDS_MS)]);
  }

  #stamp(): { readonly seq: 0; readonly us: number; readonly conn: number } {
    return { seq: 0, us: Math.round((performance.now() - this.#startedAt) * 1000), conn: this.#processes };
  }

  #add(record: CaptureRecord): void {
    this.#waiting.push(record);
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#check());
  }

  #check(): void {
    this.#isDue = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    for (const record of waiting) {
      if (this.#linter !== undefined) this.#tell(this.#linter.push(record));
      if (record.t === 'exit') this.say(`server exited: ${record.signal ?? `code ${record.code ?? 'unknown'}`}`);
    }
  }

  #tell(findings: readonly CaptureFinding[]): void {
    for (const { rule, level, message, n } of findings) {
      if (level === 'info' || this.#told.has(rule)) continue;
      this.#told.add(rule);
      this.say(`${level} ${rule}: ${message}${n === undefined ? '' : ` [frame ${n}]`}`);
    }
  }

  #giveUp(): void {
    this.#linter = undefined;
    this.#waiting = this.#waiting.filter(({ t }) => t !== 'data');
    this.say('the traffic is too fast to be checked while it passes; mcp-dbg lint checks the capture');
  }
}
