// Bundles the command into dist: one ESM entry with split chunks, so that each command loads only what it uses.
import { cp, rm } from 'node:fs/promises';

import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
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
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS dependencies (cross-spawn, commander) call require for Node's own modules.
  banner: { js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);" },
});

// The demo runs on the example, so the published program carries it.
await cp('../../examples/bookmarks', 'dist/examples/bookmarks', { recursive: true });
