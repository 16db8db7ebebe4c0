import { randomBytes } from 'node:crypto';
import {
  type Stats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { CliError } from '../exit-code.ts';
import { failure, readSmallBytes } from '../private-file.ts';

/** Bytes of a config file at most: Claude Code keeps its whole history in one. */
export const MAX_BYTES = 64 * 1024 * 1024;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** A config file as it was read. */
export interface ConfigFile {
  /** As the person knows it. */
  readonly path: string;
  /** At the end of links: this is what is written. */
  readonly real: string;
  readonly bytes: Buffer;
  /** All of it, a byte order mark included. */
  readonly text: string;
}

/** Reads a config file. Throws CliError with the reason, to stand behind what was to be done. */
export function readConfigFile(path: string): ConfigFile {
  const bytes = readSmallBytes(path, MAX_BYTES, 'followed');
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { path, real: realpathSync(path), bytes, text };
  } catch (error) {
    // What is no UTF-8 could not be written again as it was.
    if (error instanceof TypeError) throw new CliError('BAD_CONFIG', 'it is not UTF-8; save it as UTF-8');
    throw failure(error);
  }
}

/**
 * Puts a new text in the place of a config file in one step, with its mode, and its owner where that is allowed. Throws
 * CliError, and then the file stays as it is: also where it is no longer what was read, or nobody may write to it.
 */
export function replaceConfigFile(file: ConfigFile, text: string): void {
  const status = checkUnchanged(file);
  const temporary = join(
    dirname(file.real),
    `.${basename(file.real).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    write(temporary, text, status);
    // Whoever else writes it does so between two looks, if at all.
    checkUnchanged(file);
    renameSync(temporary, file.real);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw folderFailure(error, file);
  }
  syncFolder(dirname(file.real));
}

/** Makes a copy of a config file beside it, with its mode, named by the time; gives its path. Throws CliError. */
export function backUp(file: ConfigFile, at: Date): string {
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  for (let nth = 1; ; nth++) {
    const path = `${file.real}.mcp-dbg-${time}${nth === 1 ? '' : `-${nth}`}.bak`;
    try {
      write(path, file.bytes, checkUnchanged(file));
      return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw folderFailure(error, file);
    }
  }
}

/** A file is replaced by a new one beside it, so it is the folder that does not take it. */
function folderFailure(error: unknown, { real }: ConfigFile): CliError {
  if (error instanceof CliError) return error;
  const { code, message } = failure(error);
  const folder = JSON.stringify(dirname(real));
  return new CliError(code, `nothing can be written in its folder ${folder}: ${message}`, { cause: error });
}

/** Throws CliError where the file is no longer what was read, or is read-only. */
function checkUnchanged({ real, bytes }: ConfigFile): Stats {
  if (!readSmallBytes(real, MAX_BYTES).equals(bytes))
    throw new CliError('UNAVAILABLE', 'something else changed it meanwhile; look at it, and try again');
  const status = statSync(real);
  // A file can be replaced in a folder that can be written; but who took that right away meant it.
  if ((status.mode & 0o222) === 0)
    throw new CliError('UNAVAILABLE', 'it is read-only; allow that it is changed first (chmod u+w)');
  return status;
}

/** Writes a file that must not be there yet. Throws what the system throws; nothing is there then, unless it was before. */
function write(path: string, content: string | Buffer, { mode, uid, gid }: Stats): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(file, content);
    own(file, uid, gid);
    fchmodSync(file, mode & 0o7777);
    // A system that stops before the bytes are on the disk would leave the new name and nothing in it.
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Only root can give files away. */
function own(file: number, uid: number, gid: number): void {
  try {
    fchownSync(file, uid, gid);
  } catch {
    // It belongs to whoever changed it, then.
  }
}

function syncFolder(path: string): void {
  try {
    const folder = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Not every system can; the file is whole all the same.
  }
}
