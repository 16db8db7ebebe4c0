import { type Node, parseTree } from 'jsonc-parser';

import type { EntryPath, Gap, ListSpot, Located, MemberSpot } from './entry-spots.ts';
import { lineStart } from './line-start.ts';
import type { Span } from './splice.ts';

/** Finds entries in a text of JSON with comments that can be parsed, without its byte order mark. */
export function jsonSpots(text: string, paths: readonly EntryPath[]): readonly Located[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return paths.map((path) => {
    try {
      return { kind: 'spots', spots: spotsAt(text, root, path) };
    } catch (error) {
      if (error instanceof Uncertain) return { kind: 'uncertain', why: error.message };
      throw error;
    }
  });
}

/** Why an entry cannot be placed. */
class Uncertain extends Error {}

function spotsAt(text: string, root: Node | undefined, path: EntryPath): Extract<Located, { kind: 'spots' }>['spots'] {
  let entry = root;
  for (const name of path) entry = member(entry, name)?.value;
  const found = member(entry, 'command');
  if (found === undefined) throw new Uncertain('its command was not found');
  const command = spotOf(found);
  const args = member(entry, 'args');
  return {
    command,
    args: args === undefined ? undefined : listSpot(args.key, args.value),
    gap: gapBehind(text, command),
  };
}

interface Member {
  readonly key: Node;
  readonly value: Node;
}

/** The one member of a name. Throws Uncertain where there are several: hosts need not agree on which counts. */
function member(object: Node | undefined, name: string): Member | undefined {
  const [first, second] = (object?.children ?? []).filter(({ children }) => children?.[0]?.value === name);
  if (second !== undefined) throw new Uncertain(`${JSON.stringify(name)} is there more than once`);
  const [key, value] = first?.children ?? [];
  return key === undefined || value === undefined ? undefined : { key, value };
}

function spotOf({ key, value }: Member): MemberSpot {
  return { key: spanOf(key), value: spanOf(value) };
}

function listSpot(key: Node, value: Node): ListSpot {
  return {
    ...spotOf({ key, value }),
    items: value.type === 'array' ? (value.children ?? []).map(spanOf) : [],
    isNull: value.type === 'null',
  };
}

function spanOf({ offset, length }: Node): Span {
  return { start: offset, end: offset + length };
}

/** Directly behind the command, on a line of its own where the command has one. */
function gapBehind(text: string, { key, value }: MemberSpot): Gap {
  const between = text.slice(key.end, value.start);
  const colon = /^[ \t]*:[ \t]*$/.test(between) ? between : ': ';
  const own = lineStart(text, key.start);
  const before = own !== undefined && own.newline !== '' ? own.newline + own.indent : colon === ':' ? '' : ' ';
  return { at: value.end, lead: `,${before}"args"${colon}` };
}
