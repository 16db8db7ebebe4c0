import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The pages that are held to what the program does: the README and those of docs, examples and packages. */
export function pagesOf(root: string): readonly string[] {
  const below = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const readmes = (folder: string): readonly string[] =>
    readdirSync(join(root, folder))
      .map((name) => `${folder}/${name}`)
      .flatMap((member) => readdirSync(join(root, member)).map((name) => `${member}/${name}`))
      .filter((path) => path.endsWith('/README.md'));
  return ['README.md', ...below('docs'), ...readmes('examples'), ...readmes('packages')].toSorted();
}
