import type { StdioEntry } from '../config/config-entry.ts';
import { formatOf } from '../config/server-tables.ts';
import { CliError } from '../exit-code.ts';
import type { ConfigFile } from './config-file.ts';
import type { Side } from './diff-text.ts';
import { type ChangedEntry, type EntryChange, editConfig } from './edit-config.ts';
import { entrySplices, quoted } from './edit-entry.ts';
import type { EntryPath, EntrySpots } from './entry-spots.ts';
import { type Piece, piecesAgain, piecesOf, restoring } from './pieces.ts';
import type { Splice } from './splice.ts';
import type { WrappedArgv } from './wrapped-argv.ts';

/** What an entry is to start. */
export interface Wish {
  readonly entry: StdioEntry;
  readonly path: EntryPath;
  /** What it starts now, where that is us. */
  readonly wrapped: WrappedArgv | undefined;
  /** Our program, `proxy`, its options and `--`; undefined to take them out. */
  readonly words: readonly [string, ...string[]] | undefined;
  /** By which its wrap is taken back letter by letter, where that is known. */
  readonly pieces: readonly Piece[] | undefined;
}

/** What becomes of a file. */
export interface FileChange {
  readonly file: ConfigFile;
  readonly text: string;
  readonly splices: readonly Splice[];
  readonly before: Side;
  readonly after: Side;
  /** By which each wrap is taken back, in the order of the wishes; none where it was taken out. */
  readonly pieces: readonly (readonly Piece[])[];
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
    wishes.map((wish) => ({ ...wish, pieces: undefined })),
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
    text: (file.text.startsWith('\uFEFF') ? '\uFEFF' : '') + edit.after,
    splices: edit.splices,
    before: { text: edit.before, entries: rows.map((row) => ({ spots: row.before, argv: row.wish.entry.argv })) },
    after: { text: edit.after, entries: rows.map((row) => ({ spots: row.after, argv: argvAfter(row.wish) })) },
    pieces: rows.map((row) => (row.wish.words === undefined ? [] : keptPieces(file, row.wish, ...bounds(row)))),
    isKnown: rows.every((row) => restoring(bounds(row)[0], row.wish.pieces ?? []) !== undefined),
  };
}

function argvAfter({ entry, wrapped, words }: Wish): readonly string[] {
  return [...(words ?? []), ...(wrapped?.original ?? entry.argv)];
}

function changeOf(wish: Wish): EntryChange {
  const { entry, path, wrapped, words, pieces } = wish;
  const drop = wrapped === undefined ? 0 : entry.argv.length - wrapped.original.length;
  const splices = (text: string, spots: EntrySpots): readonly Splice[] => {
    const restored = words === undefined && pieces !== undefined ? restoring({ text, spots }, pieces) : undefined;
    if (restored !== undefined) return restored;
    // The command moves as it is written, be it with escapes or in another kind of quotes.
    const original = wrapped === undefined ? spots.command.value : spots.args?.items[drop - 1];
    const command = text.slice(original?.start, original?.end);
    if (words === undefined) return entrySplices(text, spots, { command, drop, words: [] });
    const [program, ...rest] = words;
    return entrySplices(text, spots, { command: quoted(program), drop, words: [...rest.map(quoted), command] });
  };
  return { path, splices, argv: argvAfter(wish) };
}

interface Placed {
  readonly text: string;
  readonly spots: EntrySpots;
}

/** A wrap of what is wrapped is taken back to what was there before the first. */
function keptPieces(file: ConfigFile, wish: Wish, before: Placed, after: Placed): readonly Piece[] {
  const { entry, wrapped, pieces = [] } = wish;
  if (wrapped === undefined) return piecesOf(before, after);
  if (restoring(before, pieces) !== undefined) return piecesAgain(pieces, after);
  const bare = editConfig(file.text, formatOf(entry.source), [
    changeOf({ ...wish, words: undefined, pieces: undefined }),
  ]);
  const [own] = bare.kind === 'edited' ? bare.entries : [];
  return bare.kind === 'edited' && own !== undefined ? piecesOf({ text: bare.after, spots: own.after }, after) : [];
}

function refusal({ path }: ConfigFile, verb: string, entry: EntryPath | undefined, why: string): CliError {
  const name = entry?.at(-1);
  const what = name === undefined ? '' : ` ${JSON.stringify(name)} in`;
  return new CliError(
    'BAD_CONFIG',
    `Cannot ${verb}${what} ${JSON.stringify(path)}: ${why}; nothing was changed, so mend the file or change it by hand`,
  );
}
