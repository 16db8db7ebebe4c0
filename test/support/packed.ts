import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { members, root, textOf } from './repository.ts';
import { run } from './run.ts';

/** A package.json as it is published. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package that is published: its folder in the repository and its tarball. */
export interface Packed {
  readonly name: string;
  readonly folder: string;
  readonly tarball: string;
  readonly bytes: ArrayBuffer;
}

/** The packages that are published, from their folders in the repository. */
export const published: readonly { readonly folder: string; readonly manifest: Manifest }[] = members
  .map((folder) => ({ folder, manifest: JSON.parse(textOf(`${folder}/package.json`)) as Manifest }))
  .filter(({ manifest }) => manifest.private !== true);

/** Packs what is built, as publishing would, into `into`. Throws if something is not built. */
export async function pack(into: string): Promise<readonly Packed[]> {
  for (const { folder } of published)
    if (!existsSync(join(root, folder, 'dist'))) throw new Error(`${folder} is not built; run the build first.`);
  const filters = published.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const [program, ...args] = pnpm();
  const { status, output } = await run(program, [...args, '-r', ...filters, 'pack', '--pack-destination', into], root);
  if (status !== 0) throw new Error(`Packing failed:\n${output}`);
  return published.map(({ folder, manifest: { name, version } }) => {
    const tarball = join(into, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    return { name, folder, tarball, bytes: new Uint8Array(readFileSync(tarball)).buffer };
  });
}

/** The pnpm that runs the tests, or the one that the repository names. */
function pnpm(): readonly [program: string, ...args: string[]] {
  const running = process.env['npm_execpath'];
  if (running !== undefined && /pnpm\.c?js$/.test(running)) return [process.execPath, running];
  const { packageManager } = JSON.parse(textOf('package.json')) as { packageManager: string };
  return ['npx', '--yes', packageManager];
}
