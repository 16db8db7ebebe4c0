import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Manifest, type Packed, pack, published } from '../support/packed.ts';
import { root } from '../support/repository.ts';
import { run } from '../support/run.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder('tarballs');
const packed = new Map<string, Packed>();

beforeAll(async () => {
  for (const each of await pack(folder.path)) packed.set(each.name, each);
});
afterAll(() => folder[Symbol.dispose]());

const names = published.map(({ manifest }) => manifest.name);
const libraries = published.filter(({ manifest }) => manifest.exports).map(({ manifest }) => manifest.name);

test.each(names)('%s is as a package should be', async (name) => {
  const { messages, pkg } = await publint({ pack: { tarball: get(name).bytes }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test.each(libraries)('%s has types for every way to import it as a module', async (name) => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(get(name).bytes)));
  if (!('problems' in analysis)) throw new Error(`${name} has no types`);
  // The packages are modules only: neither require nor resolution without exports is promised.
  const promised = analysis.problems.filter(
    (problem) => !('resolutionKind' in problem) || /^(node16-esm|bundler)$/.test(problem.resolutionKind),
  );
  expect(promised).toEqual([]);
});

test.each(names)('%s holds its licence, what was built from today’s sources, and nothing else', async (name) => {
  const { folder: member } = get(name);
  const files = (await list(name)).filter((file) => !/^(package\.json|LICENSE|README\.md)$/.test(file));
  expect(await list(name)).toContain('LICENSE');
  expect(files.filter((file) => !file.startsWith('dist/'))).toEqual([]);
  if (!libraries.includes(name)) return;
  const sourceOf = (file: string): string => file.replace(/^dist\//, 'src/').replace(/(\.d\.ts|\.js)$/, '.ts');
  expect(files.filter((file) => !existsSync(join(root, member, sourceOf(file))))).toEqual([]);
});

test.each(names)('%s asks for exact versions and no workspace', async (name) => {
  const { dependencies = {} } = JSON.parse(await read(name, 'package.json')) as Manifest;
  for (const range of Object.values(dependencies)) expect(range).toMatch(/^\d+\.\d+\.\d+$/);
});

describe('the command', () => {
  test('needs nothing beside itself', async () => {
    const { dependencies = {} } = JSON.parse(await read('mcp-dbg', 'package.json')) as Manifest;
    expect(dependencies).toEqual({});
  });

  test('carries the licence of everything in its bundle, those inside other packages too', async () => {
    const notices = await read('mcp-dbg', 'dist/THIRD-PARTY-NOTICES.txt');
    const named = [...notices.matchAll(/^-{80}\n(\S+) /gm)].map(([, name]) => name);
    expect(named).toEqual(
      expect.arrayContaining(['@anthropic-ai/sdk', '@modelcontextprotocol/client', 'commander', 'ajv']),
    );
    expect(notices).toContain('Permission is hereby granted, free of charge');
    expect(notices).toContain('Apache License');
  });
});

function get(name: string): Packed {
  const found = packed.get(name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

async function list(name: string): Promise<readonly string[]> {
  const { output } = await run('tar', ['tzf', get(name).tarball], root);
  return output
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

async function read(name: string, file: string): Promise<string> {
  const { status, output } = await run('tar', ['xOzf', get(name).tarball, `package/${file}`], root);
  if (status !== 0) throw new Error(`${name} has no ${file}`);
  return output;
}
