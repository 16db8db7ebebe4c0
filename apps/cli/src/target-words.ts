import type { ServerCommand } from './connecting.ts';

/** The words of a command that asks one server: which server, unless its command stood after `--`, and what is asked. */
export interface TargetWords {
  readonly target: readonly string[];
  readonly rest: readonly string[];
}

/** Takes the server from the words of a command. */
export function targetWords(words: readonly string[], command: ServerCommand): TargetWords {
  return command === undefined ? { target: words.slice(0, 1), rest: words.slice(1) } : { target: [], rest: words };
}
