import { describe, expect, test } from 'vitest';

import { run, tool } from '../support/run.ts';
import { type WorkspaceCopy, workspaceCopy } from '../support/workspace-copy.ts';

const platform = {
  'an import of a Node module': `import { readFileSync } from 'node:fs';\nexport const read: (path: string) => string = (path) => readFileSync(path, 'utf8');\n`,
  Buffer: 'export const bytes: Uint8Array = Buffer.alloc(1);\n',
  process: 'export const pid: number = process.pid;\n',
  'a timer': 'export const wait = (then: () => void): void => void setTimeout(then, 1);\n',
  'the console': "export const say = (): void => console.log('');\n",
} as const;

describe.concurrent('what the compiler refuses', () => {
  test.each(['wire', 'protocol', 'capture'])('every use of the platform, in the pure package %s', async (name) => {
    using copy = workspaceCopy({ sources: true });
    expect(await compile(copy, name)).toEqual({ status: 0, output: '' });
    const files = Object.values(platform).map((text, index) => addSource(copy, name, `impure-${index}.ts`, text));
    const { status, output } = await compile(copy, name);
    expect(status).not.toBe(0);
    const refused = files.filter((file) =>
      new RegExp(`^${file}\\(\\d+,\\d+\\): error TS(2304|2307|2580|2584|2591)`, 'm').test(output),
    );
    expect(refused, output).toEqual(files);
  });
});

test('the same uses compile where the platform is allowed', async () => {
  using copy = workspaceCopy({ sources: true });
  for (const [index, text] of Object.values(platform).entries()) {
    addSource(copy, 'proxy', `impure-${index}.ts`, text);
    addSource(copy, 'capture', `node/impure-${index}.ts`, text);
  }
  expect(await compile(copy, 'proxy')).toEqual({ status: 0, output: '' });
  expect(await compile(copy, 'capture', 'src/node')).toEqual({ status: 0, output: '' });
});

function addSource(copy: WorkspaceCopy, name: string, file: string, text: string): string {
  copy.add(`packages/${name}/src/${file}`, text);
  return `src/${file}`;
}

function compile(copy: WorkspaceCopy, name: string, project = '.'): ReturnType<typeof run> {
  return run(tool('tsc'), ['-p', project, '--pretty', 'false'], `${copy.path}/packages/${name}`);
}
