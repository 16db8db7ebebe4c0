import { removeCapture } from './crash-files.ts';
import { type StoredCapture, listCaptures } from './list-captures.ts';

/** What pruning by age came to. */
export interface Pruning {
  /** Those that were deleted, or would be. */
  readonly deleted: readonly StoredCapture[];
  /** Old ones that were kept because their writers may still write. */
  readonly kept: readonly StoredCapture[];
  /** Old ones that the system did not let us delete. */
  readonly refused: readonly StoredCapture[];
}

/**
 * Deletes the captures of a folder that ended before a time (milliseconds since 1970), with their crash reports, or only
 * tells which, with `dryRun`. One whose writer may still run is never deleted, nor is any file that is no capture. Never rejects.
 */
export async function pruneOldCaptures(
  folder: string,
  { before, dryRun = false }: { readonly before: number; readonly dryRun?: boolean },
): Promise<Pruning> {
  const old = (await listCaptures(folder)).filter((capture) => endOf(capture) < before);
  const ended = old.filter(({ state }) => state !== 'open');
  const refused = new Set<StoredCapture>();
  if (!dryRun) {
    for (const capture of ended) if (!(await removeCapture(capture.path))) refused.add(capture);
  }
  return {
    deleted: ended.filter((capture) => !refused.has(capture)),
    kept: old.filter(({ state }) => state === 'open'),
    refused: [...refused],
  };
}

/** Milliseconds since 1970; not a number, and so never old, where the capture does not tell its start. */
function endOf({ at, us }: StoredCapture): number {
  return Date.parse(at) + (us ?? 0) / 1000;
}
