import { dirname } from 'node:path';

import { nearestWord } from '@mcp-dbg/capture';
import type { StoredCapture } from '@mcp-dbg/capture/node';
import { captureFolder, labelCapture, listCaptures, pruneOldCaptures } from '@mcp-dbg/capture/node';

import { namedCapture, noneYet } from '../choose-capture.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { parseAge } from '../parse-age.ts';
import { statusOf } from '../private-file.ts';
import { captureJson, capturesTable, folded } from '../render/captures-text.ts';
import { rowWidth } from '../terminal/size.ts';
import { counted } from '../render/counted.ts';
import { formatBytes } from '../render/sizes.ts';
import { safeJson, visible } from '../render/visible.ts';

export interface CapturesOptions {
  readonly json?: boolean;
}

export interface PruneOptions extends CapturesOptions {
  readonly olderThan?: string;
  readonly dryRun?: boolean;
}

/** Lists the stored captures, the newest first. Gives the exit code. Throws CliError `USAGE` for words it does not take. */
export async function listStored(io: Io, words: readonly string[], options: CapturesOptions): Promise<number> {
  const [word] = words;
  if (word !== undefined) throw unknownWord(word);
  const stored = await listCaptures(captureFolder(io.home, io.platform));
  const rows = folded(stored);
  if (options.json === true) for (const row of rows) io.stdout.write(`${captureJson(row)}\n`);
  else if (rows.length > 0) io.stdout.write(capturesTable(rows, rowWidth(io)));
  if (options.json !== true)
    io.stderr.write(rows.length > 0 ? `${summary(io, stored)}\n` : `${visible(noneYet(io).message)}\n`);
  return EXIT.good;
}

/** Gives a capture another label. Gives the exit code. Throws CaptureError. */
export async function labelStored(io: Io, capture: string, label: string, options: CapturesOptions): Promise<number> {
  const old = await namedCapture(io, capture);
  const folder = captureFolder(io.home, io.platform);
  if (dirname(old) !== folder && statusOf(old) !== undefined)
    throw new CliError(
      'USAGE',
      `Only stored captures have labels, and "${old}" is not in "${folder}"; rename it as any file`,
    );
  const path = await labelCapture(old, label);
  io.stdout.write(options.json === true ? `${safeJson(JSON.stringify({ old, path }))}\n` : `${visible(path)}\n`);
  return EXIT.good;
}

/** Deletes old captures, or tells which it would delete. Gives the exit code. Throws CliError `USAGE`. */
export async function pruneStored(io: Io, options: PruneOptions): Promise<number> {
  const age = options.olderThan === undefined ? undefined : parseAge(options.olderThan);
  if (age === undefined) throw noAge(options.olderThan);
  const dryRun = options.dryRun === true;
  const pruning = await pruneOldCaptures(captureFolder(io.home, io.platform), { before: Date.now() - age, dryRun });
  const { deleted, kept, refused } = pruning;
  if (options.json === true) {
    const lists = Object.entries({ deleted, kept, refused }).map(([name, list]) => [name, list.map(shortly)]);
    io.stdout.write(
      `${safeJson(JSON.stringify({ dryRun, bytes: sizeOf(deleted), ...(Object.fromEntries(lists) as object) }))}\n`,
    );
    return refused.length > 0 ? EXIT.bad : EXIT.good;
  }
  for (const { path, size } of deleted) {
    io.stdout.write(`${dryRun ? 'would delete' : 'deleted'} ${visible(path)} (${formatBytes(size)})\n`);
  }
  for (const { path } of kept) io.stderr.write(`kept ${visible(path)}: it is being written\n`);
  for (const { path } of refused) io.stderr.write(`kept ${visible(path)}: the system does not let it be deleted\n`);
  io.stderr.write(`${dryRun ? 'would delete' : 'deleted'} ${count(deleted)}, ${formatBytes(sizeOf(deleted))}\n`);
  return refused.length > 0 ? EXIT.bad : EXIT.good;
}

function shortly({ path, label, at, size }: StoredCapture): object {
  return { path, label, at, size };
}

function summary({ home, platform }: Io, stored: readonly StoredCapture[]): string {
  return `${count(stored)}, ${formatBytes(sizeOf(stored))}, in ${visible(captureFolder(home, platform))}`;
}

function count({ length }: readonly StoredCapture[]): string {
  return counted(length, 'capture');
}

function sizeOf(captures: readonly StoredCapture[]): number {
  return captures.reduce((sum, { size }) => sum + size, 0);
}

function noAge(given: string | undefined): CliError {
  const what = given === undefined ? 'Say what is old' : `${JSON.stringify(given)} is no age`;
  return new CliError(
    'USAGE',
    `${what}: mcp-dbg captures prune --older-than 30d, in s, m, h, d or w; --dry-run deletes nothing`,
  );
}

function unknownWord(word: string): CliError {
  const meant = nearestWord(word, ['list', 'label', 'prune']);
  return new CliError(
    'USAGE',
    `Unknown command 'captures ${word}'${meant === undefined ? '' : `; did you mean ${meant}?`} (mcp-dbg captures --help shows what there is)`,
  );
}
