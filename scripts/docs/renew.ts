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

/** A page with all its blocks made anew. Text that differs from the old in nothing but times stays as it was. */
export async function renewPage(page: string, root: string): Promise<readonly Made[]> {
  const before = readFileSync(join(root, page), 'utf8');
  const skipped: string[] = [];
  let text = '';
  for (const part of partsOf(before)) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    if (/\bcut \d/.test(part.argument) && !/\blines? .*\bcut\b/.test(before.replaceAll('\n', ' ')))
      throw new Error('It has lines that are cut and does not say so.');
    const body = await renewed(part.body, async () => await makeBlock(part, root));
    if (body === undefined) skipped.push(titleOf(part));
    text += part.open + (body ?? part.body) + part.close;
  }
  return [{ path: page, text, skipped }];
}

/**
 * Text made anew, or the old where a run gives the same but for times. Two streams of one process can overtake each
 * other, so text that differs is made twice more before the old is given up. Undefined as `make` gives it.
 */
export async function renewed(old: string, make: () => Promise<string | undefined>): Promise<string | undefined> {
  let fresh: string | undefined;
  for (let attempt = 0; attempt < 3; attempt++) {
    fresh = await make();
    if (fresh === undefined || timeless(fresh) === timeless(old)) return fresh === undefined ? undefined : old;
  }
  return fresh;
}

function titleOf({ kind, argument, body }: Block): string {
  return `${kind} (${argument}): ${body.split('\n')[0] ?? ''}`;
}
