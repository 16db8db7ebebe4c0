import { closeSync, constants, ftruncateSync, lstatSync, openSync, writeSync, writevSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';

import { CaptureError } from '../capture-error.ts';
import { makeFolder } from './make-folder.ts';
import { codeOf, reasonOf } from './system-reason.ts';

const NEW_FILE =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** A file that only grows, by whole pieces: a piece is in it completely or not at all. */
export class AppendFile {
  readonly path: string;
  #fd: number;
  #size = 0;
  #usable = true;

  /**
   * Makes a new file that only its owner can read, and its folder where that is missing. Where the name is taken,
   * the pid is put in it. Nothing that exists is ever opened, so no planted link is followed. Throws CaptureError
   * (`NOT_A_FILE`, `UNAVAILABLE`).
   */
  constructor(path: string, pid: number) {
    const wanted = resolve(path);
    try {
      makeFolder(dirname(wanted));
      [this.#fd, this.path] = openNew(wanted, pid);
    } catch (error) {
      if (error instanceof CaptureError) throw error;
      throw new CaptureError('UNAVAILABLE', `Cannot make the capture "${wanted}": ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Bytes in the file. */
  get size(): number {
    return this.#size;
  }

  /** False after the file could not be cut back, or was closed: then nothing more is written to it. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Appends the first `length` bytes of one buffer. Gives the system's error code where that failed. */
  append(bytes: Uint8Array, length: number): string | undefined {
    return this.#whole(length, () => {
      let done = 0;
      while (done < length) done += progress(writeSync(this.#fd, bytes, done, length - done));
    });
  }

  /** Appends several buffers with one call of the system, as a rule. */
  appendAll(parts: readonly Uint8Array[]): string | undefined {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    return this.#whole(length, () => {
      let left = parts;
      for (let missing = length; missing > 0;) {
        const written = progress(writevSync(this.#fd, left));
        missing -= written;
        if (missing > 0) left = without(left, written);
      }
    });
  }

  close(): void {
    if (this.#fd === -1) return;
    this.#usable = false;
    try {
      closeSync(this.#fd);
    } catch {
      // Everything was handed to the system already; there is nobody to tell.
    }
    this.#fd = -1;
  }

  #whole(length: number, write: () => void): string | undefined {
    if (!this.#usable) return 'EBADF';
    try {
      write();
      this.#size += length;
      return undefined;
    } catch (error) {
      this.#cutBack();
      return codeOf(error);
    }
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch {
      this.#usable = false;
    }
  }
}

function openNew(wanted: string, pid: number): [fd: number, path: string] {
  const { dir, name, ext } = parse(wanted);
  for (let attempt = 0; attempt < 100; attempt++) {
    const suffix = attempt === 0 ? '' : attempt === 1 ? `-${pid}` : `-${pid}-${attempt}`;
    const path = join(dir, `${name}${suffix}${ext}`);
    try {
      return [openSync(path, NEW_FILE, 0o600), path];
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const found = lstatSync(path);
      if (found.isFile() || found.isSymbolicLink()) continue;
      throw new CaptureError(
        'NOT_A_FILE',
        `Cannot record to "${path}": it is not a regular file; name a file that does not exist yet`,
      );
    }
  }
  throw new CaptureError(
    'UNAVAILABLE',
    `Cannot make the capture "${wanted}": the names like it are taken; name another file`,
  );
}

/** A system that takes nothing and reports no error would hold us for ever. */
function progress(written: number): number {
  if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
  return written;
}

function without(parts: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written;
  return parts.flatMap((part) => {
    const rest = part.subarray(Math.min(skip, part.length));
    skip -= part.length - rest.length;
    return rest.length === 0 ? [] : [rest];
  });
}
