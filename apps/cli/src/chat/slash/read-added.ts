import { CliError } from '../../exit-code.ts';
import type { ServerOptions } from '../../server-options.ts';

/** A server as a person names it in a chat: as on the command line. */
export interface Added {
  readonly targets: readonly string[];
  readonly command: readonly [string, ...string[]] | undefined;
  readonly options: Pick<ServerOptions, 'env' | 'header' | 'cwd'>;
  /** What it is to be called; undefined for the name that it has by itself. */
  readonly name: string | undefined;
}

/** Characters of a name: it stands before the names of tools, which have 64 at most. */
const MAX_NAME = 40;

/** Reads the words behind `/add`. Throws CliError `USAGE`. */
export function readAdded(words: readonly string[], usage: string): Added {
  const cut = words.indexOf('--');
  const own = cut === -1 ? words : words.slice(0, cut);
  const [file, ...args] = cut === -1 ? [] : words.slice(cut + 1);
  const targets: string[] = [];
  const env: string[] = [];
  const header: string[] = [];
  let cwd: string | undefined;
  let name: string | undefined;
  const rest = own[Symbol.iterator]();
  const valueOf = (option: string): string => {
    const { done, value } = rest.next();
    if (done === true) throw new CliError('USAGE', `${option} needs a value: ${usage}`);
    return value;
  };
  for (const word of rest) {
    if (word === '-e' || word === '--env') env.push(valueOf(word));
    else if (word === '--header') header.push(valueOf(word));
    else if (word === '--cwd') cwd = valueOf(word);
    else if (/^name=/i.test(word)) name = nameIn(word.slice('name='.length));
    else if (word.startsWith('-')) throw new CliError('USAGE', `There is no option ${JSON.stringify(word)}: ${usage}`);
    else targets.push(word);
  }
  const command = file === undefined ? undefined : ([file, ...args] as const);
  if (targets.length + (command === undefined ? 0 : 1) !== 1) throw new CliError('USAGE', `Name one server: ${usage}`);
  return { targets, command, options: { env, header, ...(cwd !== undefined && { cwd }) }, name };
}

function nameIn(text: string): string {
  if (/^[\w.-]+$/.test(text) && text.length <= MAX_NAME) return text;
  throw new CliError('USAGE', `A name has letters, digits, - _ . and at most ${MAX_NAME} characters`);
}
