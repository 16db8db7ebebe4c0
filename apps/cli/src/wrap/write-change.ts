import { isDeepStrictEqual } from 'node:util';

import { parseConfig } from '../config/parse-config.ts';
import { formatOf } from '../config/server-tables.ts';
import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { FileChange, Wish } from './change-file.ts';
import { replaceConfigFile } from './config-file.ts';
import { argvAt } from './edit-config.ts';
import type { EntryPath } from './entry-spots.ts';
import { type FileCopy, copiesBeside, copyFile, dropCopy, worthKeeping } from './file-copies.ts';
import { ownBin } from './own-program.ts';
import { type WrapRecord, keepRecord } from './wrap-record.ts';
import { wrappedIn } from './wrapped-argv.ts';

/** What was done to a file. */
export interface Written {
  /** The copy of the file as it was before; absent where none was needed. */
  readonly backup?: string;
  /** How many copies were deleted that nothing needs any more. */
  readonly dropped: number;
  /** The paths of the copies that stay beside the file. */
  readonly copies: readonly string[];
  /** What a person should know, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Writes a file that changes by these wishes, and what is kept of it: first how to take it back, then the file. Throws CliError,
 * and then the file is as it was.
 */
export function writeChange(change: FileChange, wishes: readonly Wish[], record: WrapRecord, io: Io): Written {
  const { file, text, entries, isKnown } = change;
  const isOf = ({ path }: { readonly path: EntryPath }): boolean => wishes.some((wish) => isSame(wish.path, path));
  const others = stillWrapped(record, change, (entry) => !isOf(entry));
  const own = record.entries.filter(isOf);
  const wrapped = entries.flatMap(({ path, kept }) => (kept === undefined ? [] : [{ path, ...kept }]));
  // What our own wraps left there can be made again at any time.
  const isWrapped = others.length > 0 || own.some(({ path }) => isWrappedBy(wishes, path));
  const copy = isKnown ? undefined : copyFile(file, new Date(), isWrapped);
  const copies = [...record.copies, ...(copy === undefined ? [] : [copy])];
  const notes: string[] = [];
  try {
    const unwrapped = own.filter(({ path }) => !wrapped.some((each) => isSame(each.path, path)));
    keepRecord({ ...record, entries: [...others, ...unwrapped, ...wrapped], copies }, io);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    notes.push(`How it was written before could not be kept (${error.message}); unwrap restores what it means`);
  }
  try {
    replaceConfigFile(file, text);
  } catch (error) {
    if (copy !== undefined) dropCopy(copy, file);
    tryToKeep(record, io);
    throw error;
  }
  const left = [...others, ...wrapped];
  const isInexact = record.isInexact || (!isKnown && wishes.some(({ words }) => words === undefined));
  const kept = worthKeeping(copies, { isWrapped: left.length > 0, isInexact });
  const dropped = copies.filter((each) => !kept.includes(each) && dropCopy(each, file)).length;
  tryToKeep({ ...record, entries: left, copies: kept, isInexact: left.length > 0 && isInexact }, io);
  const backup = kept.find((each: FileCopy) => each === copy)?.path;
  return { dropped, copies: copiesBeside(file), notes, ...(backup !== undefined && { backup }) };
}

/** The entries of a record that are wrapped in the file as it was read. */
function stillWrapped(
  { entries }: WrapRecord,
  { file, source }: FileChange,
  isMeant: (entry: WrapRecord['entries'][number]) => boolean,
): WrapRecord['entries'] {
  const meant = entries.filter(isMeant);
  if (meant.length === 0) return [];
  const parsed = parseConfig(file.text, formatOf(source));
  if (parsed.kind === 'fault') return meant;
  const bin = ownBin();
  return meant.filter(({ path }) => {
    const argv = argvAt(parsed.value, path);
    return argv.every((word) => typeof word === 'string') && wrappedIn(argv, bin) !== undefined;
  });
}

function isWrappedBy(wishes: readonly Wish[], path: EntryPath): boolean {
  return wishes.some((wish) => wish.wrapped !== undefined && isSame(wish.path, path));
}

/** What cannot be kept says more than is true, and fits no entry that is not wrapped. */
function tryToKeep(record: WrapRecord, io: Io): void {
  try {
    keepRecord(record, io);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
}

function isSame(a: EntryPath, b: EntryPath): boolean {
  return isDeepStrictEqual(a, b);
}
