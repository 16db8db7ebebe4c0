import { type Stats, lstatSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { captureFolder, makeFolder } from '@mcp-dbg/capture/folder';

import { CliError } from '../exit-code.ts';
import { failure } from '../private-file.ts';

/** How the places end at which running proxies listen. */
const EXTENSION = '.sock';

/** Bytes that the path of a Unix socket may have: 104 with their end on macOS, 108 on Linux; what is longer is cut off. */
const MAX_PATH = 103;

/** Places that are looked at, at most. */
const MAX_PLACES = 200;

/** What a place is called: the proxy's pid, and what tells two of that pid apart (containers may share a home). */
const NAME = /^(\d{1,10})-[\da-f]{4}\.sock$/;

/** Where a running proxy listens. On Windows the file in the folder only tells that there is a named pipe. */
export interface Place {
  readonly file: string;
  /** What to listen at, or to connect to. */
  readonly address: string;
  readonly pid: number;
}

/** The folder of those places: beside the captures. */
export function liveFolder(home: string, platform: NodeJS.Platform): string {
  return join(dirname(captureFolder(home, platform)), 'live');
}

/** The place of that name in a folder. Throws CliError `UNAVAILABLE` where its path is longer than a socket's may be. */
export function placeNamed(folder: string, name: string, platform: NodeJS.Platform): Place {
  const file = join(folder, name);
  const pid = Number(NAME.exec(name)?.[1]);
  if (platform === 'win32') return { file, pid, address: `\\\\.\\pipe\\mcp-dbg-${name.slice(0, -EXTENSION.length)}` };
  if (Buffer.byteLength(file) > MAX_PATH)
    throw new CliError(
      'UNAVAILABLE',
      `its path has ${Buffer.byteLength(file)} bytes, and ${MAX_PATH} are the limit of sockets; use a home folder with a shorter path`,
    );
  return { file, pid, address: file };
}

/** The name of a new place. */
export function placeName(pid: number, random: string): string {
  return `${pid}-${random}${EXTENSION}`;
}

/** Makes the folder where it is missing. Throws CliError as {@link checkLiveFolder} does. */
export function makeLiveFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw failure(error);
  }
  checkLiveFolder(folder);
}

/**
 * Throws CliError `UNAVAILABLE`, with the reason and the next step to stand behind what was to be done, where others than
 * its owner could put something into the folder, or put another in its place; and `NOT_FOUND` where there is none.
 */
function checkLiveFolder(folder: string): void {
  const above = statusOf(dirname(folder));
  const status = statusOf(folder);
  if (above === undefined || status === undefined) throw new CliError('NOT_FOUND', 'there is no such folder');
  const problem =
    troubleOf(status, status.isDirectory(), 0o077) ??
    (isOthers(above) || (above.mode & 0o022) !== 0 ? 'others may write to the folder that it is in' : undefined);
  if (problem !== undefined)
    throw new CliError('UNAVAILABLE', `${problem}; delete "${folder}", or give it to its owner alone (chmod 700)`);
}

/** Why a place cannot be trusted, if it cannot. */
export function placeTrouble({ file }: Place, platform: NodeJS.Platform): string | undefined {
  const status = statusOf(file);
  if (status === undefined) return 'it is not there any more';
  return troubleOf(status, platform === 'win32' ? status.isFile() : status.isSocket(), 0o077);
}

/** The places in a folder, the newest last. None where there is no folder. Throws CliError where it cannot be trusted. */
export function placesIn(folder: string, platform: NodeJS.Platform): readonly Place[] {
  if (statusOf(folder) === undefined) return [];
  checkLiveFolder(folder);
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  return names
    .map((name) => ({ place: placeNamed(folder, name, platform), ms: statusOf(join(folder, name))?.mtimeMs ?? 0 }))
    .toSorted((a, b) => a.ms - b.ms)
    .slice(-MAX_PLACES)
    .map(({ place }) => place);
}

/** Deletes what is left of a place, if anything is. */
export function removePlace({ file }: Place): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The next proxy tries again.
  }
}

function troubleOf(status: Stats, isRightKind: boolean, notFor: number): string | undefined {
  if (status.isSymbolicLink()) return 'it is a link';
  if (!isRightKind) return 'it is something else';
  if (isOthers(status)) return 'it belongs to another user';
  return process.getuid !== undefined && (status.mode & notFor) !== 0 ? 'others may use it' : undefined;
}

function isOthers({ uid }: Stats): boolean {
  const user = process.getuid?.();
  return user !== undefined && uid !== user;
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw failure(error);
  }
}
