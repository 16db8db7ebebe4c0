import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { members, root } from './repository.ts';
import { tempFolder } from './temp-folder.ts';

const ROOT_FILES = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'turbo.json', 'tsconfig.base.json'];
const SKIPPED = new Set(['node_modules', 'dist', '.turbo', 'test']);

/** A throw-away copy of the workspace under the repository's own rules. */
export interface WorkspaceCopy extends Disposable {
  readonly path: string;
  /** Writes one more file. */
  readonly add: (path: string, text: string) => void;
}

/**
 * Copies the workspace without its tests; what is installed is linked, not copied. With `sources: false` each member
 * has its manifest and rules only, and an empty index.
 */
export function workspaceCopy(options: { readonly sources: boolean }): WorkspaceCopy {
  const { path, [Symbol.dispose]: dispose } = tempFolder('workspace');
  const add = (file: string, text: string): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  for (const file of ROOT_FILES) cpSync(join(root, file), join(path, file));
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
  for (const member of members) {
    const from = join(root, member);
    const wanted = (file: string): boolean => !SKIPPED.has(file.slice(from.length + 1).split('/')[0] ?? '');
    if (options.sources) cpSync(from, join(path, member), { recursive: true, filter: wanted });
    else {
      for (const file of ['package.json', 'turbo.json']) cpSync(join(from, file), join(path, member, file));
      add(`${member}/src/index.ts`, 'export {};\n');
    }
    if (existsSync(join(from, 'node_modules')))
      symlinkSync(join(from, 'node_modules'), join(path, member, 'node_modules'));
  }
  return { path, add, [Symbol.dispose]: dispose };
}
