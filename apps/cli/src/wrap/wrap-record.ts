import { createHash } from 'node:crypto';
import { constants, closeSync, fstatSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';

import type { Io } from '../io.ts';
import { CliError } from '../exit-code.ts';
import { failure, openOwnFile, statusOf, writePrivateFile } from '../private-file.ts';
import { statePath } from '../state-folder.ts';
import type { EntryPath } from './entry-spots.ts';
import type { FileCopy } from './file-copies.ts';
import type { Kept, Piece } from './pieces.ts';

/** What is kept of the wraps in a config file. */
export interface WrapRecord {
  /** The file, at the end of links. */
  readonly file: string;
  readonly entries: readonly KeptEntry[];
  /** The copies of the file that stand beside it, the oldest first. */
  readonly copies: readonly FileCopy[];
  /** True where an entry was put back by what stands behind `--`, so that a copy alone says how it was written before. */
  readonly isInexact: boolean;
}

/** An entry that was wrapped, and what takes that back letter by letter. */
interface KeptEntry extends Kept {
  readonly path: EntryPath;
}

/** Bytes of a record at most: a command line that is longer starts nowhere. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Keeps a record, readable for its owner alone; one that says nothing is deleted. Throws CliError where it cannot be kept. */
export function keepRecord(record: WrapRecord, io: Io): void {
  const path = pathOf(record.file, io);
  try {
    if (record.entries.length === 0 && record.copies.length === 0) {
      rmSync(path, { force: true });
      return;
    }
    makeFolder(dirname(path));
    writePrivateFile(path, `${JSON.stringify(record)}\n`);
  } catch (error) {
    throw failure(error);
  }
}

/** What is kept of the wraps in a file; a record of nothing where there is none, or it cannot be trusted. */
export function recalledRecord(file: string, io: Io): WrapRecord {
  return readRecord(file, io) ?? { file, entries: [], copies: [], isInexact: false };
}

function readRecord(of: string, io: Io): WrapRecord | undefined {
  try {
    const path = pathOf(of, io);
    if (statusOf(path) === undefined) return undefined;
    const file = openOwnFile(path, constants.O_RDONLY);
    try {
      if (fstatSync(file).size > MAX_BYTES) return undefined;
      const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
      return isRecord(record) && record.file === of ? record : undefined;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    // The wrap can be taken back without it.
    if (error instanceof CliError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Paths come from people, so none becomes a part of one of ours. */
function pathOf(file: string, io: Io): string {
  const hash = createHash('sha256').update(file).digest('hex');
  return join(statePath(io, 'wraps'), `${hash}.json`);
}

type Raw<T> = Partial<Record<keyof T, unknown>>;

function isRecord(value: unknown): value is WrapRecord {
  if (!isObject<WrapRecord>(value)) return false;
  const { file, entries, copies, isInexact } = value;
  return (
    typeof file === 'string' && typeof isInexact === 'boolean' && isList(entries, isEntry) && isList(copies, isCopy)
  );
}

function isEntry(value: unknown): value is KeptEntry {
  if (!isObject<KeptEntry>(value)) return false;
  return isList(value.path, isText) && isList(value.argv, isText) && isList(value.pieces, isPiece);
}

function isPiece(value: unknown): value is Piece {
  if (!isObject<Piece>(value)) return false;
  const { anchor, before, after } = value;
  return (anchor === 'command' || anchor === 'args') && typeof before === 'string' && typeof after === 'string';
}

function isCopy(value: unknown): value is FileCopy {
  if (!isObject<FileCopy>(value)) return false;
  return typeof value.path === 'string' && typeof value.sha256 === 'string' && typeof value.isWrapped === 'boolean';
}

function isObject<T>(value: unknown): value is Raw<T> {
  return typeof value === 'object' && value !== null;
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
