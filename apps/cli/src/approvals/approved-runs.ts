import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';

import type { Io } from '../io.ts';
import { readSmallFile, writePrivateFile } from '../private-file.ts';
import { safeJson } from '../render/visible.ts';
import { statePath } from '../state-folder.ts';

/** A list that a person can read, and take lines out of: what is not in it is asked about again. */
const FILE = 'approved-servers.json';

const MAX_BYTES = 4 * 1024 * 1024;

/** Approvals that are kept; the oldest go first. */
const MAX_KEPT = 1000;

interface Approved {
  readonly file: string;
  readonly name: string;
  /** For the person who reads the list. */
  readonly runs: string;
  readonly hash: string;
  /** Wall time, ISO 8601. */
  readonly at: string;
}

/** What an approval is known by: the file, and all that it would run. */
export function hashOf(path: string, { name, whole }: { readonly name: string; readonly whole: unknown }): string {
  return createHash('sha256')
    .update(JSON.stringify([path, name, whole]))
    .digest('hex');
}

/** True where a person approved just this. */
export function isApproved(hash: string, io: Io): boolean {
  return approved(io).some((each) => each.hash === hash);
}

/** Remembers what a person approved. Where that is not possible it is asked again the next time. */
export function rememberApproved(
  runs: readonly { readonly file: string; readonly name: string; readonly noted: string; readonly hash: string }[],
  io: Io,
): void {
  const at = new Date().toISOString();
  const more = runs.map(({ file, name, noted, hash }): Approved => ({ file, name, runs: noted, hash, at }));
  const lines = [...approved(io), ...more].slice(-MAX_KEPT).map((each) => `\n${safeJson(JSON.stringify(each))}`);
  try {
    const path = statePath(io, FILE);
    makeFolder(dirname(path));
    writePrivateFile(path, `{"approved":[${lines.join(',')}\n]}\n`);
  } catch {
    // The person's answer counts all the same.
  }
}

/** What the list has; nothing where it is broken, or where somebody else may have written it. */
function approved(io: Io): readonly Approved[] {
  try {
    const path = statePath(io, FILE);
    const { uid, mode } = lstatSync(path);
    if (io.platform !== 'win32' && ((mode & 0o022) !== 0 || uid !== process.getuid?.())) return [];
    const root: unknown = JSON.parse(readSmallFile(path, MAX_BYTES));
    const list = typeof root === 'object' && root !== null && 'approved' in root ? root.approved : undefined;
    return Array.isArray(list) ? list.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Approved {
  if (typeof value !== 'object' || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return ['file', 'name', 'runs', 'hash', 'at'].every((key) => typeof members.get(key) === 'string');
}
