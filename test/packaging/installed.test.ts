import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type TestContext, afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Packed, pack, published } from '../support/packed.ts';
import { root, textOf } from '../support/repository.ts';
import { type Outcome, run, tool } from '../support/run.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder('installed');
const everything = join(folder.path, 'everything');
let packed: readonly Packed[];
/** How the install of every package went; the libraries’ own dependencies come from the registry. */
let installed: Outcome;

beforeAll(async () => {
  const tarballs = join(folder.path, 'tarballs');
  mkdirSync(tarballs);
  packed = await pack(tarballs);
  installed = await install(everything, packed, '--prefer-offline');
  // It packs every package and asks a registry, which may be far away.
}, 300_000);
afterAll(() => folder[Symbol.dispose]());

const subpaths = published.flatMap(({ folder: member, manifest: { name, exports = {} } }) =>
  Object.entries(exports).map(
    ([subpath, conditions]) =>
      [`${name}${subpath.slice(1)}`, join(root, member, conditions['@mcp-dbg/source'] ?? '')] as const,
  ),
);

describe('the libraries, installed into an empty folder', () => {
  test.for(subpaths)('%s exports there what its source exports', async ([specifier, source], context) => {
    needsInstall(context);
    const program = `import * as module from '${specifier}'; console.log(JSON.stringify(Object.keys(module)));`;
    const { status, output } = await run(process.execPath, ['--input-type=module', '-e', program], everything);
    expect(status, output).toBe(0);
    const exported = Object.keys(await import(/* @vite-ignore */ source));
    expect((JSON.parse(output) as string[]).toSorted()).toEqual(exported.toSorted());
  });

  test('their types hold in a strict program that checks libraries too', async (context) => {
    needsInstall(context);
    mkdirSync(join(everything, 'node_modules/@types'), { recursive: true });
    symlinkSync(realpathSync(join(root, 'node_modules/@types/node')), join(everything, 'node_modules/@types/node'));
    expect(
      await compile(
        'all',
        ['node'],
        subpaths.map(([specifier]) => specifier),
      ),
    ).toEqual({ status: 0, output: '' });
  });

  test('the types of the pure ones hold without a platform', async (context) => {
    needsInstall(context);
    const pure = ['@mcp-dbg/wire', '@mcp-dbg/protocol', '@mcp-dbg/capture'];
    expect(await compile('pure', [], pure)).toEqual({ status: 0, output: '' });
  });

  test('a wrong use of their types is refused', async (context) => {
    needsInstall(context);
    const { status, output } = await compile(
      'wrong',
      [],
      ['@mcp-dbg/wire'],
      'export const wrong: number = m0.readFrame;\n',
    );
    expect(status).not.toBe(0);
    expect(output).toMatch(/^wrong\.ts\(2,14\): error TS2322/m);
  });
});

test('the command, installed alone and without a network, runs', async () => {
  const alone = join(folder.path, 'alone');
  const own = packed.filter(({ name }) => name === 'mcp-dbg');
  expect(await install(alone, own, '--offline')).toMatchObject({ status: 0 });
  const { version } = JSON.parse(textOf('apps/cli/package.json')) as { version: string };
  const bin = join(alone, 'node_modules/.bin/mcp-dbg');
  expect(await run(bin, ['--version'], alone)).toEqual({ status: 0, output: `${version}\n` });
  expect(await run(bin, ['demo'], alone, { HOME: alone })).toMatchObject({ status: 0 });
});

async function install(into: string, packages: readonly Packed[], network: string): Promise<Outcome> {
  mkdirSync(into);
  const dependencies = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
  writeFileSync(join(into, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const flags = [
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--no-package-lock',
    '--fetch-retries=1',
    '--fetch-timeout=20000',
  ];
  return await run('npm', ['install', network, ...flags], into);
}

/** Skips the running test where the registry is out of reach, and fails it where the install failed by itself. */
function needsInstall(context: TestContext): void {
  if (installed.status === 0) return;
  const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.exec(
    installed.output,
  );
  if (unreachable === null) throw new Error(`npm could not install the packages:\n${installed.output}`);
  context.skip(`the npm registry is out of reach: ${unreachable[0]}`);
}

/** Compiles a program that imports the modules, as strictly as can be. */
async function compile(
  name: string,
  types: readonly string[],
  specifiers: readonly string[],
  rest = '',
): Promise<Outcome> {
  const imports = specifiers.map((specifier, index) => `import * as m${index} from '${specifier}';\n`);
  const uses = specifiers.map((_, index) => `m${index}`).join(', ');
  writeFileSync(
    join(everything, `${name}.ts`),
    `${imports.join('')}${rest}export const used: readonly object[] = [${uses}];\n`,
  );
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023'],
    noEmit: true,
    types,
  };
  const project = `tsconfig.${name}.json`;
  writeFileSync(join(everything, project), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  return await run(tool('tsc'), ['-p', project, '--pretty', 'false'], everything);
}
