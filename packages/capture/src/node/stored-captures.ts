import { type FileHandle, lstat, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { parseHeader } from '../header.ts';
import type { OpenRecord } from '../record.ts';
import { CAPTURE_EXTENSION } from './capture-folder.ts';
import { codeOf } from './system-reason.ts';

/** What the captures of a folder may take together before the oldest are deleted, in bytes. */
export const MAX_FOLDER_BYTES: number = 512 * 1024 * 1024;

/** Enough for the `open` header of any usual command line, and for the last record of a closed capture. */
const PEEK_BYTES = 64 * 1024;

/** How many files are open at a time. */
const BATCH = 16;

interface FoundFile {
  readonly path: string;
  readonly size: number;
}

interface StoredCapture extends FoundFile {
  readonly open: OpenRecord;
}

/**
 * Deletes the oldest captures of a folder until all of them take no more than `maxBytes`. One whose writer may still
 * run is never deleted, nor is any file that is no capture. Gives the paths that were deleted; what cannot be read or
 * deleted is left alone. Never rejects.
 */
export async function pruneCaptures(folder: string, maxBytes: number = MAX_FOLDER_BYTES): Promise<readonly string[]> {
  const files = await captureFiles(folder);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  if (total <= maxBytes) return [];
  const deletable = (await inBatches(files, deletableAt)).toSorted(byStart);
  const deleted: string[] = [];
  for (const { path, size } of deletable) {
    if (total <= maxBytes) break;
    if (!(await remove(path))) continue;
    total -= size;
    deleted.push(path);
  }
  return deleted;
}

/** The path of the capture that was started last; undefined where the folder has none. */
export async function newestCapture(folder: string): Promise<string | undefined> {
  const files = await captureFiles(folder);
  return (await inBatches(files, startOf)).toSorted(byStart).at(-1)?.path;
}

function byStart(one: StoredCapture, other: StoredCapture): number {
  const [a, b] = [`${one.open.at} ${one.path}`, `${other.open.at} ${other.path}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

async function captureFiles(folder: string): Promise<readonly FoundFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith(CAPTURE_EXTENSION))
      .map(async (name) => {
        const path = join(folder, name);
        const found = await lstat(path).catch(() => undefined);
        return found?.isFile() === true ? { path, size: found.size } : undefined;
      }),
  );
  return files.filter((file) => file !== undefined);
}

/** Looks into files, no more than BATCH at a time, and gives what was found. */
async function inBatches(
  files: readonly FoundFile[],
  look: (found: FoundFile) => Promise<StoredCapture | undefined>,
): Promise<readonly StoredCapture[]> {
  const found: (StoredCapture | undefined)[] = [];
  for (let at = 0; at < files.length; at += BATCH) {
    found.push(...(await Promise.all(files.slice(at, at + BATCH).map(look))));
  }
  return found.filter((capture) => capture !== undefined);
}

/** Undefined where the file is no capture that can be read. */
async function startOf(found: FoundFile): Promise<StoredCapture | undefined> {
  return await whileOpen(found.path, async (file) => await startIn(file, found));
}

/** Undefined where the file is no capture that can be read, or one whose writer may still run. */
async function deletableAt(found: FoundFile): Promise<StoredCapture | undefined> {
  return await whileOpen(found.path, async (file) => {
    const capture = await startIn(file, found);
    if (capture === undefined || !isAlive(capture.open.pid)) return capture;
    const tail = await textAt(file, Math.max(0, found.size - PEEK_BYTES));
    return isCloseOf(capture.open.c, lastLine(tail)) ? capture : undefined;
  });
}

async function startIn(file: FileHandle, found: FoundFile): Promise<StoredCapture | undefined> {
  const header = parseHeader(firstLine(await textAt(file, 0)), undefined);
  return header?.t === 'open' ? { ...found, open: header } : undefined;
}

/** What `look` gives of a file; undefined where the file cannot be opened or read. */
async function whileOpen<Result>(
  path: string,
  look: (file: FileHandle) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    return await look(file);
  } catch {
    return undefined;
  } finally {
    await file?.close().catch(() => undefined);
  }
}

async function textAt(file: FileHandle, position: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, position);
  return buffer.toString('utf8', 0, bytesRead);
}

function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n'));
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

function isCloseOf(c: string, line: string): boolean {
  return parseHeader(line, c)?.t === 'close';
}

function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive as well.
    return codeOf(error) === 'EPERM';
  }
}

async function remove(path: string): Promise<boolean> {
  return await unlink(path).then(
    () => true,
    () => false,
  );
}
