// Collects the licences of the packages whose code is in the bundle.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Licences that let a bundle be passed on under MIT as long as their text goes with it. */
const ACCEPTED = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
]);

/** Where pnpm keeps every installed package, whoever asked for it. */
const INSTALLED = '../../node_modules/.pnpm/node_modules';

/** Some packages ship others inside their own files; their bundler marks where each begins. */
const INLINED = /^\/\/#region .*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)/gm;

/**
 * The notices for every package that gave bytes to the bundle that esbuild describes in `metafile`, by name.
 * Throws if one has a licence that is not accepted or no licence text at all: a person must decide then.
 */
export async function thirdPartyNotices(metafile) {
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0 && path.includes('node_modules/')),
  );
  const folders = new Set(files.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)[0]));
  for (const text of await Promise.all([...new Set(files)].map((path) => readFile(path, 'utf8'))))
    for (const [, name] of text.matchAll(INLINED)) folders.add(join(INSTALLED, name));
  const notices = new Map(await Promise.all([...folders].map(notice)));
  const sections = [...notices.keys()].toSorted().map((id) => notices.get(id));
  return `This program contains code of these packages, under these licences.\n\n${sections.join('\n')}`;
}

async function notice(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (!ACCEPTED.has(license)) throw new Error(`${name} ${version} is under "${license}": decide whether to ship it`);
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  if (texts.length === 0 && license === 'MIT') texts.push(await mitText(author?.name ?? author ?? name));
  if (texts.length === 0) throw new Error(`${name} ${version} has no licence text to ship`);
  return [`${name}@${version}`, `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${texts.join('\n').trim()}\n`];
}

/** The MIT licence as another grants it: our own text under their name. */
async function mitText(owner) {
  const own = await readFile('../../LICENSE', 'utf8');
  return own.replace(/^Copyright .*$/m, `Copyright (c) ${owner}`);
}
