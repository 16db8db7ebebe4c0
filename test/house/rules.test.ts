import { describe, expect, test } from 'vitest';

import { rules } from '../../scripts/house/rules.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (fields: object = {}): string =>
  JSON.stringify({ name: 'x', version: '0.1.0', license: 'MIT', type: 'module', engines: { node: '>=20' }, ...fields });

/** A small house without a fault. */
const good: Files = {
  'package.json': JSON.stringify({
    license: 'MIT',
    engines: { node: '>=20' },
    devDependencies: { vitest: 'catalog:' },
  }),
  'pnpm-workspace.yaml': 'catalog:\n  vitest: 4.1.12\n',
  'packages/wire/package.json': manifest({
    exports: { '.': { '@mcp-dbg/source': './src/index.ts', default: './dist/index.js' } },
    publishConfig: { exports: { '.': { default: './dist/index.js' } } },
    dependencies: { 'cross-spawn': 'catalog:' },
  }),
  'packages/wire/src/index.ts':
    "import spawn from 'cross-spawn';\nimport { once } from 'node:events';\nexport { spawn, once };\n",
  'packages/testkit/servers/echo.mjs': '',
  'packages/wire/test/echo.test.ts': "fixture('echo');\n",
  'apps/cli/package.json': manifest({ devDependencies: { '@mcp-dbg/testkit': 'workspace:*' } }),
  'apps/cli/src/bin.ts': 'process.exit(0);\n',
  'README.md':
    'See [the changes](CHANGELOG.md), [the packages](packages/wire/) and [elsewhere](https://example.org/).\n',
  'ARCHITECTURE.md': '',
  'CONTRIBUTING.md': '',
  'AGENTS.md': '',
  'CHANGELOG.md': '## 0.1.0\n',
  LICENSE: '',
};

const lines = (count: number): string => 'line\n'.repeat(count);
const wire = 'packages/wire/src/frame.ts';

/** For each promise, changes that break it. */
const faults: Readonly<Record<string, readonly Files[]>> = {
  'A source file has at most 300 lines, or says at its top why it is long': [
    { [wire]: lines(301) },
    { 'examples/a/server.py': `# Too long\n${lines(300)}` },
    { 'bench/run.mjs': `// Long because\n${lines(300)}` },
  ],
  'Only apps/cli/src/bin.ts ends the process': [
    { [wire]: 'if (bad) process.exit(1);\n' },
    { 'apps/cli/src/program.ts': 'process.abort();\n' },
  ],
  'No package writes to the console': [{ [wire]: "console.log('hello');\n" }],
  'An index names what it exports: no `export *`': [
    { [wire]: "export * from './a.ts';\n" },
    { [wire]: "export type * as A from './a.ts';\n" },
  ],
  'A private member is #private': [{ [wire]: 'class A {\n  private b = 1;\n}\n' }],
  'Files and exports are named for what they are': [
    { 'packages/wire/src/frame-utils.ts': '' },
    { [wire]: 'export class FrameManager {}\n' },
  ],
  'Every fixture server is used by a test': [{ 'packages/wire/test/echo.test.ts': "fixture('echoes');\n" }],
  'A test that cannot run says why': [
    { 'packages/wire/test/frame.test.ts': `${['test', 'skip'].join('.')}('later', () => {});\n` },
    {
      'packages/wire/test/frame.test.ts': `${['describe', 'concurrent', 'skipIf'].join('.')}(true)('later', () => {});\n`,
    },
    { 'packages/wire/test/frame.test.ts': `${['skip', '()'].join('')};\n` },
  ],
  'Every package has the version, licence, module type and engines of the house': [
    { 'apps/cli/package.json': manifest({ version: '0.2.0' }), 'CHANGELOG.md': '## 0.2.0\n' },
    { 'apps/cli/package.json': manifest({ engines: { node: '>=18' } }) },
    { 'apps/cli/package.json': manifest({ license: 'ISC' }) },
    { 'apps/cli/package.json': manifest({ type: 'commonjs' }) },
  ],
  'Versions of others are pinned once, in the catalog': [
    { 'apps/cli/package.json': manifest({ devDependencies: { chalk: '5.6.2' } }) },
    { 'pnpm-workspace.yaml': 'catalog:\n  vitest: ^4.1.12\n' },
  ],
  'What is published exports what the source exports, without the source condition': [
    {
      'packages/wire/package.json': manifest({
        exports: { '.': { default: './dist/index.js' }, './b': { default: './dist/b.js' } },
        publishConfig: { exports: { '.': { default: './dist/index.js' } } },
        dependencies: { 'cross-spawn': 'catalog:' },
      }),
    },
  ],
  'The testkit is a devDependency, and no shipped source imports it': [
    { 'packages/core/package.json': manifest({ dependencies: { '@mcp-dbg/testkit': 'workspace:*' } }) },
    { 'apps/cli/src/demo.ts': "import { fixture } from '@mcp-dbg/testkit';\n" },
  ],
  'The source of a library imports only its dependencies': [
    { [wire]: "import {\n  a,\n} from 'chalk';\n" },
    { [wire]: "import 'chalk/deep';\n" },
    { [wire]: "const lazy = () => import('@scope/name/deep');\n" },
    { [wire]: "export { a } from '@scope/name';\n" },
  ],
  'The command is one bundle: nothing to install beside it': [
    { 'apps/cli/package.json': manifest({ dependencies: { chalk: 'catalog:' } }) },
  ],
  'The pages that a stranger looks for exist': [{ 'CHANGELOG.md': '## 0.0.9\n' }],
  'A page is short enough to be read': [{ 'README.md': lines(151) }, { 'AGENTS.md': lines(61) }],
  'A link inside the repository leads somewhere': [
    { 'AGENTS.md': '[gone](docs/gone.md#part)\n' },
    { 'AGENTS.md': '<img alt="" src="docs/gone.svg">\n' },
    { 'AGENTS.md': '<source media="(x)" srcset="docs/gone.svg">\n' },
  ],
  'A decision has a number of its own, which its title has too': [
    { 'docs/decisions/0001-a.md': '# 1. A\n', 'docs/decisions/0001-b.md': '# 1. B\n' },
    { 'docs/decisions/0002-a.md': '# 1. A\n' },
  ],
  'A path that a page names exists': [
    { 'AGENTS.md': 'See `packages/wire/src/gone.ts`.\n' },
    { 'docs/guides/a.md': 'See `packages/gone/`.\n' },
    { 'ARCHITECTURE.md': 'See `commands/gone.ts`.\n', 'apps/cli/src/commands/call.ts': '' },
    { 'packages/wire/README.md': 'See `src/gone.ts`.\n' },
  ],
  'No file names a machine, a registry host or a tracker, or leaves a note for later': [
    { [wire]: `const home = '${['', 'root', 'x'].join('/')}';\n` },
    { 'AGENTS.md': `See ${['issue', '#12'].join(' ')}.\n` },
    { 'AGENTS.md': `https://${['registry', 'npmjs', 'org'].join('.')}/\n` },
    { [wire]: `// ${['TO', 'DO'].join('')}: later\n` },
  ],
};

const breachesOf = (files: Files): readonly string[] => {
  const tree = new Map(Object.entries(files));
  return rules.filter(({ breaches }) => [...breaches(tree)].length > 0).map(({ promise }) => promise);
};

test('a house without a fault breaks no rule', () => {
  expect(breachesOf(good)).toEqual([]);
});

test('every rule has a sample that breaks it', () => {
  expect(Object.keys(faults).toSorted()).toEqual(rules.map(({ promise }) => promise).toSorted());
});

describe.each(Object.entries(faults))('%s', (promise, samples) => {
  test.each(samples.map((sample) => [Object.keys(sample).join(' '), sample] as const))('refuses %s', (_, sample) => {
    expect(breachesOf({ ...good, ...sample })).toEqual([promise]);
  });
});

test('a page that is missing is missed', () => {
  const { LICENSE: _, ...rest } = good;
  expect(breachesOf(rest)).toEqual(['The pages that a stranger looks for exist']);
});

test('what begins with no folder of ours, is built, or stands in a block of code is no path of a page', () => {
  const page =
    'See `packages/wire/src/`, `.cursor/mcp.json`, `tools/list`, `~/packages/x`, `packages/wire/dist/index.js`.\n';
  const block = '```sh\nls `packages/gone/a.ts`\n```\n';
  expect(breachesOf({ ...good, 'AGENTS.md': page + block, 'packages/wire/README.md': '`src/index.ts`\n' })).toEqual([]);
});

test('a long file may say why it is long, below its #! line too', () => {
  expect(breachesOf({ ...good, 'bench/run.mjs': `// Long because it is one table.\n${lines(300)}` })).toEqual([]);
  const script = `#!/usr/bin/env node\n// Long because it is one table.\n${lines(300)}`;
  expect(breachesOf({ ...good, 'bench/run.mjs': script })).toEqual([]);
});
