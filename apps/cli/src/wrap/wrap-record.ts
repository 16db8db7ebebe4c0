import { createHash } from 'node:crypto';
import { constants, closeSync, fstatSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';

import type { Io } from '../io.ts';
import { CliError } from '../exit-code.ts';
import { failure, openOwnFile, statusOf, writePrivateFile } from '../private-file.ts';
import { statePath } from '../state-folder.ts';
import type { EntryPath } from './entry-spots.ts';
import type { Kept, Piece } from './pieces.ts';

/** What is kept of a wrap, so that it can be taken back letter by letter. */
export interface WrapRecord extends Kept {
  /** The file, at the end of links. */
  readonly file: string;
  readonly path: EntryPath;
  /** Wall time, ISO 8601. */
  readonly at: string;
  /** The copy of the file as it was before. */
  readonly backup: string | undefined;
}

/** Bytes of a record at most: a command line that is longer starts nowhere. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Keeps a record, readable for its owner alone. Throws CliError where it cannot be kept. */
export function keepRecord(record: WrapRecord, io: Io): void {
  const path = pathOf(record, io);
  try {
    makeFolder(dirname(path));
    writePrivateFile(path, `${JSON.stringify(record)}\n`);
  } catch (error) {
    throw failure(error);
  }
}

/** What is kept of the wrap of an entry; undefined where nothing is, or it cannot be trusted. */
export function recalledRecord(entry: Pick<WrapRecord, 'file' | 'path'>, io: Io): WrapRecord | undefined {
  try {
    const path = pathOf(entry, io);
    if (statusOf(path) === undefined) return undefined;
    const file = openOwnFile(path, constants.O_RDONLY);
    try {
      if (fstatSync(file).size > MAX_BYTES) return undefined;
      const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
      return isRecord(record) && record.file === entry.file && isSame(record.path, entry.path) ? record : undefined;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    // The wrap can be taken back without it.
    if (error instanceof CliError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Forgets a record; one that cannot be deleted does no harm. */
export function forgetRecord(entry: Pick<WrapRecord, 'file' | 'path'>, io: Io): void {
  try {
    rmSync(pathOf(entry, io), { force: true });
  } catch {
    // What it says fits no entry that is not wrapped.
  }
}

/** Names of entries come from files, so none becomes a part of a path. */
function pathOf({ file, path }: Pick<WrapRecord, 'file' | 'path'>, io: Io): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([file, path]))
    .digest('hex');
  return join(statePath(io, 'wraps'), `${hash}.json`);
}

function isRecord(value: unknown): value is WrapRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { file, path, argv, pieces, backup } = value as Partial<Record<keyof WrapRecord, unknown>>;
  const hasTexts = typeof file === 'string' && (backup === undefined || typeof backup === 'string');
  return hasTexts && isTexts(path) && isTexts(argv) && Array.isArray(pieces) && pieces.every(isPiece);
}

function isPiece(value: unknown): value is Piece {
  if (typeof value !== 'object' || value === null) return false;
  const { anchor, before, after } = value as Partial<Record<keyof Piece, unknown>>;
  return (anchor === 'command' || anchor === 'args') && typeof before === 'string' && typeof after === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isSame(a: EntryPath, b: EntryPath): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
