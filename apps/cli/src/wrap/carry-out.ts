import { isDeepStrictEqual } from 'node:util';

import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { themeFor } from '../render/theme.ts';
import { personAt } from '../terminal/person.ts';
import { type Changed, type FileChange, type Wish, changeFile } from './change-file.ts';
import type { ConfigFile } from './config-file.ts';
import { diffText } from './diff-text.ts';
import type { WrapOptions } from './wrap-options.ts';
import { recalledRecord } from './wrap-record.ts';
import { type Written, writeChange } from './write-change.ts';

/** An entry that is to change, and its file. */
export interface Wanted extends Wish {
  readonly file: ConfigFile;
}

/** What was done to a file. */
export interface Done extends Written {
  readonly change: FileChange;
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
export function recalled(file: ConfigFile, path: Wish['path'], io: Io): Pick<Wanted, 'kept'> {
  const { entries } = recalledRecord(file.real, io);
  return { kept: entries.find((each) => isDeepStrictEqual(each.path, path)) };
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
  if (options.dryRun === true)
    return { done: planned.map(({ change }) => ({ change, dropped: 0, copies: [], notes: [] })), diff };
  const person = options.yes === true || planned.length === 0 ? undefined : personAt(io, options.json === true);
  if (person !== undefined) {
    person.say(diff.trimEnd());
    const answer = (await person.ask('Write that? [y]es, [n]o: '))?.trim().toLowerCase();
    if (answer !== 'y' && answer !== 'yes') throw new CliError('NOT_APPROVED', 'Nothing was changed');
  }
  const done: Done[] = [];
  for (const { group, change } of planned) {
    try {
      done.push({ change, ...writeChange(change, group, recalledRecord(change.file.real, io), io) });
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const what = `Cannot ${verb} in ${JSON.stringify(change.file.path)}`;
      const changed = done.map((each) => JSON.stringify(each.change.file.path)).join(', ');
      const left = changed === '' ? 'nothing was changed' : `changed before that: ${changed}`;
      throw new CliError(error.code, `${what}: ${error.message}; ${left}`, { cause: error });
    }
  }
  return { done, diff };
}
