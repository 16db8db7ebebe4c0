// Bundles the command into dist. The entry and the proxy are one file each, so that the proxy starts its server as soon
// as it can; all other commands share split chunks, so that each loads only what it uses.
import { cp, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { build } from 'esbuild';

import { prepareHelp } from './prepare-help.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const shared = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['@mcp-dbg/source'],
  minify: true,
  keepNames: false,
  legalComments: 'linked',
};
const apart = {
  name: 'apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/(proxy|program)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : undefined,
    );
  },
};

await rm('dist', { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: { bin: 'src/bin.ts', proxy: 'src/commands/proxy.ts' },
  plugins: [apart],
  // CommonJS dependencies (cross-spawn) call require for Node's own modules, which this finds without loading more.
  banner: { js: 'const require = process.getBuiltinModule;' },
});
const { metafile } = await build({
  ...shared,
  entryPoints: ['src/program.ts'],
  splitting: true,
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS dependencies (cross-spawn, commander) call require for Node's own modules.
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
  },
});

prepareHelp('dist/bin.js', 'dist/help.json');

// The demo runs on the example, so the published program carries it.
await cp('../../examples/bookmarks', 'dist/examples/bookmarks', { recursive: true });

await writeFile('dist/THIRD-PARTY-NOTICES.txt', await thirdPartyNotices(metafile));
