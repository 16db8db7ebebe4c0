import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync } from 'node:fs';

/** Without O_NONBLOCK the opening of a named pipe would wait for its other end. */
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file of the user who runs us, and takes from others the right to read it. Gives its descriptor;
 * undefined where there is no file. Throws where it is a link, something else than a file, or another user's.
 */
export function openOwnFile(path: string, flags: number): number | undefined {
  let file: number;
  try {
    file = openSync(path, flags | SAFELY, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new Error(`${JSON.stringify(path)} is a link`, { cause: error });
    throw error;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error(`${JSON.stringify(path)} is no regular file`);
    if (process.getuid !== undefined && found.uid !== process.getuid())
      throw new Error(`${JSON.stringify(path)} belongs to another user`);
    if ((found.mode & 0o077) !== 0 && process.getuid !== undefined) fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Reads the bytes of an open file from `start` to `end`; fewer where it ends before. */
export function readFrom(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, end - start));
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
}
