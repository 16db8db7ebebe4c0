import { isDeepStrictEqual } from 'node:util';

import type { ConfigFault } from '../config/config-entry.ts';
import { membersOf } from '../config/members.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { EntryPath, EntrySpots, Located } from './entry-spots.ts';
import { jsonSpots } from './json-spots.ts';
import { type Splice, spliced } from './splice.ts';
import { tomlSpots } from './toml-spots.ts';

/** The format of a config file. */
export type ConfigFormat = 'json' | 'toml';

/** One entry of a file, and how its text changes. */
export interface EntryChange {
  readonly path: EntryPath;
  /** Gives what is to be done where the entry stands. */
  readonly editAt: (text: string, spots: EntrySpots) => ArgvEdit;
}

/** How the text of an entry changes, and what the entry must start afterwards. */
export interface ArgvEdit {
  readonly splices: readonly Splice[];
  readonly argv: readonly string[];
}

/** An entry that was changed: where it stood, and where it stands now. */
export interface ChangedEntry {
  readonly before: EntrySpots;
  readonly after: EntrySpots;
  /** What it starts now. */
  readonly argv: readonly string[];
}

/** What came of a change. Offsets count behind the byte order mark, which `before` and `after` are without. */
export type ConfigEdit =
  | {
      readonly kind: 'edited';
      readonly before: string;
      readonly after: string;
      /** Of `before`, all of them. */
      readonly splices: readonly Splice[];
      /** In the order of the changes. */
      readonly entries: readonly ChangedEntry[];
    }
  | { readonly kind: 'refused'; readonly path: EntryPath; readonly why: string }
  | { readonly kind: 'fault'; readonly fault: ConfigFault };

const UNSAFE = 'the change would touch more than its command and args';

/**
 * Changes `command` and `args` of entries in the text of a config file and leaves all other bytes alone. Old and new text
 * are both read as a host would: where anything else came out differently, it is refused.
 */
export function editConfig(text: string, format: ConfigFormat, changes: readonly EntryChange[]): ConfigEdit {
  try {
    return edited(text, format, changes);
  } catch (error) {
    // Values are compared by going down into what is nested.
    if (error instanceof RangeError) return { kind: 'fault', fault: { message: 'it is nested too deeply' } };
    throw error;
  }
}

function edited(text: string, format: ConfigFormat, changes: readonly EntryChange[]): ConfigEdit {
  const before = withoutMark(text);
  const parsed = parseConfig(before, format);
  if (parsed.kind === 'fault') return parsed;
  const paths = changes.map(({ path }) => path);
  const located = locate(before, format, paths);
  const edits: ArgvEdit[] = [];
  for (const [index, change] of changes.entries()) {
    const spot = located[index];
    if (spot?.kind !== 'spots')
      return { kind: 'refused', path: change.path, why: spot?.why ?? 'its command was not found' };
    edits.push(change.editAt(before, spot.spots));
  }
  const splices = edits.flatMap((edit) => edit.splices);
  const after = spliced(before, splices);
  const reparsed = parseConfig(after, format);
  const relocated = locate(after, format, paths);
  const entries: ChangedEntry[] = [];
  for (const [index, { path }] of changes.entries()) {
    const argv = edits[index]?.argv ?? [];
    const [old, now] = [located[index], relocated[index]];
    const isAsWanted = reparsed.kind === 'value' && isDeepStrictEqual(argvAt(reparsed.value, path), argv);
    if (old?.kind !== 'spots' || now?.kind !== 'spots' || !isAsWanted) return { kind: 'refused', path, why: UNSAFE };
    entries.push({ before: old.spots, after: now.spots, argv });
  }
  if (reparsed.kind !== 'value' || !isDeepStrictEqual(without(parsed.value, paths), without(reparsed.value, paths)))
    return { kind: 'refused', path: paths[0] ?? [], why: UNSAFE };
  return { kind: 'edited', before, after, splices, entries };
}

/** Finds entries in a text without its byte order mark. */
function locate(text: string, format: ConfigFormat, paths: readonly EntryPath[]): readonly Located[] {
  return format === 'json' ? jsonSpots(text, paths) : tomlSpots(text, paths);
}

/** The text without a byte order mark at its beginning. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** What an entry starts, however its members are typed. */
export function argvAt(root: unknown, path: EntryPath): readonly unknown[] {
  let value = root;
  for (const name of path) value = membersOf(value)?.get(name);
  const members = membersOf(value);
  const args = members?.get('args') ?? [];
  return [members?.get('command'), ...(Array.isArray(args) ? (args as readonly unknown[]) : [args])];
}

/** The value without `command` and `args` of these entries, each of which is in it. */
function without(value: unknown, paths: readonly EntryPath[]): unknown {
  const members = membersOf(value);
  if (members === undefined || paths.length === 0) return value;
  const isEntry = paths.some((path) => path.length === 0);
  return Array.from(members, ([name, member]) => {
    if (isEntry && (name === 'command' || name === 'args')) return name === 'command' ? [name] : [];
    return [name, without(member, restsBehind(name, paths))];
  }).filter((pair) => pair.length > 0);
}

function restsBehind(name: string, paths: readonly EntryPath[]): readonly EntryPath[] {
  return paths.flatMap(([first, ...rest]) => (first === name ? [rest] : []));
}
