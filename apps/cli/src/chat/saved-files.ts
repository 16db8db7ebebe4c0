import { closeSync, mkdirSync, openSync, readdirSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { ResultFile } from '../render/result-parts.ts';
import { formatBytes } from '../render/sizes.ts';
import { visible } from '../render/visible.ts';

/** Bytes that the folder may hold before the oldest files go. */
const MAX_FOLDER = 256 * 1024 * 1024;

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
  readonly #mark = `${new Date().toISOString().replaceAll(/[-:]/g, '')}-${process.pid}`;
  #count = 0;

  /** Paths below `home` are told with a `~`. */
  constructor(folder: string, home: string) {
    this.#folder = folder;
    this.#home = home;
  }

  /** Saves the bytes and tells in a line what they are and where they went, or why they did not; safe to print. */
  save({ kind, mimeType, bytes }: ResultFile): string {
    const what = `${kind} ${visible(mimeType.slice(0, 100))}, ${formatBytes(bytes.length)}`;
    try {
      const ending = Object.hasOwn(ENDINGS, mimeType) ? ENDINGS[mimeType] : 'bin';
      const path = join(this.#folder, `${this.#mark}-${++this.#count}.${ending}`);
      if (this.#count === 1) this.#makeRoom();
      const descriptor = openSync(path, 'wx', 0o600);
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      } finally {
        closeSync(descriptor);
      }
      return `[${what}: ${visible(this.#told(path))}]`;
    } catch (error) {
      return `[${what}; not saved: ${visible(error instanceof Error ? error.message : String(error))}]`;
    }
  }

  #told(path: string): string {
    return path.startsWith(`${this.#home}/`) ? `~${path.slice(this.#home.length)}` : path;
  }

  #makeRoom(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const files = readdirSync(this.#folder).map((name) => {
      const path = join(this.#folder, name);
      const { size, mtimeMs } = statSync(path);
      return { path, size, mtimeMs };
    });
    let total = 0;
    for (const { path, size } of files.toSorted((a, b) => b.mtimeMs - a.mtimeMs)) {
      total += size;
      if (total > MAX_FOLDER) unlinkSync(path);
    }
  }
}
