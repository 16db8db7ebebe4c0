import { type Stats, lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';

import type { ResultFile } from '../render/result-parts.ts';
import { formatBytes } from '../render/sizes.ts';
import { visible } from '../render/visible.ts';

/** Bytes that the folder may hold, and the part of them that stays when the oldest files go. */
const MAX_FOLDER = 256 * 1024 * 1024;
const KEPT = 0.75;

/** What even the smallest file takes on a disk (bytes). */
const BLOCK = 4096;

/** The only endings that a file can get: nothing of its name is the server's. */
const ENDINGS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
  'text/csv': 'csv',
  'text/html': 'html.txt',
  'text/plain': 'txt',
};

/** Puts what a terminal cannot show into files of the person's own state folder, 0600 in a 0700 folder. */
export class SavedFiles {
  readonly #folder: string;
  readonly #home: string;
  readonly #most: number;
  readonly #mark = `${new Date().toISOString().replaceAll(/[-:]/g, '')}-${process.pid}`;
  #count = 0;
  /** Bytes in the folder as far as this chat knows: what others add counts when it looks again. */
  #held: number | undefined;

  /** Paths below `home` are told with a `~`. The folder holds `most` bytes; the oldest files go for new ones. */
  constructor(folder: string, home: string, most: number = MAX_FOLDER) {
    this.#folder = folder;
    this.#home = home;
    this.#most = most;
  }

  /** Saves the bytes and tells in a line what they are and where they went, or why they did not; safe to print. */
  save({ kind, mimeType, bytes }: ResultFile): string {
    const what = `${kind} ${visible(mimeType.slice(0, 100))}, ${formatBytes(bytes.length)}`;
    try {
      const size = sizeOnDisk(bytes.length);
      if (size > this.#most) throw new Error(`more than the ${formatBytes(this.#most)} that are kept of such files`);
      const held = this.#makeRoom(size);
      if (held + size > this.#most) throw new Error(`${JSON.stringify(this.#folder)} is full; make room`);
      const ending = Object.hasOwn(ENDINGS, mimeType) ? ENDINGS[mimeType] : 'bin';
      const path = join(this.#folder, `${this.#mark}-${++this.#count}.${ending}`);
      writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
      this.#held = held + size;
      return `[${what}: ${visible(this.#told(path))}]`;
    } catch (error) {
      // Part of it may be there.
      this.#held = undefined;
      return `[${what}; not saved: ${visible(error instanceof Error ? error.message : String(error))}]`;
    }
  }

  #told(path: string): string {
    return path.startsWith(`${this.#home}/`) ? `~${path.slice(this.#home.length)}` : path;
  }

  /** Makes the folder, and room in it for `size` bytes more. Gives the bytes that it holds then. */
  #makeRoom(size: number): number {
    if (this.#held !== undefined && this.#held + size <= this.#most) return this.#held;
    makeFolder(this.#folder);
    const files = filesIn(this.#folder);
    let held = files.reduce((sum, { status }) => sum + sizeOnDisk(status.size), 0);
    if (held + size <= this.#most) return held;
    // More than is needed, so that not every file is a reason to look at all others.
    const goal = Math.min(this.#most * KEPT, this.#most - size);
    for (const { path, status } of files.toSorted((one, other) => one.status.mtimeMs - other.status.mtimeMs)) {
      if (held <= goal) break;
      if (isRemoved(path)) held -= sizeOnDisk(status.size);
    }
    return held;
  }
}

function sizeOnDisk(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BLOCK)) * BLOCK;
}

/** The regular files of a folder; what is no such file, or is gone already, is passed over. */
function filesIn(folder: string): readonly { readonly path: string; readonly status: Stats }[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    try {
      const status = lstatSync(path);
      return status.isFile() ? [{ path, status }] : [];
    } catch {
      return [];
    }
  });
}

/** True where the file is gone, by whomever: another chat may have been faster. */
function isRemoved(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}
