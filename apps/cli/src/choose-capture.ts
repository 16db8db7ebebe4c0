import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { CaptureError, nearestWord } from '@mcp-dbg/capture';
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
 * Tells which capture the words of a reading command mean: the one among them that is a path, or `-` (stdin) or the
 * label of a stored capture as the first of them; of a label the newest is taken. Otherwise all is filter and the newest
 * stored capture is taken; a probe gives way to the connection that it was made for. Which one it is is said on stderr,
 * unless it was named by its path. Throws CaptureError (`NOT_FOUND`) where there is none, or where the first word is
 * nearly the name of one, and CliError `USAGE` where several are named; whether a path can be read shows later.
 */
export async function chooseCapture(io: Io, words: readonly string[]): Promise<ChosenCapture> {
  const [first, ...others] = words;
  if (first === '-') return { source: { kind: 'stdin' }, probe: undefined, rest: others.join(' ') };
  const named = words.filter((word, index) => isNamed(word, resolve(io.cwd, word), index === 0));
  if (named.length > 1)
    throw new CliError(
      'USAGE',
      `Name one capture, not ${named.length} (${named.slice(0, 3).join(', ')}); cat A B | mcp-dbg log - reads several`,
    );
  const [path] = named;
  if (path !== undefined) {
    const at = words.indexOf(path);
    return await chosenByPath(io, resolve(io.cwd, path), words.filter((_, index) => index !== at).join(' '));
  }
  const stored = await storedCaptures(io);
  const labelled = first === undefined ? [] : ofLabel(first, stored);
  if (first !== undefined && labelled.length === 0) {
    const folder = resolve(io.cwd, first);
    if (isFolder(folder)) return await chosenByPath(io, folder, others.join(' '));
    refuseNearMiss(first, io.cwd, stored);
  }
  const newest = (labelled.length > 0 ? labelled : stored).at(-1);
  if (newest === undefined) throw noneYet(io);
  const main = (newest.isProbe ? probedBy(newest, stored) : undefined) ?? newest;
  io.stderr.write(`capture: ${visible(main.path)}\n`);
  return {
    source: { kind: 'file', path: main.path },
    probe: probeOf(main, stored),
    rest: (labelled.length > 0 ? others : words).join(' '),
  };
}

/** Behind the first word only what exists is a path: the others are filter. */
function isNamed(word: string, path: string, isFirst: boolean): boolean {
  if (isFirst) return isPath(word, path);
  return (word.endsWith(CAPTURE_EXTENSION) || word.includes('/')) && isFile(path);
}

/** A word that is nearly the name of a capture was hardly meant to be searched for, which would find nothing in silence. */
function refuseNearMiss(word: string, cwd: string, stored: readonly StoredCapture[]): void {
  if (!/^[\w.-]{4,}$/.test(word)) return;
  const labels = [...new Set(stored.map(({ label }) => label))];
  const file = isFile(resolve(cwd, word + CAPTURE_EXTENSION)) ? word + CAPTURE_EXTENSION : undefined;
  const label = file === undefined ? nearestLabel(word, labels) : undefined;
  const looksLikeFile = /\.mcpcap?\w*$/.test(word);
  const meant = file ?? label;
  if (meant === undefined && !looksLikeFile) return;
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new CaptureError(
    'NOT_FOUND',
    `There is no capture ${JSON.stringify(word)}: no file and no label${hint} (to search for the word, write '"${word}"')`,
  );
}

function nearestLabel(word: string, labels: readonly string[]): string | undefined {
  const near = nearestWord(word, labels);
  return near !== undefined && Math.abs(near.length - word.length) <= 2 ? near : undefined;
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
