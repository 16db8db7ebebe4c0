import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Block, partsOf } from './blocks.ts';
import { makeBlock } from './make-block.ts';
import { timeless } from './steady.ts';

/** A file as it should be, and what in it could not be made on this machine. */
export interface Made {
  readonly path: string;
  readonly text: string;
  readonly skipped: readonly string[];
}

/** How pages are made anew. */
export interface Renewal {
  readonly root: string;
  readonly inLane: Lanes;
  readonly order: Order;
}

/** Runs a task when there is room for it. */
type Lanes = <T>(task: () => Promise<T>) => Promise<T>;

/** Room for so many tasks at once; further ones wait in order. */
export function lanes(count: number): Lanes {
  const running = new Set<Promise<unknown>>();
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running.size >= count) await new Promise<void>((resolve) => void waiting.push(resolve));
    const run = task();
    running.add(run);
    try {
      return await run;
    } finally {
      running.delete(run);
      waiting.shift()?.();
    }
  };
}

/** A page with all its blocks made anew. Text that differs from the old in nothing but times stays as it was. */
export async function renewPage(page: string, { root, inLane, order }: Renewal): Promise<readonly Made[]> {
  const before = readFileSync(join(root, page), 'utf8');
  const skipped: string[] = [];
  const part = async (block: Block): Promise<string> => {
    if (/\bcut \d/.test(block.argument) && !/\blines? .*\bcut\b/.test(before.replaceAll('\n', ' ')))
      throw new Error('It has lines that are cut and does not say so.');
    const body = await inLane(async () => await renewed(block.body, async () => await makeBlock(block, root), order));
    if (body === undefined) skipped.push(titleOf(block));
    return block.open + (body ?? block.body) + block.close;
  };
  const parts = await Promise.all(
    partsOf(before).map((made) => (typeof made === 'string' ? Promise.resolve(made) : part(made))),
  );
  return [{ path: page, text: parts.join(''), skipped }];
}

/** What counts as the same text: with its lines in their order, or in any. */
type Order = 'strict' | 'loose';

/**
 * Text made anew, or the old where a run gives the same but for times. Two streams of one process can overtake each
 * other, so text that differs is made twice more before the old is given up, and on a busy machine its lines may stand
 * in any order (`loose`). Undefined as `make` gives it.
 */
export async function renewed(
  old: string,
  make: () => Promise<string | undefined>,
  order: Order = 'strict',
): Promise<string | undefined> {
  let fresh: string | undefined;
  for (let attempt = 0; attempt < 3; attempt++) {
    fresh = await make();
    if (fresh === undefined) return undefined;
    if (timeless(fresh) === timeless(old)) return old;
  }
  return order === 'loose' && sortedLines(fresh ?? '') === sortedLines(old) ? old : fresh;
}

function sortedLines(text: string): string {
  return timeless(text).split('\n').toSorted().join('\n');
}

function titleOf({ kind, argument, body }: Block): string {
  return `${kind} (${argument}): ${body.split('\n')[0] ?? ''}`;
}
