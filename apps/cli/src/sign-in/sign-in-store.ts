import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { makeFolder } from '@mcp-dbg/capture/folder';
import type { KeptSignIns, SavedSignIn, TokenStore } from '@mcp-dbg/core/oauth';

import { CliError } from '../exit-code.ts';
import { failure, readSmallFile, statusOf, writePrivateFile } from '../private-file.ts';
import { underLock } from './file-lock.ts';
import { type SignInsFile, readSignIns, signInsText } from './sign-in-file.ts';

/** Bytes of a file of sign-ins at most: a few tokens, each with room. */
const MAX_FILE = 1 << 20;

/** Keeps sign-ins in a folder that only its owner can enter: a file for each server, changed by one process at a time. */
export class SignInStore implements TokenStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(server: string): Promise<readonly SavedSignIn[]> {
    return read(this.#file(server))?.signIns ?? [];
  }

  async change<T>(server: string, use: (kept: KeptSignIns) => Promise<T>): Promise<T> {
    const file = this.#file(server);
    makeFolder(this.#folder);
    return await underLock(`${file}.lock`, async () => {
      const write = async (all: readonly SavedSignIn[]): Promise<void> => {
        if (all.length === 0) rmSync(file, { force: true });
        else tried('write', file, () => writePrivateFile(file, signInsText(server, all)));
      };
      return await use({ all: read(file)?.signIns ?? [], write });
    });
  }

  /** Every server that somebody has signed in to, in the order of their names. */
  all(): readonly SignInsFile[] {
    if (statusOf(this.#folder) === undefined) return [];
    const names = tried('read', this.#folder, () => readdirSync(this.#folder).toSorted());
    return names.filter((name) => name.endsWith('.json')).flatMap((name) => read(join(this.#folder, name)) ?? []);
  }

  /** The URL may hold anything, so a name is made of its host, for people, and of a digest, to tell servers apart. */
  #file(server: string): string {
    const { href, hostname } = new URL(server);
    const digest = createHash('sha256').update(href).digest('hex').slice(0, 16);
    return join(this.#folder, `${hostname.replaceAll(/[^a-z0-9.-]/gi, '_').slice(0, 100)}-${digest}.json`);
  }
}

/** What a file holds; undefined where there is none. */
function read(file: string): SignInsFile | undefined {
  if (statusOf(file) === undefined) return undefined;
  const kept = readSignIns(tried('read', file, () => readSmallFile(file, MAX_FILE)));
  if (kept !== undefined) return kept;
  throw new CliError(
    'UNAVAILABLE',
    `Cannot read ${JSON.stringify(file)}: it holds no sign-ins; remove it and sign in again`,
  );
}

function tried<Result>(what: string, path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const { code, message } = failure(error);
    throw new CliError(code, `Cannot ${what} ${JSON.stringify(path)}: ${message}`, { cause: error });
  }
}
