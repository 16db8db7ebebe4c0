// Bundles the command into dist: one ESM entry with split chunks, so that each command loads only what it uses.
import { cp, rm, writeFile } from 'node:fs/promises';

import { build } from 'esbuild';

import { prepareHelp } from './prepare-help.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/bin.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['@mcp-dbg/source'],
  minify: true,
  keepNames: false,
  legalComments: 'linked',
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
