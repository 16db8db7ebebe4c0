import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { CaptureError } from '@mcp-dbg/capture';
import {
  CAPTURE_EXTENSION,
  type StoredCapture,
  captureFolder,
  listCaptures,
  probeOf,
  probedBy,
} from '@mcp-dbg/capture/node';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { visible } from './render/visible.ts';

/** Where a command reads a capture from. */
type CaptureSource = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'stdin' };

/** What the words of a reading command, `[CAPTURE] [FILTER…]`, came to. */
export interface ChosenCapture {
  readonly source: CaptureSource;
  /** The capture of the probe that was made for this one on a process that was thrown away, where there is one. */
  readonly probe: StoredCapture | undefined;
  /** The words that are no capture, joined: a filter, or nothing. */
  readonly rest: string;
}

/**
 * Tells which capture the words of a reading command mean. The first word is one if it is `-` (stdin), a path, or the
 * label of a stored capture; the newest of that label is taken. Otherwise, all is filter and the newest stored capture
 * is taken; a probe gives way to the connection that it was made for. Which one it is is said on stderr, unless it was
 * named by its path. Throws CaptureError (`NOT_FOUND`) where there is none, and CliError `USAGE` where a capture file
 * stands behind other words; whether a path can be read shows later.
 */
export async function chooseCapture(io: Io, words: readonly string[]): Promise<ChosenCapture> {
  const [first, ...others] = words;
  refuseStray(io, others);
  const rest = others.join(' ');
  if (first === '-') return { source: { kind: 'stdin' }, probe: undefined, rest };
  const path = first === undefined ? undefined : resolve(io.cwd, first);
  if (first !== undefined && path !== undefined && isPath(first, path)) return await chosenByPath(io, path, rest);
  const stored = await storedCaptures(io);
  const labelled = first === undefined ? [] : ofLabel(first, stored);
  if (labelled.length === 0 && path !== undefined && isFolder(path)) return await chosenByPath(io, path, rest);
  const newest = (labelled.length > 0 ? labelled : stored).at(-1);
  if (newest === undefined) throw noneYet(io);
  const main = (newest.isProbe ? probedBy(newest, stored) : undefined) ?? newest;
  io.stderr.write(`capture: ${visible(main.path)}\n`);
  return {
    source: { kind: 'file', path: main.path },
    probe: probeOf(main, stored),
    rest: labelled.length > 0 ? rest : words.join(' '),
  };
}

/** As a word of the filter it would be looked for in another capture, and found nowhere. */
function refuseStray(io: Io, words: readonly string[]): void {
  const stray = words.find((word) => word.endsWith(CAPTURE_EXTENSION) && isFile(resolve(io.cwd, word)));
  if (stray === undefined) return;
  throw new CliError(
    'USAGE',
    `"${stray}" stands behind other words: name one capture, before the filter; cat A B | mcp-dbg log - reads several`,
  );
}

/** The path of the capture that one word means: a path, or the label of a stored capture. Throws CaptureError `NOT_FOUND`. */
export async function namedCapture(io: Io, word: string): Promise<string> {
  const path = resolve(io.cwd, word);
  if (isPath(word, path)) return path;
  const found = ofLabel(word, await storedCaptures(io)).at(-1);
  if (found !== undefined) return found.path;
  throw new CaptureError(
    'NOT_FOUND',
    `There is no capture ${JSON.stringify(word)}: no file and no label; mcp-dbg captures lists the labels`,
  );
}

/** There is nothing to read in the state folder. */
export function noneYet(io: Pick<Io, 'home' | 'platform'>): CaptureError {
  return new CaptureError(
    'NOT_FOUND',
    `There is no capture in "${captureFolder(io.home, io.platform)}" yet; make one with mcp-dbg proxy or mcp-dbg chat, or name a file`,
  );
}

async function storedCaptures({ home, platform }: Io): Promise<readonly StoredCapture[]> {
  return await listCaptures(captureFolder(home, platform));
}

async function chosenByPath(io: Io, path: string, rest: string): Promise<ChosenCapture> {
  const stored = dirname(path) === captureFolder(io.home, io.platform) ? await storedCaptures(io) : [];
  const own = stored.find((capture) => capture.path === path);
  return { source: { kind: 'file', path }, probe: own && probeOf(own, stored), rest };
}

/** Words of the filter language that begin no label. */
const FILTER_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);

/**
 * The captures with a label, the newest last. A part of a label is none: what a filter means must not depend on which
 * captures are stored.
 */
function ofLabel(word: string, stored: readonly StoredCapture[]): readonly StoredCapture[] {
  return FILTER_WORDS.has(word) ? [] : stored.filter(({ label }) => label === word);
}

/** True for a file that exists, and for what can only be meant as a path: a filter may have slashes in it too. */
function isPath(word: string, path: string): boolean {
  if (isFile(path) || word.endsWith(CAPTURE_EXTENSION) || /^\.{0,2}\/?$|^\.{1,2}\//.test(word)) return word !== '';
  if (!word.startsWith('/')) return false;
  // Between two slashes stands a regular expression, unless there is such a folder.
  const isPattern = /^\/.+\/[dgimsuvy]*$/s.test(word);
  return !isPattern || (dirname(path) !== '/' && isFolder(dirname(path)));
}

function isFile(path: string): boolean {
  const status = statusOf(path);
  return status !== undefined && !status.isDirectory();
}

function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() === true;
}

function statusOf(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
