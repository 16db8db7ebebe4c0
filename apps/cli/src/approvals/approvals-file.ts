import { closeSync, constants, fstatSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';
import type { JsonObject } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { makePrivateFile, openOwnFile, statusOf, writePrivateFile } from '../private-file.ts';
import { safeJson } from '../render/visible.ts';
import { type ApprovedServer, approvalKey } from './approved-server.ts';
import type { ToolDefinition } from './tool-definition.ts';

/** A tool that may run without being asked about, for as long as it is defined as it was then. */
export interface Approval {
  /** Wall time, ISO 8601. */
  readonly at: string;
  readonly server: ApprovedServer;
  readonly tool: string;
  readonly definition: ToolDefinition;
}

/** Approvals that are kept, and lines of a file that is made smaller. */
const MAX_APPROVALS = 1000;
const MAX_LINES = 2000;
/** Bytes of a file that are read, the last ones. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Milliseconds after which whoever made the file smaller must have been killed. */
const STALE_MS = 60_000;
/** Characters of a tool's name: more than anybody could judge is not kept. */
const MAX_NAME = 1000;

/**
 * What a person approved for good, in a file that only they can write: a JSON object a line, the newest last. A line
 * is added with one write and nothing is changed, so that chats that run at the same time lose nothing of each other;
 * what is forgotten is a line, too. A person may take lines out by hand.
 */
export class ApprovalsFile {
  readonly #path: string;
  #read: { readonly of: string; readonly approvals: ReadonlyMap<string, Approval> } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** What is approved at this moment, by the keys of approvalKey. Throws CliError where the file cannot be trusted. */
  get approvals(): ReadonlyMap<string, Approval> {
    const status = statusOf(this.#path);
    if (status === undefined) return new Map();
    const of = `${status.ino} ${status.size} ${status.mtimeMs}`;
    if (this.#read?.of !== of) this.#read = { of, approvals: load(this.#path) };
    return this.#read.approvals;
  }

  /** Keeps an approval. Throws CliError where it cannot be kept. */
  add(approval: Approval): void {
    if (approval.tool.length > MAX_NAME) throw new CliError('UNAVAILABLE', 'the name of the tool is too long');
    append(this.#path, approvalLine(approval));
  }

  /** Forgets approvals. Throws CliError where that cannot be kept. */
  forget(approvals: Iterable<Approval>, at: string): void {
    const lines = Array.from(approvals, ({ server: { name, ...place }, tool }) =>
      lineOf({ at, forgotten: true, server: name, ...place, tool }),
    );
    append(this.#path, lines.join(''));
  }
}

function approvalLine({ at, server: { name, ...place }, tool, definition: { hash, parts } }: Approval): string {
  return lineOf({ at, server: name, ...place, tool, hash, definition: parts });
}

function lineOf(value: object): string {
  return `${safeJson(JSON.stringify(value))}\n`;
}

function load(path: string): ReadonlyMap<string, Approval> {
  refuseOthers(path);
  const file = openOwnFile(path, constants.O_RDONLY);
  try {
    const { size, ino } = fstatSync(file);
    const lines = readFrom(file, Math.max(0, size - MAX_BYTES), size).split('\n');
    const approvals = new Map<string, Approval>();
    for (const line of lines) take(line, approvals);
    for (const key of [...approvals.keys()].slice(0, -MAX_APPROVALS)) approvals.delete(key);
    if (lines.length > MAX_LINES || size > MAX_BYTES) compact(path, [...approvals.values()], { file, size, ino });
    return approvals;
  } finally {
    closeSync(file);
  }
}

/** Throws CliError where others could have written the file: that is nobody's approval. */
function refuseOthers(path: string): void {
  const status = process.getuid === undefined ? undefined : statusOf(path);
  if (status?.isFile() !== true || (status.mode & 0o022) === 0) return;
  throw new CliError(
    'UNAVAILABLE',
    'others can write to it; look at what it says, then take that right away (chmod 600)',
  );
}

/** Notes what a line says; one that says nothing that can be understood is passed over. */
function take(line: string, approvals: Map<string, Approval>): void {
  const read = readLine(line);
  if (read === undefined) return;
  const { at, tool, hash, definition, forgotten } = read;
  const server = readServer(read);
  if (server === undefined || typeof tool !== 'string') return;
  const key = approvalKey(server, tool);
  // The newest is the last.
  approvals.delete(key);
  if (forgotten === true || typeof at !== 'string' || typeof hash !== 'string') return;
  approvals.set(key, { at, server, tool, definition: { hash, parts: isObject(definition) ? definition : undefined } });
}

function readLine(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readServer({ server, command, folder, url }: JsonObject): ApprovedServer | undefined {
  const name = typeof server === 'string' ? server : '';
  if (typeof url === 'string') return { name, url };
  if (!Array.isArray(command) || !command.every((word): word is string => typeof word === 'string')) return undefined;
  return { name, command, ...(typeof folder === 'string' && { folder }) };
}

function append(path: string, lines: string): void {
  makeFolder(dirname(path));
  refuseOthers(path);
  const file = openOwnFile(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT);
  try {
    const { size, ino } = fstatSync(file);
    // A chat that was killed, or a full disk, may have left half a line.
    const isTorn = size > 0 && readFrom(file, size - 1, size) !== '\n';
    writeSync(file, `${isTorn ? '\n' : ''}${lines}`);
    // Another chat may have put a smaller file in the place of this one, without these lines.
    if (statSync(path, { throwIfNoEntry: false })?.ino !== ino) append(path, lines);
  } finally {
    closeSync(file);
  }
}

/**
 * Puts a smaller file in the place of the one that was read. What others add until then is added to it; who adds later
 * sees that the file is another one, and does it again.
 */
function compact(
  path: string,
  approvals: readonly Approval[],
  read: { readonly file: number; readonly size: number; readonly ino: number },
): void {
  const mark = `${path}.compacting`;
  if (!isMine(mark)) return;
  try {
    // Another chat may have done the same meanwhile.
    if (statSync(path).ino !== read.ino) return;
    writePrivateFile(path, approvals.map(approvalLine).join(''));
    const { size } = fstatSync(read.file);
    if (size > read.size) append(path, readFrom(read.file, read.size, size));
  } finally {
    rmSync(mark, { force: true });
  }
}

/** Takes the mark that only one chat can have; false where another has it, unless that one must have been killed. */
function isMine(mark: string): boolean {
  if (makePrivateFile(mark, '')) return true;
  const since = statusOf(mark)?.mtimeMs ?? 0;
  if (Date.now() - since > STALE_MS) rmSync(mark, { force: true });
  return false;
}

/** Reads the text of an open file from `start` to `end`; fewer where it ends before. */
function readFrom(file: number, start: number, end: number): string {
  const bytes = Buffer.alloc(Math.max(0, end - start));
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start)).toString();
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
