import { closeSync, constants, fstatSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';

import { openOwnFile, statusOf, writePrivateFile } from '../private-file.ts';
import { visible } from '../render/visible.ts';

/** Lines that are kept, and so many that the file is made smaller. */
const MAX_LINES = 1000;
const MAX_GROWN = 2000;

/** Bytes of a line that is kept, and of a file that is read. */
const MAX_LINE_BYTES = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The lines that a person typed in earlier chats, in a file that only they can read: a JSON string a line, the newest
 * last. Nothing about the file ever fails a chat: what it holds that is no line is passed over, and a file that
 * cannot be used, or is a link, no regular file, or another user's, is left alone; that is said once, and lines are
 * not kept then.
 */
export class HistoryFile {
  /** The newest first, each once, as the editor of a line takes them. */
  readonly lines: readonly string[];
  readonly #path: string;
  #last: string | undefined;
  #onTrouble: ((sentence: string) => void) | undefined;
  #isUsable = true;

  private constructor(path: string, onTrouble: (sentence: string) => void) {
    this.#path = path;
    this.#onTrouble = onTrouble;
    this.lines = this.#tried(() => load(path)) ?? [];
    this.#last = this.lines[0];
  }

  /** Reads the file, and makes its folder where that is missing. `onTrouble` is told at most once. */
  static open(path: string, onTrouble: (sentence: string) => void = () => {}): HistoryFile {
    return new HistoryFile(path, onTrouble);
  }

  /**
   * Keeps a line at once, so that chats that run at the same time lose nothing of each other. Not kept are empty
   * lines, the last one again, very long ones, and those that begin with a space: for what should not be remembered.
   */
  add(line: string): void {
    if (line.trim() === '' || line.startsWith(' ') || line === this.#last) return;
    if (!this.#isUsable || Buffer.byteLength(line) > MAX_LINE_BYTES) return;
    this.#last = line;
    this.#tried(() => append(this.#path, line));
  }

  #tried<Result>(step: () => Result): Result | undefined {
    try {
      return step();
    } catch (error) {
      this.#isUsable = false;
      const reason = error instanceof Error ? error.message : String(error);
      const where = JSON.stringify(visible(this.#path));
      this.#onTrouble?.(`What is typed is not kept for later chats in ${where}: ${visible(reason)}`);
      this.#onTrouble = undefined;
      return undefined;
    }
  }
}

function load(path: string): readonly string[] {
  makeFolder(dirname(path));
  if (statusOf(path) === undefined) return [];
  const file = openOwnFile(path, constants.O_RDONLY);
  try {
    const { size, ino } = fstatSync(file);
    const texts = readFrom(file, Math.max(0, size - MAX_BYTES), size)
      .toString()
      .split('\n');
    const lines = [...new Set(texts.toReversed().flatMap(lineOf))].slice(0, MAX_LINES);
    if (texts.length > MAX_GROWN || size > MAX_BYTES) compact(path, lines, { file, size, ino });
    return lines;
  } finally {
    closeSync(file);
  }
}

function append(path: string, line: string): void {
  const file = openOwnFile(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT);
  try {
    const { size } = fstatSync(file);
    // A chat that was killed, or a full disk, may have left half a line.
    const isTorn = size > 0 && readFrom(file, size - 1, size).toString() !== '\n';
    writeSync(file, `${isTorn ? '\n' : ''}${JSON.stringify(line)}\n`);
  } finally {
    closeSync(file);
  }
}

/**
 * Puts a smaller file in the place of the one that was read. What other chats have added since is taken over; only
 * what they add between the last look and the renaming is lost.
 */
function compact(
  path: string,
  lines: readonly string[],
  read: { readonly file: number; readonly size: number; readonly ino: number },
): void {
  try {
    // Another chat may have done the same meanwhile.
    if (statSync(path).ino !== read.ino) return;
    const kept = lines.toReversed().map((line) => `${JSON.stringify(line)}\n`);
    const added = readFrom(read.file, read.size, fstatSync(read.file).size);
    writePrivateFile(path, kept.join('') + added.toString());
  } catch {
    // The next chat tries again; until then the file is only longer than it needs to be.
  }
}

/** Reads the bytes of an open file from `start` to `end`; fewer where it ends before. */
function readFrom(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, end - start));
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
}

/** A line as it was typed; none for what is no line, or would do something to a terminal. */
function lineOf(json: string): readonly string[] {
  try {
    const line: unknown = JSON.parse(json);
    const isLine = typeof line === 'string' && line !== '' && visible(line, 'kept') === line;
    return isLine && Buffer.byteLength(line) <= MAX_LINE_BYTES ? [line] : [];
  } catch {
    return [];
  }
}
