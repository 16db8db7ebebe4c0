import { visible } from '../render/visible.ts';
import { argumentCompletions } from './argument-completions.ts';
import { pathCompletions } from './path-completions.ts';

/** What a line can be completed from. */
export interface CompletionWorld {
  /** Names without the slash. */
  readonly commands: readonly string[];
  readonly servers: readonly string[];
  /** Input schemas by the names of their tools. */
  readonly tools: ReadonlyMap<string, unknown>;
  /** The ids of models that are known. */
  readonly models: readonly string[];
  /** The names in a folder, those of folders with a `/` at their end; none where it cannot be read. */
  readonly list: (folder: string) => readonly string[];
}

/** What the path of a script model stands behind. */
const SCRIPT = 'script:';

/** Lines that are given at most: as many as a person reads. */
const MAX_LINES = 100;

/**
 * The whole lines that `line` may become, each of which begins with it. What a terminal or a reader could be fooled by
 * is left out, and so is what would not be read back as it was meant.
 */
export function completions(line: string, world: CompletionWorld): readonly string[] {
  const [, command = '', space = '', rest = ''] = /^\/(\S*)(\s*)([\s\S]*)$/.exec(line) ?? [];
  if (!line.startsWith('/')) return [];
  const after = Object.hasOwn(AFTER, command) ? AFTER[command] : undefined;
  const lines =
    space === ''
      ? world.commands.filter(isWord).map((each) => `/${each}${Object.hasOwn(AFTER, each) ? ' ' : ''}`)
      : (after?.(rest, world) ?? []).map((each) => `/${command}${space}${each}`);
  const found: string[] = [];
  for (const each of new Set(lines)) {
    if (found.length < MAX_LINES && each.startsWith(line) && each !== line && visible(each) === each) found.push(each);
  }
  return found;
}

/** What may stand after a command. */
const AFTER: Readonly<Record<string, (rest: string, world: CompletionWorld) => readonly string[]>> = {
  call: afterCall,
  tools: (_, { tools }) => [...tools.keys()].filter(isWord),
  model: afterModel,
  add: (rest, { list }) => pathCompletions(rest, list),
  reconnect: (_, { servers }) => servers,
  stop: (_, { servers }) => servers,
  // The name of a server goes before what is asked of it.
  prompt: (_, { servers }) => servers.filter(isWord).map((each) => `${each} `),
  raw: (_, { servers }) => servers.filter(isWord).map((each) => `${each} `),
  read: (_, { servers }) => servers.filter(isWord).map((each) => `${each} `),
  // A path is all that is left of the line, so its spaces need no quotes.
  save: (rest, { list }) => pathCompletions(rest, list),
};

function afterCall(rest: string, { tools, list }: CompletionWorld): readonly string[] {
  const [, tool = '', space = '', given = ''] = /^(\S*)(\s*)([\s\S]*)$/.exec(rest) ?? [];
  if (space === '')
    return [...tools.keys()].filter(isWord).map((name) => (tools.get(name) === undefined ? name : `${name} `));
  return argumentCompletions(given, tools.get(tool), list).map((each) => `${tool}${space}${each}`);
}

function afterModel(rest: string, { models, list }: CompletionWorld): readonly string[] {
  if (!rest.startsWith(SCRIPT)) return [...models, 'manual', SCRIPT];
  return pathCompletions(rest.slice(SCRIPT.length), list).map((path) => SCRIPT + path);
}

/** True for what is read as one word. */
function isWord(name: string): boolean {
  return /^\S+$/.test(name);
}
