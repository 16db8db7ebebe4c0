import type { Key } from './keyboard.ts';

/** What a line editor tells of. */
export interface LineEvents {
  /** Enter was pressed. */
  readonly onLine: (line: string) => void;
  /** Ctrl-D was pressed in an empty line, or the terminal is gone. */
  readonly onEnd: () => void;
  /** Ctrl-C was pressed. */
  readonly onInterrupt: () => void;
  /** The program goes on after Ctrl-Z. */
  readonly onContinue: () => void;
}

/** One line of a terminal in which a person types. */
export interface LineEditor {
  /** What is typed so far, whether it is shown or not. */
  readonly text: string;
  /** Takes a key that was pressed. */
  key(text: string | undefined, key: Key): void;
  /** Puts this in place of what is typed, the cursor behind it. */
  setText(text: string): void;
  insert(text: string): void;
  /** Shows `prompt` and what is typed, from now on. */
  open(prompt: string): void;
  /** Goes on behind another prompt in a new line, or in the same. */
  reopen(prompt: string): void;
  /** Keys are taken, and not shown any more. */
  hide(): void;
  /** Lets something be written above the line, which is shown again. */
  around(write: () => void): void;
  close(): void;
}
