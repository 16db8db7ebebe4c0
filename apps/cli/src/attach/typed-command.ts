import { nearestWord } from '@mcp-dbg/capture';
import type { Sender } from '@mcp-dbg/wire';

/** What a person types at a proxy. Without numbers it means the one frame that is held. */
export type TypedCommand =
  | { readonly kind: 'accept' | 'drop' | 'show'; readonly numbers: readonly number[] }
  /** Without a text, the editor is asked. */
  | { readonly kind: 'edit' | 'reply'; readonly number: number | undefined; readonly text: string | undefined }
  | { readonly kind: 'add'; readonly to: Sender; readonly text: string }
  | { readonly kind: 'all' | 'list' | 'wait' | 'help' | 'quit' | 'nothing' }
  | { readonly kind: 'misuse'; readonly message: string };

/** How each command is written, and what it does. */
export const COMMANDS: readonly (readonly [string, string])[] = [
  ['a N…', 'accept: pass frame N on as it is'],
  ['e N [TEXT]', 'edit it in your editor, or send TEXT in its place'],
  ['d N…', 'drop it'],
  ['r N [JSON]', 'reply: answer a request in place of its peer, with a result or {"error":…}'],
  ['add client|server TEXT', 'send a frame that nobody wrote'],
  ['all', 'pass on all that is held'],
  ['list', 'list what is held'],
  ['s N', 'show frame N whole'],
  ['wait', 'go on with the next line once something is held (for scripts)'],
  ['q', 'leave; what is held stays so until its time is over'],
];

const WORDS: Readonly<Record<string, Exclude<TypedCommand['kind'], 'misuse' | 'nothing'>>> = {
  a: 'accept',
  accept: 'accept',
  e: 'edit',
  edit: 'edit',
  d: 'drop',
  drop: 'drop',
  r: 'reply',
  reply: 'reply',
  add: 'add',
  all: 'all',
  l: 'list',
  list: 'list',
  s: 'show',
  show: 'show',
  wait: 'wait',
  h: 'help',
  help: 'help',
  '?': 'help',
  q: 'quit',
  quit: 'quit',
  exit: 'quit',
};

/** Reads a line that was typed. */
export function typedCommand(line: string): TypedCommand {
  const [, typed = '', rest = ''] = /^\s*(\S*)\s*([\s\S]*?)\s*$/.exec(line) ?? [];
  const word = typed.replace(/^\//, '').toLowerCase();
  if (word === '') return { kind: 'nothing' };
  const kind = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  switch (kind) {
    case undefined: {
      const near = nearestWord(
        word,
        Object.keys(WORDS).filter((each) => each.length > 1),
      );
      return misuse(
        `There is no command ${typed}${near === undefined ? '' : `; did you mean ${near}?`} (help lists them)`,
      );
    }
    case 'all':
    case 'help':
    case 'list':
    case 'quit':
    case 'wait':
      return rest === '' ? { kind } : misuse(`"${word}" takes nothing behind it`);
    case 'accept':
    case 'drop':
    case 'show':
      return numbered(kind, rest);
    case 'edit':
    case 'reply': {
      const [, number, text = ''] = /^(?:#?(\d+)(?!\S)\s*)?([\s\S]*)$/.exec(rest) ?? [];
      if (number === undefined && !/^[{[]|^$/.test(text))
        return misuse(`"${word}" takes the number of a held frame, then a text`);
      return { kind, number: number === undefined ? undefined : Number(number), text: text === '' ? undefined : text };
    }
    case 'add': {
      const [, to, text = ''] = /^(client|server)\s+([\s\S]+)$/.exec(rest) ?? [];
      if (to === 'client' || to === 'server') return { kind, to, text };
      return misuse('"add" takes client or server, for whom the frame is, then its text');
    }
  }
}

function numbered(kind: 'accept' | 'drop' | 'show', rest: string): TypedCommand {
  const words = rest.split(/[\s,]+/).filter((word) => word !== '');
  const wrong = words.find((word) => !/^#?\d{1,9}$/.test(word));
  if (wrong !== undefined) return misuse(`"${kind}" takes numbers of held frames; ${wrong} is none`);
  return { kind, numbers: words.map((word) => Number(word.replace('#', ''))) };
}

function misuse(message: string): TypedCommand {
  return { kind: 'misuse', message };
}
