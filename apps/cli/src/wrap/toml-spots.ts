import type { EntryPath, Gap, ListSpot, Located } from './entry-spots.ts';
import { lineStart } from './line-start.ts';
import { type Assignment, assignmentsIn } from './toml-scan.ts';

/** Finds entries in a TOML text that can be parsed, without its byte order mark. */
export function tomlSpots(text: string, paths: readonly EntryPath[]): readonly Located[] {
  const all = assignmentsIn(text);
  const at = (path: EntryPath, name: string): Assignment | undefined =>
    all.find((each) => isPath(each.path, [...path, name]));
  return paths.map((path) => {
    const command = at(path, 'command');
    if (command === undefined) return { kind: 'uncertain', why: 'its command was not found' };
    const args = at(path, 'args');
    return {
      kind: 'spots',
      spots: { command, args: args === undefined ? undefined : listSpot(args), gap: gapBehind(text, command) },
    };
  });
}

function isPath(path: readonly string[], wanted: readonly string[]): boolean {
  return path.length === wanted.length && path.every((name, index) => name === wanted[index]);
}

function listSpot({ key, value, items = [] }: Assignment): ListSpot {
  return { key, value, items, isNull: false };
}

/** On the line behind the command's, where its comment is over; in an inline table directly behind the command. */
function gapBehind(text: string, { key, lastPart, value, isInline }: Assignment): Gap {
  const table = text.slice(key.start, lastPart.start);
  const sign = text.slice(key.end, value.start);
  if (isInline) return { at: value.end, lead: `, ${table}args${sign}` };
  const indent = lineStart(text, key.start)?.indent ?? '';
  const rest = text.slice(value.end);
  const lineEnd = /\r?\n/.exec(rest);
  const at = value.end + (lineEnd?.index ?? rest.length);
  const newline = lineEnd?.[0] ?? /\r?\n/.exec(text)?.[0] ?? '\n';
  return { at, lead: `${newline}${indent}${table}args${sign}` };
}
