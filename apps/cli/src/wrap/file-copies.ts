import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { readSmallBytes } from '../private-file.ts';
import { type ConfigFile, MAX_BYTES, backUp } from './config-file.ts';

/** A copy of a config file that we made beside it. */
export interface FileCopy {
  readonly path: string;
  /** Of its bytes, in hex: what says something else is no longer ours. */
  readonly sha256: string;
  /** True where an entry was wrapped in it. */
  readonly isWrapped: boolean;
}

/** How a file is after a change. */
interface State {
  /** Whether an entry is wrapped in it. */
  readonly isWrapped: boolean;
  /** Whether a copy alone says how an entry was written before. */
  readonly isInexact: boolean;
}

/** Makes a copy of a file as it was read. Throws CliError. */
export function copyFile(file: ConfigFile, at: Date, isWrapped: boolean): FileCopy {
  return { path: backUp(file, at), sha256: hashOf(file.bytes), isWrapped };
}

/**
 * The copies that are worth their place, of all in order of time. Copies hold what the file holds, secrets too. While
 * something is wrapped: how the file was before, and as it was last. Then: none, or one where something was put back by its
 * values alone.
 */
export function worthKeeping(copies: readonly FileCopy[], { isWrapped, isInexact }: State): readonly FileCopy[] {
  const last = copies.at(-1);
  const before = copies.findLast((copy) => !copy.isWrapped);
  const wanted = isWrapped ? [before, last] : isInexact ? [before ?? last] : [];
  return copies.filter((copy) => wanted.includes(copy));
}

/** Deletes a copy that is ours by its name and by every byte; false where it is not, or that cannot be. */
export function dropCopy({ path, sha256 }: FileCopy, file: ConfigFile): boolean {
  try {
    if (dirname(path) !== dirname(file.real) || !isCopyName(basename(path), file)) return false;
    if (hashOf(readSmallBytes(path, MAX_BYTES)) !== sha256) return false;
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The paths of all copies beside a file, by their names. */
export function copiesBeside(file: ConfigFile): readonly string[] {
  const folder = dirname(file.real);
  try {
    return readdirSync(folder)
      .filter((name) => isCopyName(name, file))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    // What cannot be listed cannot be told.
    return [];
  }
}

function isCopyName(name: string, { real }: ConfigFile): boolean {
  const own = basename(real);
  return name.startsWith(own) && /^\.mcp-dbg-\d{8}T\d{6}Z(-\d+)?\.bak$/.test(name.slice(own.length));
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
