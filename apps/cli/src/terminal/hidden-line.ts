import type { Readable, Writable } from 'node:stream';

import { type Key, Keyboard } from './keyboard.ts';

/**
 * Asks for a line of which nothing is shown. It is undefined after Ctrl-D, and after `close`, which gives the terminal back
 * and may be called again.
 */
export function hiddenLine(
  input: Readable,
  terminal: Writable,
  question: string,
  onInterrupt: () => void,
): { readonly answer: Promise<string | undefined>; readonly close: () => void } {
  let text = '';
  let settle: ((line: string | undefined) => void) | undefined;
  const answer = new Promise<string | undefined>((resolve) => (settle = resolve));
  const end = (line: string | undefined): void => {
    if (settle === undefined) return;
    keyboard.release();
    terminal.write('\n');
    settle(line);
    settle = undefined;
  };
  const onKey = (typed: string | undefined, { name, ctrl }: Key): void => {
    if (name === 'return' || name === 'enter') end(text);
    else if (ctrl === true && name === 'c') onInterrupt();
    else if (ctrl === true && name === 'd' && text === '') end(undefined);
    else if (ctrl === true && name === 'u') text = '';
    else if (name === 'backspace') text = Array.from(text).slice(0, -1).join('');
    else if (typed !== undefined && ctrl !== true && typed >= ' ' && typed !== '\u007f') text += typed;
  };
  terminal.write(question);
  const keyboard = new Keyboard(input, onKey, () => end(undefined));
  return { answer, close: () => end(undefined) };
}
