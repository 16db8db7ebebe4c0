import type { Rule } from './rule.ts';
import { type Tree, filesLike } from './tree.ts';

interface Exports {
  readonly [subpath: string]: Readonly<Record<string, string>> | string;
}

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Exports;
  readonly publishConfig?: { readonly exports?: Exports };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Member {
  readonly path: string;
  readonly manifest: Manifest;
}

/** What the package.json files keep to. */
export const packageRules: readonly Rule[] = [
  {
    promise: 'Every package has the version, licence, module type and engines of the house',
    *breaches(tree) {
      const { root, members } = manifests(tree);
      const version = members.find(({ manifest }) => manifest.private !== true)?.manifest.version;
      for (const { path, manifest } of members) {
        if (manifest.version !== version) yield `${path}: version ${manifest.version}, others have ${version}`;
        if (manifest.engines?.['node'] !== root.engines?.['node'])
          yield `${path}: engines.node differs from the root's`;
        if (manifest.license !== root.license) yield `${path}: license differs from the root's`;
        if (manifest.type !== 'module') yield `${path}: type is not "module"`;
      }
    },
  },
  {
    promise: 'Versions of others are pinned once, in the catalog',
    *breaches(tree) {
      const { root, members } = manifests(tree);
      for (const { path, manifest } of [{ path: 'package.json', manifest: root }, ...members]) {
        for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
          if (range !== 'catalog:' && range !== 'workspace:*') yield `${path}: ${name} is "${range}", not "catalog:"`;
      }
      for (const [, name = '', range = ''] of (tree.get('pnpm-workspace.yaml') ?? '').matchAll(/^ {2}(\S+): (\S+)$/gm))
        if (!/^\d+\.\d+\.\d+$/.test(range)) yield `pnpm-workspace.yaml: ${name} is "${range}", not an exact version`;
    },
  },
  {
    promise: 'What is published exports what the source exports, without the source condition',
    *breaches(tree) {
      for (const { path, manifest } of manifests(tree).members) {
        if (manifest.private === true || manifest.exports === undefined) continue;
        const published = Object.entries(manifest.exports).map(([subpath, conditions]) => [
          subpath,
          Object.entries(conditions).filter(([condition]) => condition !== '@mcp-dbg/source'),
        ]);
        const stated = Object.entries(manifest.publishConfig?.exports ?? {}).map(([subpath, conditions]) => [
          subpath,
          Object.entries(conditions),
        ]);
        if (JSON.stringify(published) !== JSON.stringify(stated))
          yield `${path}: publishConfig.exports differs from exports`;
      }
    },
  },
  {
    promise: 'The testkit is a devDependency, and no shipped source imports it',
    *breaches(tree) {
      for (const { path, manifest } of manifests(tree).members)
        if (manifest.dependencies?.['@mcp-dbg/testkit'] !== undefined) yield `${path}: testkit among the dependencies`;
      for (const [path, text] of shippedSources(tree)) {
        if (/['"]@mcp-dbg\/testkit/.test(text)) yield `${path}: imports the testkit`;
      }
    },
  },
  {
    promise: 'The source of a library imports only its dependencies',
    *breaches(tree) {
      for (const { path, manifest } of manifests(tree).members) {
        if (manifest.private === true || manifest.exports === undefined) continue;
        const folder = path.replace('package.json', 'src/');
        for (const [file, text] of shippedSources(tree)) {
          if (!file.startsWith(folder)) continue;
          for (const name of importedPackages(text))
            if (manifest.dependencies?.[name] === undefined) yield `${file}: imports ${name}, which is no dependency`;
        }
      }
    },
  },
  {
    promise: 'The command is one bundle: nothing to install beside it',
    *breaches(tree) {
      for (const { path, manifest } of manifests(tree).members)
        if (path.startsWith('apps/') && Object.keys(manifest.dependencies ?? {}).length > 0)
          yield `${path}: has runtime dependencies`;
    },
  },
];

function manifests(tree: Tree): { readonly root: Manifest; readonly members: readonly Member[] } {
  const read = (text: string): Manifest => JSON.parse(text) as Manifest;
  const members = [...filesLike(tree, /^((packages|apps|examples)\/[^/]+|bench)\/package\.json$/)];
  return {
    root: read(tree.get('package.json') ?? '{}'),
    members: members.map(([path, text]) => ({ path, manifest: read(text) })),
  };
}

function shippedSources(tree: Tree): Iterable<readonly [path: string, text: string]> {
  return filesLike(tree, /^(packages\/(?!testkit\/)|apps\/)[^/]*\/?src\/.*\.ts$/);
}

function* importedPackages(text: string): Generator<string, void> {
  for (const [, specifier = ''] of text.matchAll(
    /(?:^(?:import|} from|(?:import|export)\b.* from) |\bimport\()'([^'\n]+)'/gm,
  )) {
    const [, name] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? [];
    if (name !== undefined && !/^(\.|node:)/.test(specifier)) yield name;
  }
}
