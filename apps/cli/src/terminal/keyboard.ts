import { emitKeypressEvents } from 'node:readline';
import { Readable } from 'node:stream';

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

/** The keys of a terminal on their way to a line editor, which reads `input`. */
export class Keyboard {
  readonly input: Readable;
  readonly #terminal: Terminal;
  readonly #onKey: (text: string | undefined, key: Key) => void;
  readonly #onEnd: () => void;

  /** `take` sees every key first; the editor does not get those for which it gives true. */
  constructor(terminal: Readable, take: (text: string | undefined, key: Key) => boolean) {
    this.#terminal = terminal;
    const input = new Readable({ read: () => {} });
    // The editor takes the terminal for its own: it sets the mode, and keys come as events.
    Object.defineProperties(input, {
      isTTY: { value: true },
      isRaw: { get: () => this.#terminal.isRaw },
      setRawMode: { value: (isRaw: boolean) => this.#terminal.setRawMode?.(isRaw) },
    });
    this.input = input;
    this.#onKey = (text, key) => {
      if (!take(text, key)) input.emit('keypress', text, key);
    };
    this.#onEnd = () => void input.push(null);
    emitKeypressEvents(terminal);
    this.take();
  }

  /** Listens to the terminal. */
  take(): void {
    this.#terminal.on('keypress', this.#onKey).on('end', this.#onEnd);
    this.#terminal.setRawMode?.(true);
    this.#terminal.resume();
  }

  /** Leaves the terminal to others, as it was. */
  release(): void {
    this.#terminal.off('keypress', this.#onKey).off('end', this.#onEnd);
    this.#terminal.setRawMode?.(false);
    this.#terminal.pause();
  }
}
