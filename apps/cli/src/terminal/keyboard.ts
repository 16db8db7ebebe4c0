import { emitKeypressEvents } from 'node:readline';
import type { Readable } from 'node:stream';

/** A key as node:readline decodes it. */
export interface Key {
  /** Such as `return`, `backspace`, `r`, or `paste-start`; absent for many characters. */
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  /** What the terminal sent. */
  readonly sequence?: string;
}

interface Terminal extends Readable {
  readonly isRaw?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

/** The keys of a terminal, one by one, while it is taken. */
export class Keyboard {
  readonly #terminal: Terminal;
  readonly #onKey: (text: string | undefined, key: Key) => void;
  readonly #onEnd: () => void;

  constructor(terminal: Readable, onKey: (text: string | undefined, key: Key) => void, onEnd: () => void) {
    this.#terminal = terminal;
    this.#onKey = onKey;
    this.#onEnd = onEnd;
    emitKeypressEvents(terminal);
    this.take();
  }

  get isRaw(): boolean {
    return this.#terminal.isRaw === true;
  }

  setRawMode(isRaw: boolean): void {
    this.#terminal.setRawMode?.(isRaw);
  }

  /** Listens to the terminal. */
  take(): void {
    this.#terminal.on('keypress', this.#onKey).on('end', this.#onEnd);
    this.setRawMode(true);
    this.#terminal.resume();
  }

  /** Leaves the terminal to others, as it was. */
  release(): void {
    this.#terminal.off('keypress', this.#onKey).off('end', this.#onEnd);
    this.setRawMode(false);
    this.#terminal.pause();
  }
}
