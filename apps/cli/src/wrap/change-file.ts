import { isDeepStrictEqual } from 'node:util';

import type { ConfigSource, StdioEntry } from '../config/config-entry.ts';
import { formatOf } from '../config/server-tables.ts';
import { CliError } from '../exit-code.ts';
import type { ConfigFile } from './config-file.ts';
import type { Side } from './diff-text.ts';
import { type ArgvEdit, type ChangedEntry, type EntryChange, editConfig } from './edit-config.ts';
import { entrySplices, quoted } from './edit-entry.ts';
import type { EntryPath, EntrySpots } from './entry-spots.ts';
import { type Kept, type Placed, piecesAgain, piecesOf, restoring, restoringEdited } from './pieces.ts';
import type { Splice } from './splice.ts';
import { type WrappedArgv, wrappedIn } from './wrapped-argv.ts';

/** What an entry is to start. */
export interface Wish {
  readonly entry: StdioEntry;
  readonly path: EntryPath;
  /** What it starts now, where that is us. */
  readonly wrapped: WrappedArgv | undefined;
  /** Our program, `proxy`, its options and `--`; undefined to take them out. */
  readonly words: readonly [string, ...string[]] | undefined;
  /** By which its wrap is taken back letter by letter, where that is known. */
  readonly kept: Kept | undefined;
}

/** An entry that was changed. */
export interface Changed {
  readonly path: EntryPath;
  /** What it starts now. */
  readonly argv: readonly string[];
  /** By which its wrap is taken back; undefined where it was taken out. */
  readonly kept: Kept | undefined;
}

/** What becomes of a file. */
export interface FileChange {
  readonly file: ConfigFile;
  readonly source: ConfigSource;
  readonly text: string;
  readonly splices: readonly Splice[];
  readonly before: Side;
  readonly after: Side;
  /** In the order of the wishes. */
  readonly entries: readonly Changed[];
  /** True where each entry was as its wrap had left it: then one that is taken out is letter by letter as it was before. */
  readonly isKnown: boolean;
}

/** Works out what becomes of a file. Throws CliError `BAD_CONFIG` where it is not certain how to change its text. */
export function changeFile(file: ConfigFile, wishes: readonly Wish[], verb: 'wrap' | 'unwrap'): FileChange {
  const first = changed(file, wishes, verb);
  if (!(first instanceof CliError)) return first;
  // What is kept of a wrap may be wrong; what stands in the file is enough.
  const second = changed(
    file,
    wishes.map((wish) => ({ ...wish, kept: undefined })),
    verb,
  );
  if (second instanceof CliError) throw second;
  return second;
}

type Row = ChangedEntry & { readonly wish: Wish };

function changed(file: ConfigFile, wishes: readonly Wish[], verb: string): FileChange | CliError {
  const [wish] = wishes;
  if (wish === undefined) throw new Error('A file is changed for at least one entry');
  const edit = editConfig(file.text, formatOf(wish.entry.source), wishes.map(changeOf));
  if (edit.kind === 'fault') return refusal(file, verb, undefined, edit.fault.message);
  if (edit.kind === 'refused') return refusal(file, verb, edit.path, edit.why);
  const rows = wishes.flatMap((each, index): readonly Row[] => {
    const entry = edit.entries[index];
    return entry === undefined ? [] : [{ ...entry, wish: each }];
  });
  const bounds = ({ before, after }: Row): readonly [Placed, Placed] => [
    { text: edit.before, spots: before },
    { text: edit.after, spots: after },
  ];
  return {
    file,
    source: wish.entry.source,
    text: (file.text.startsWith('\uFEFF') ? '\uFEFF' : '') + edit.after,
    splices: edit.splices,
    before: { text: edit.before, entries: rows.map((row) => ({ spots: row.before, argv: row.wish.entry.argv })) },
    after: { text: edit.after, entries: rows.map((row) => ({ spots: row.after, argv: row.argv })) },
    entries: rows.map((row) => ({
      path: row.wish.path,
      argv: row.argv,
      kept: row.wish.words === undefined ? undefined : keptOf(file, row.wish, ...bounds(row)),
    })),
    isKnown: rows.every((row) => restoring(bounds(row)[0], row.wish.kept?.pieces ?? []) !== undefined),
  };
}

function changeOf(wish: Wish): EntryChange {
  const { entry, path, wrapped, words } = wish;
  const drop = wrapped === undefined ? 0 : entry.argv.length - wrapped.original.length;
  const editAt = (text: string, spots: EntrySpots): ArgvEdit => {
    const restored = words === undefined ? restoration(wish, { text, spots }) : undefined;
    if (restored !== undefined) return restored;
    const argv = [...(words ?? []), ...(wrapped?.original ?? entry.argv)];
    // The command moves as it is written, be it with escapes or in another kind of quotes.
    const original = wrapped === undefined ? spots.command.value : spots.args?.items[drop - 1];
    const command = text.slice(original?.start, original?.end);
    if (words === undefined) return { argv, splices: entrySplices(text, spots, { command, drop, words: [] }) };
    const [program, ...rest] = words;
    const edit = { command: quoted(program), drop, words: [...rest.map(quoted), command] };
    return { argv, splices: entrySplices(text, spots, edit) };
  };
  return { path, editAt };
}

/** What was there before the wrap, where it is kept and nobody changed since what stands behind `--`. */
function restoration({ wrapped, kept }: Wish, placed: Placed): ArgvEdit | undefined {
  if (kept === undefined) return undefined;
  const { argv, pieces } = kept;
  const exact = restoring(placed, pieces);
  if (exact !== undefined) return { argv, splices: exact };
  const splices = isServerAsKept(wrapped, kept) ? restoringEdited(placed, pieces) : undefined;
  return splices && { argv, splices };
}

function isServerAsKept(wrapped: WrappedArgv | undefined, { argv }: Kept): boolean {
  return isDeepStrictEqual(wrapped?.original, wrappedIn(argv)?.original ?? argv);
}

/** A wrap of what we wrapped is taken back to what was there before the first, one of what a person wrote to that. */
function keptOf(file: ConfigFile, wish: Wish, before: Placed, after: Placed): Kept | undefined {
  const { entry, wrapped, kept } = wish;
  if (wrapped === undefined || kept === undefined) return { argv: entry.argv, pieces: piecesOf(before, after) };
  if (restoration(wish, before) !== undefined) return { argv: kept.argv, pieces: piecesAgain(kept.pieces, after) };
  const bare = editConfig(file.text, formatOf(entry.source), [
    changeOf({ ...wish, words: undefined, kept: undefined }),
  ]);
  const [own] = bare.kind === 'edited' ? bare.entries : [];
  if (bare.kind !== 'edited' || own === undefined) return undefined;
  return { argv: own.argv, pieces: piecesOf({ text: bare.after, spots: own.after }, after) };
}

function refusal({ path }: ConfigFile, verb: string, entry: EntryPath | undefined, why: string): CliError {
  const name = entry?.at(-1);
  const what = name === undefined ? '' : ` ${JSON.stringify(name)} in`;
  return new CliError(
    'BAD_CONFIG',
    `Cannot ${verb}${what} ${JSON.stringify(path)}: ${why}; nothing was changed, so mend the file or change it by hand`,
  );
}
