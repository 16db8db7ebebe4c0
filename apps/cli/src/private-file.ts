import { randomBytes } from 'node:crypto';
import {
  type Stats,
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { CliError } from './exit-code.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * Reads a regular file of at most `most` bytes; a link is followed only where that is said, and nothing can make this
 * wait. Throws CliError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`) with the reason and the next step, to stand behind what
 * was to be done.
 */
export function readSmallFile(path: string, most: number, links: 'refused' | 'followed' = 'refused'): string {
  return readSmallBytes(path, most, links).toString();
}

/** The same as bytes. */
export function readSmallBytes(path: string, most: number, links: 'refused' | 'followed' = 'refused'): Buffer {
  const { file, status } = openRegular(path, O_RDONLY, links);
  try {
    if (status.size > most) throw new CliError('UNAVAILABLE', `it has ${status.size} bytes, and ${most} are the limit`);
    return readFileSync(file);
  } catch (error) {
    throw failure(error);
  } finally {
    closeSync(file);
  }
}

/**
 * Opens a regular file of the user who runs us, and takes from others the right to read it. Gives its descriptor.
 * Throws CliError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`), also where it is a link or another user's.
 */
export function openOwnFile(path: string, flags: number): number {
  const { file, status } = openRegular(path, flags);
  const user = process.getuid?.();
  try {
    if (user !== undefined && status.uid !== user)
      throw new CliError('UNAVAILABLE', 'it belongs to another user; move it away');
    if (user !== undefined && (status.mode & 0o077) !== 0) fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    closeSync(file);
    throw failure(error);
  }
}

/**
 * Puts a file that only its owner can read in the place of what was there, in one step: whatever happens, the old or
 * the new one is there, whole. Where a link stands nothing is written. Throws CliError (`NOT_FOUND`, `NOT_A_FILE`,
 * `UNAVAILABLE`), and the file that was there stays.
 */
export function writePrivateFile(path: string, text: string): void {
  if (statusOf(path)?.isFile() === false) throw notAFile();
  // In the same folder, since only there it can take the place in one step.
  const temporary = join(dirname(path), `.mcp-dbg-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeFileSync(fd, text);
      // A system that stops before the bytes are on the disk would leave the new name and nothing in it.
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw failure(error);
  }
}

/**
 * Makes a file that only its owner can read; false where something has the name already, a link too. Throws CliError
 * (`NOT_FOUND`, `UNAVAILABLE`), and nothing is there then.
 */
export function makePrivateFile(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw failure(error);
  }
  try {
    writeFileSync(file, text);
    return true;
  } catch (error) {
    rmSync(path, { force: true });
    throw failure(error);
  } finally {
    closeSync(file);
  }
}

/** Throws CliError where no file can be made in a folder. */
export function checkFolder(path: string): void {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw failure(error);
  }
}

/** What stands at a path, a link itself included; undefined for nothing. Throws CliError where that cannot be told. */
export function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw failure(error);
  }
}

function openRegular(
  path: string,
  flags: number,
  links: 'refused' | 'followed' = 'refused',
): { readonly file: number; readonly status: Stats } {
  let file: number;
  try {
    // Without O_NONBLOCK the opening of a named pipe would wait for its other end.
    file = openSync(path, flags | (links === 'refused' ? O_NOFOLLOW : 0) | O_NONBLOCK, 0o600);
  } catch (error) {
    throw failure(error);
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw notAFile(links);
    return { file, status };
  } catch (error) {
    closeSync(file);
    throw failure(error);
  }
}

function notAFile(links: 'refused' | 'followed' = 'refused'): CliError {
  const other = links === 'refused' ? 'use one, and not a link to it' : 'use one';
  return new CliError('NOT_A_FILE', `it is not a regular file; ${other}`);
}

/** What a file system says, as a sentence with the next step: `NOT_FOUND`, `NOT_A_FILE` or `UNAVAILABLE`. */
export function failure(error: unknown): CliError {
  if (error instanceof CliError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
  // A link, by O_NOFOLLOW.
  if (code === 'ELOOP' || code === 'EMLINK' || code === 'EISDIR') return notAFile();
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new CliError(code === 'ENOENT' ? 'NOT_FOUND' : 'UNAVAILABLE', `${reason} (${code})`, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up; make room',
  EFBIG: 'the file would be larger than the system allows',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder; check the path',
  ENOSPC: 'the disk is full; make room',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};
