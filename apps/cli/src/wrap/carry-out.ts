import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { prefixFailure } from '../prefix-failure.ts';
import { themeFor } from '../render/theme.ts';
import { personAt } from '../terminal/person.ts';
import { type Changed, type FileChange, type Wish, changeFile } from './change-file.ts';
import { type ConfigFile, backUp, dropBackup, replaceConfigFile } from './config-file.ts';
import { diffText } from './diff-text.ts';
import type { WrapOptions } from './wrap-options.ts';
import { type WrapRecord, forgetRecord, keepRecord, recalledRecord } from './wrap-record.ts';

/** An entry that is to change, and its file. */
export interface Wanted extends Wish {
  readonly file: ConfigFile;
  readonly record: WrapRecord | undefined;
}

/** What was done to a file. */
interface Done {
  readonly change: FileChange;
  /** The copy of the file as it was before; absent where none was needed. */
  readonly backup?: string;
  /** Copies from before a wrap that say the same as the file does again, and so were deleted. */
  readonly dropped: readonly string[];
  /** What a person should know, in sentences. */
  readonly notes: readonly string[];
}

/** What came of it all. */
export interface CarriedOut {
  readonly done: readonly Done[];
  /** Safe to print. */
  readonly diff: string;
}

/** What became of an entry; undefined where it did not change. */
export function changedEntry({ done }: CarriedOut, { file, path }: Pick<Wanted, 'file' | 'path'>): Changed | undefined {
  const own = done.find(({ change }) => change.file.real === file.real);
  return own?.change.entries.find((each) => isDeepStrictEqual(each.path, path));
}

/** What is kept of an entry's wrap, as a wish needs it. */
export function recalled(file: ConfigFile, path: Wish['path'], io: Io): Pick<Wanted, 'record' | 'kept'> {
  const record = recalledRecord({ file: file.real, path }, io);
  return { record, kept: record };
}

/**
 * Changes the files: all are worked out before the first is written. In a terminal the person sees what changes and is asked,
 * unless the options say yes; a dry run writes nothing. Throws CliError; `NOT_APPROVED` where the answer is no.
 */
export async function carryOut(
  io: Io,
  wanted: readonly Wanted[],
  options: WrapOptions,
  verb: 'wrap' | 'unwrap',
): Promise<CarriedOut> {
  const files = new Map(wanted.map(({ file }) => [file.real, file]));
  const planned = Array.from(files, ([real, file]) => {
    const group = wanted.filter((each) => each.file.real === real);
    return { group, change: changeFile(file, group, verb) };
  });
  const isSeen = options.dryRun === true ? io.terminal.stdout : io.terminal.stdout || io.terminal.stderr;
  const theme = options.json === true ? themeFor(false, {}) : themeFor(isSeen, io.env);
  const shown = planned.map(({ change: { file, before, after, splices } }) =>
    diffText(file.path, before, after, splices, theme),
  );
  const diff = shown.join('');
  if (options.dryRun === true) return { done: planned.map(({ change }) => ({ change, dropped: [], notes: [] })), diff };
  const person = options.yes === true || planned.length === 0 ? undefined : personAt(io, options.json === true);
  if (person !== undefined) {
    person.say(diff.trimEnd());
    const answer = (await person.ask('Write that? [y]es, [n]o: '))?.trim().toLowerCase();
    if (answer !== 'y' && answer !== 'yes') throw new CliError('NOT_APPROVED', 'Nothing was changed');
  }
  return { done: planned.map(({ group, change }) => written(io, group, change, verb)), diff };
}

function written(io: Io, group: readonly Wanted[], change: FileChange, verb: string): Done {
  const { file, text, entries, isKnown } = change;
  const at = new Date();
  return prefixFailure(`Cannot ${verb} in ${JSON.stringify(file.path)}`, () => {
    // What our own wraps left there can be made again at any time.
    const backup = isKnown ? undefined : backUp(file, at);
    const notes: string[] = [];
    try {
      for (const [index, { path, record }] of group.entries()) {
        const kept = entries[index]?.kept;
        if (kept === undefined) continue;
        keepRecord({ ...kept, file: file.real, path, at: at.toISOString(), backup: record?.backup ?? backup }, io);
      }
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      notes.push(`How it was written before could not be kept (${error.message}); unwrap restores what it means`);
    }
    try {
      replaceConfigFile(file, text);
    } catch (error) {
      if (backup !== undefined) dropBackup(backup, file.text);
      throw error;
    }
    const over = group.filter(({ words }) => words === undefined);
    for (const { path } of over) forgetRecord({ file: file.real, path }, io);
    const dropped = over
      .flatMap(({ record }) => record?.backup ?? [])
      .filter((path) => isOurs(path, file) && dropBackup(path, text));
    return { change, dropped, notes, ...(backup !== undefined && { backup }) };
  });
}

/** What is kept may be wrong, and no other file may be deleted for it. */
function isOurs(path: string, { real }: ConfigFile): boolean {
  return dirname(path) === dirname(real) && basename(path).startsWith(`${basename(real)}.mcp-dbg-`);
}
