import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The absolute path of the repository's root. */
export const root: string = join(import.meta.dirname, '../..');

/** The workspace members, as folders relative to the root: `packages/wire`, `apps/cli`, … */
export const members: readonly string[] = ['packages', 'apps']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .toSorted();

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
