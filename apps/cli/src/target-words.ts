import type { ServerCommand } from './connecting.ts';
import { type ServerOptions, namesServer } from './server-options.ts';

/** The words of a command that asks one server: which server, unless it is named elsewhere, and what is asked. */
export interface TargetWords {
  readonly target: readonly string[];
  readonly rest: readonly string[];
}

/** Takes the server from the words of a command, where neither `--server` nor a command after `--` names it. */
export function targetWords(words: readonly string[], command: ServerCommand, options: ServerOptions): TargetWords {
  return namesServer(command, options)
    ? { target: [], rest: words }
    : { target: words.slice(0, 1), rest: words.slice(1) };
}
