// Bundles the command into dist: one file with the entry and the proxy, so that the proxy starts its server as soon as it
// can, and split chunks for all other commands, so that each loads only what it uses.
import { cp, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';

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
/** Leaves the other commands, and what the proxy needs for some of its options alone, to their own build. */
const othersApart = {
  name: 'others-apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/(program|announcer|relayed-proxy)\.ts$/ }, ({ path }) => ({
      path: `./${path.match(/([\w-]+)\.ts$/)[1]}.js`,
      external: true,
    }));
  },
};
/**
 * Loads each of Node's modules where it is used, and takes of it what is used: an import would load them all, whole,
 * before the first line runs.
 */
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^[\w:/]+$/ }, ({ kind, path }) =>
      isBuiltin(path) ? { path, namespace: kind === 'require-call' ? 'required' : 'imported' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
    onLoad({ filter: /.*/, namespace: 'imported' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path)).filter((name) => /^[A-Za-z]\w*$/.test(name));
      const taken = names.map((name) => `export const ${name} = /* @__PURE__ */ take('${name}');`);
      return { contents: `const take = (name) => process.getBuiltinModule('${path}')[name];\n${taken.join('\n')}` };
    });
  },
};
/**
 * Runs what measures and wraps text when it is first used: it reads tables of Unicode as it is loaded, which takes longer
 * than the rest of a command's start, and most text is ASCII.
 */
const lazyMeasures = {
  name: 'lazy-measures',
  setup: ({ onLoad, onResolve, resolve }) => {
    onResolve({ filter: /^(string-width|wrap-ansi)$/ }, async ({ kind, path, resolveDir }) => {
      if (kind !== 'import-statement') return undefined;
      const { path: own } = await resolve(path, { kind: 'require-call', resolveDir });
      return { path, namespace: 'measures', pluginData: own };
    });
    onLoad({ filter: /.*/, namespace: 'measures' }, ({ pluginData: own }) => ({
      contents: `let own;
        export default (...args) => (own ??= require(${JSON.stringify(own)}).default)(...args);`,
      resolveDir: dirname(own),
    }));
  },
};

await rm('dist', { recursive: true, force: true });
await build({ ...shared, entryPoints: ['src/bin.ts'], plugins: [othersApart, lazyBuiltins] });
const { metafile } = await build({
  ...shared,
  // Its main file loads its parts by a call that the bundler does not see.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  entryPoints: {
    program: 'src/program.ts',
    announcer: 'src/announcer.ts',
    'relayed-proxy': 'src/relay/relayed-proxy.ts',
    conformance: 'src/conformance.ts',
  },
  plugins: [lazyMeasures],
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
