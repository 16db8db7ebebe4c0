import type { Root, ServerConfig, Session } from '@mcp-dbg/core';

import type { Theme } from '../../render/theme.ts';
import type { FormIo } from '../form/form-io.ts';
import type { RecentWire } from '../recent-wire.ts';
import type { View } from '../view.ts';
import type { Added } from './read-added.ts';

/** What a slash command may use. */
export interface SlashContext {
  readonly session: Session;
  readonly view: View;
  readonly signal: AbortSignal;
  readonly wire: RecentWire;
  /** The colours of stdout, and its width where it is a terminal. */
  readonly theme: Theme;
  readonly columns: () => number | undefined;
  /** How the person is asked; undefined where nobody can be. */
  readonly form: FormIo | undefined;
  /** Gives the sentence that says what is shown now. */
  readonly toggleVerbose: () => string;
  /** The file that the chat is kept in, if any. */
  readonly savedIn: () => string | undefined;
  /** Saves the chat into a file, or the one in use, and gives it. Throws what the person should be told. */
  readonly save: (file: string | undefined) => string;
  /** The folders that servers may ask for; undefined where the chat was not started to offer any. */
  readonly roots: Root[] | undefined;
  readonly cwd: string;
  readonly changeModel: (name: string) => Promise<void>;
  /** Finds a server as the command line does; may ask. Throws what the person should be told. */
  readonly findServer: (added: Omit<Added, 'name'>) => Promise<ServerConfig>;
  /** The person's home folder. */
  readonly home: string;
}

/** One command of a chat. */
export interface SlashCommand {
  readonly usage: string;
  readonly what: string;
  /** Whether it can be done while a query is answered. */
  readonly isAtOnce?: boolean;
  readonly run: (rest: string, context: SlashContext) => void | Promise<void>;
}

/** The first word of a text, and the rest. */
export function cutWord(text: string): readonly [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  return [word, rest];
}
