import type { Argument, Command, Option } from 'commander';

/** What may stand at the cursor. */
export type Wanted =
  | { readonly kind: 'commands'; readonly of: Command }
  | { readonly kind: 'options'; readonly of: Command; readonly given: ReadonlySet<string> }
  | { readonly kind: 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'servers' | 'names' | 'captures' | 'models' | 'files' | 'folders' | 'nothing' }
  | { readonly kind: 'tools'; readonly server: string }
  | { readonly kind: 'arguments'; readonly server: string; readonly tool: string };

/** What is wanted, and what of the last word stands before it: `--era=` in `--era=le`. */
export interface Place {
  readonly wanted: Wanted;
  readonly before: string;
}

/** Tells what may stand at the cursor, by the table of commands alone: their options, arguments and usage. */
export function placeIn(table: Command, words: readonly string[], last: string): Place {
  let command = table;
  let pending: Option | undefined;
  let isOver = false;
  let positionals: string[] = [];
  const given = new Set<string>();
  for (const word of words) {
    if (pending !== undefined) pending = undefined;
    else if (word === '--') isOver = true;
    else if (isOver) continue;
    else if (word.startsWith('-') && word !== '-') {
      const option = optionNamed(command, word.split('=', 1)[0] ?? '');
      if (option?.long !== undefined) given.add(option.long);
      if (option !== undefined && takesValue(option) && !word.includes('=')) pending = option;
    } else {
      const sub = positionals.length === 0 ? subcommand(command, word) : undefined;
      if (sub === undefined) positionals.push(word);
      else [command, positionals] = [sub, []];
    }
  }
  if (pending !== undefined) return { wanted: valueOf(pending), before: '' };
  // Behind -- stands the command of a server, which is none of ours.
  if (isOver) return { wanted: { kind: 'files' }, before: '' };
  const cut = last.startsWith('--') ? last.indexOf('=') : -1;
  if (cut !== -1) {
    const option = optionNamed(command, last.slice(0, cut));
    return { wanted: option === undefined ? NOTHING : valueOf(option), before: last.slice(0, cut + 1) };
  }
  if (last.startsWith('-')) return { wanted: { kind: 'options', of: command, given }, before: '' };
  return { wanted: positional(command, table, positionals), before: '' };
}

const NOTHING: Wanted = { kind: 'nothing' };

/** What a value is, by the name that stands for it in the help. */
function valueOf(option: Option): Wanted {
  if (option.argChoices !== undefined) return { kind: 'choices', values: option.argChoices };
  const name = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
  switch (name) {
    case 'file':
      return { kind: 'files' };
    case 'folder':
      return { kind: 'folders' };
    case 'model':
      return { kind: 'models' };
    case 'name':
      return option.long === '--server' ? { kind: 'names' } : NOTHING;
    default:
      return NOTHING;
  }
}

function positional(command: Command, table: Command, before: readonly string[]): Wanted {
  if (command === table) return before.length === 0 || before[0] === 'help' ? { kind: 'commands', of: table } : NOTHING;
  const argument = command.registeredArguments[Math.min(before.length, command.registeredArguments.length - 1)];
  if (argument?.argChoices !== undefined) return { kind: 'choices', values: argument.argChoices };
  const [server = '', tool = ''] = before;
  switch (namesIn(command)[before.length] ?? repeated(command.registeredArguments)) {
    case 'commands':
      return { kind: 'commands', of: command };
    case 'server':
      // Behind the name of a client stands that of a server in its file, and no path.
      return {
        kind: before.length > 0 && command.registeredArguments[0]?.argChoices !== undefined ? 'names' : 'servers',
      };
    case 'tool':
      return { kind: 'tools', server };
    case 'key':
      return { kind: 'arguments', server, tool };
    case 'capture':
      return { kind: 'captures' };
    default:
      return NOTHING;
  }
}

/** The names of a command's arguments in its usage, such as `server`, `tool`, `key` of `SERVER TOOL [key=value…]`. */
function namesIn(command: Command): readonly string[] {
  if (command.commands.length > 0) return ['commands'];
  const [own = ''] = command.usage().split(' -- ', 1);
  const names = own.split(/\s+/).map((word) => /\w+/.exec(word)?.[0].toLowerCase() ?? '');
  const known = names
    .filter((name) => name !== '' && name !== 'options')
    .map((name) => name.replace(/^servers$/, 'server'));
  const last = known.at(-1);
  // What may be repeated is repeated for as long as anybody types.
  return last !== undefined && /(?:…|\.\.\.)\]?$/.test(own.trim())
    ? [...known, ...Array<string>(64).fill(last)]
    : known;
}

function repeated(args: readonly Argument[]): string {
  return args.at(-1)?.variadic === true ? (args.at(-1)?.name().replace(/s$/, '') ?? '') : '';
}

function optionNamed(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function subcommand(command: Command, word: string): Command | undefined {
  return command.commands.find((each) => each.name() === word);
}
