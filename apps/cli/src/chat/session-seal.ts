import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';

import type { Io } from '../io.ts';
import { readSmallFile, writePrivateFile } from '../private-file.ts';
import { statePath } from '../state-folder.ts';
import type { SavedServer } from './session-file.ts';

const KEY_FILE = 'session-key';

/** 32 random bytes in hex. */
const KEY = /^[0-9a-f]{64}$/;

/**
 * Proves that the servers of a file were put there by this person on this machine: a keyed hash, whose key never
 * leaves the state folder. Undefined where there can be no key; then the file is as good as a stranger's.
 */
export function sealOf(servers: readonly SavedServer[], io: Io): string | undefined {
  const key = keyOf(io) ?? newKey(io);
  return key === undefined ? undefined : hash(servers, key);
}

/** True where {@link sealOf} made the seal for these very servers. */
export function isSealed(servers: readonly SavedServer[], seal: string | undefined, io: Io): boolean {
  const key = keyOf(io);
  if (key === undefined || seal === undefined) return false;
  const [given, own] = [Buffer.from(seal), Buffer.from(hash(servers, key))];
  return given.length === own.length && timingSafeEqual(given, own);
}

function hash(servers: readonly SavedServer[], key: string): string {
  const each = servers.map((server) =>
    server.url === undefined
      ? [server.name, server.argv, server.masked === true, server.cwd ?? null, server.env]
      : [server.name, server.url, server.masked === true, server.headers],
  );
  return createHmac('sha256', Buffer.from(key, 'hex')).update(JSON.stringify(each)).digest('hex');
}

/** The key; undefined where there is none, or where somebody else may have read it. */
function keyOf(io: Io): string | undefined {
  try {
    const path = statePath(io, KEY_FILE);
    if (io.platform !== 'win32' && (lstatSync(path).mode & 0o077) !== 0) return undefined;
    const key = readSmallFile(path, 1024).trim();
    return KEY.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

function newKey(io: Io): string | undefined {
  try {
    const path = statePath(io, KEY_FILE);
    makeFolder(dirname(path));
    writePrivateFile(path, `${randomBytes(32).toString('hex')}\n`);
  } catch {
    return undefined;
  }
  // Another process may have been faster: the key is the one that is there now.
  return keyOf(io);
}
