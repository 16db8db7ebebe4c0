import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { run, tool } from '../support/run.ts';
import { type WorkspaceCopy, workspaceCopy } from '../support/workspace-copy.ts';

const folderOf = (name: string): string => (name === 'mcp-dbg' ? 'apps/cli' : `packages/${name}`);
const packageOf = (name: string): string => (name === 'mcp-dbg' ? name : `@mcp-dbg/${name}`);

const forbidden: readonly (readonly [importer: string, imported: string])[] = [
  ['wire', 'protocol'],
  ['wire', 'testkit'],
  ['protocol', 'capture'],
  ['protocol', 'proxy'],
  ['capture', 'proxy'],
  ['capture', 'core'],
  ['proxy', 'protocol'],
  ['proxy', 'capture'],
  ['core', 'capture'],
  ['core', 'mcp-dbg'],
  ['testkit', 'proxy'],
  ['testkit', 'core'],
];

describe.concurrent('turbo boundaries', () => {
  test('accepts the workspace as it is', async () => {
    using copy = workspaceCopy({ sources: true });
    expect(await boundaries(copy)).toMatchObject({ status: 0, output: expect.stringContaining('no issues found') });
  });

  test.each(forbidden)('refuses %s that imports %s, though it declares it', async (importer, imported) => {
    using copy = workspaceCopy({ sources: false });
    declare(copy, importer, imported);
    copy.add(`${folderOf(importer)}/src/index.ts`, `import '${packageOf(imported)}';\n`);
    const { status, output } = await boundaries(copy);
    expect(status, output).toBe(1);
    const refusal = `Package \`${packageOf(imported)}\` found without any tag listed in allowlist for \`${packageOf(importer)}\``;
    expect(unwrapped(output)).toContain(unwrapped(refusal));
  });

  test('refuses an import that is not declared', async () => {
    using copy = workspaceCopy({ sources: false });
    copy.add('packages/proxy/src/index.ts', `import '@mcp-dbg/capture';\n`);
    const { status, output } = await boundaries(copy);
    expect(status, output).toBe(1);
    expect(output).toContain('cannot import package `@mcp-dbg/capture` because it is not a dependency');
  });

  test('refuses an import that reaches into another package by path', async () => {
    using copy = workspaceCopy({ sources: false });
    copy.add('packages/core/src/index.ts', `import '../../wire/src/index.ts';\n`);
    const { status, output } = await boundaries(copy);
    expect(status, output).toBe(1);
    expect(output).toContain('leaves the package');
  });
});

function boundaries(copy: WorkspaceCopy): ReturnType<typeof run> {
  return run(tool('turbo'), ['boundaries', '--no-color'], copy.path);
}

/** The text without the places where turbo breaks its lines. */
function unwrapped(text: string): string {
  return text.replace(/[\s|]/g, '');
}

/** Makes one package depend on another, which itself depends on nothing, so that no circle is the reason to refuse. */
function declare(copy: WorkspaceCopy, importer: string, imported: string): void {
  const change = (name: string, dependencies: Readonly<Record<string, string>> | undefined): void => {
    const file = `${folderOf(name)}/package.json`;
    const manifest = JSON.parse(readFileSync(join(copy.path, file), 'utf8')) as Readonly<Record<string, object>>;
    const kept = dependencies === undefined ? {} : { ...manifest['dependencies'], ...dependencies };
    copy.add(file, JSON.stringify({ ...manifest, dependencies: kept, devDependencies: {} }));
  };
  change(importer, { [packageOf(imported)]: 'workspace:*' });
  change(imported, undefined);
}
