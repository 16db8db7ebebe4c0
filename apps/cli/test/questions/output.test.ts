import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, test } from 'vitest';

import { type Ran, file, run, scratch, start } from '../driver.ts';
import { ask } from './asking.ts';
import { call, recorded, result, said } from './recorded.ts';

const WRITERS: readonly (readonly [string, readonly string[]])[] = [
  ['export --to json', ['export', '--to', 'json']],
  ['export --to har', ['export', '--to', 'har']],
  ['export --to mermaid', ['export', '--to', 'mermaid']],
  ['export --to md', ['export', '--to', 'md']],
  ['redact', ['redact']],
];

function capture(): string {
  return recorded((to) => {
    to.client(call(1, 'forecast', { city: 'Paris' }));
    to.server(said(1, 'sunny'));
  });
}

/** A capture, and other names for the same file. */
function namesOf(): Readonly<Record<string, string>> {
  const path = capture();
  const folder = mkdtempSync(join(scratch, 'names-'));
  const [hard, link, chain] = ['hard.mcpcap', 'link.mcpcap', 'chain.mcpcap'].map((name) => join(folder, name));
  if (hard === undefined || link === undefined || chain === undefined) throw new Error('no names');
  linkSync(path, hard);
  symlinkSync(path, link);
  symlinkSync(link, chain);
  return { path, hard, link, chain, dots: join(path, '..', '.', 'story.mcpcap') };
}

describe.each(WRITERS)('mcp-dbg %s -o', (_, writer) => {
  it('writes the file whole, for its owner alone, in the place of what was there', async () => {
    const path = capture();
    const output = file('out', 'old');
    const { code, stdout, stderr } = await ask([...writer, path, '-o', output]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('redacted: nothing that looks like a secret was found\n');
    expect(readFileSync(output, 'utf8')).toContain('forecast');
    expect(statSync(output).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(output, '..'))).toEqual(['out']);
  });

  it('never writes over what it reads, whichever name that goes by', async () => {
    const { path = '', ...names } = namesOf();
    const before = readFileSync(path);
    for (const output of [path, ...Object.values(names)]) {
      const { code, stdout, stderr } = await ask([...writer, path, '-o', output]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcp-dbg: The output "[^"]*" is the capture itself; name another file\n$/);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });

  it('says why it cannot write, and leaves nothing', async () => {
    const path = capture();
    const folder = mkdtempSync(join(scratch, 'outputs-'));
    const dangling = join(folder, 'dangling');
    symlinkSync(join(folder, 'nothing'), dangling);
    writeFileSync(join(folder, 'file'), 'x');
    mkdirSync(join(folder, 'folder'));
    for (const [output, why] of [
      [join(folder, 'folder'), /it is not a regular file; name one, and not a link to it/],
      ['/dev/null', /it is not a regular file/],
      [dangling, /it is not a regular file/],
      [join(folder, 'nowhere', 'out'), /there is no such file or folder; check the path \(ENOENT\)/],
      [join(folder, 'file', 'out'), /a part of the path is not a folder \(ENOTDIR\)/],
      [join(folder, 'x'.repeat(300)), /the name is too long \(ENAMETOOLONG\)/],
    ] as const) {
      const { code, stdout, stderr } = await ask([...writer, path, '-o', output]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcp-dbg: Cannot write "[^\n]*\n$/);
      expect(stderr).toMatch(why);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['dangling', 'file', 'folder']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('x');
  });

  it('keeps what was there when the capture cannot be read', async () => {
    const output = file('out', 'old');
    const { code } = await ask([...writer, file('a.mcpcap', 'no capture'), '-o', output]);
    expect(code).toBe(1);
    expect(readFileSync(output, 'utf8')).toBe('old');
    expect(readdirSync(join(output, '..'))).toEqual(['out']);
  });
});

test('a disk that is full, or a limit on files, is said, and what was there stays', async () => {
  const path = recorded((to) => {
    for (let id = 0; id < 100; id++) {
      to.client(call(id, 'forecast', { text: 'x'.repeat(10_000) }));
      to.server(result(id));
    }
  });
  const output = file('out', 'old');
  const { code, stderr } = await run(['redact', path, '-o', output], {
    under: ['bash', '-c', 'trap "" XFSZ; ulimit -f 256; exec "$@"', 'bash'],
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^mcp-dbg: Cannot write "[^"]*": the file would be larger than the system allows \(EFBIG\)\n$/,
  );
  expect(readFileSync(output, 'utf8')).toBe('old');
  expect(readdirSync(join(output, '..'))).toEqual(['out']);
});

/** What a shell makes of the end of a program. */
function statusOf({ code, signal }: Ran): number | string {
  return code ?? { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[String(signal)] ?? String(signal);
}

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s', (signal, status) => {
  const half = (): Buffer => readFileSync(capture()).subarray(0, -40);

  test.concurrent.each([
    ['stats', ['stats', '-']],
    ['export into a file', ['export', '--to', 'md', '-', '-o', 'out']],
  ])('ends %s while it keeps what comes, and nothing of it stays', async (_, argv) => {
    const kept = mkdtempSync(join(scratch, 'tmp-'));
    const program = start(argv, { env: { TMPDIR: kept } });
    program.child.stdin?.write(half());
    const sizeOf = (name: string): number =>
      statSync(join(kept, name, 'input.mcpcap'), { throwIfNoEntry: false })?.size ?? 0;
    await program.until(() => readdirSync(kept).some((name) => sizeOf(name) > 0), 'the kept input');
    program.child.kill(signal);
    const ran = await program.ended;
    expect(statusOf(ran)).toBe(status);
    expect(ran.stderr).not.toMatch(/bug|\n\s+at /i);
    expect(readdirSync(kept)).toEqual([]);
    expect(readdirSync(program.cwd)).toEqual([]);
  });

  test.concurrent('ends redact while it writes a file, and nothing of it stays', async () => {
    const program = start(['redact', '-', '-o', 'out']);
    program.child.stdin?.write(half());
    await program.until(() => readdirSync(program.cwd).length > 0, 'the file that is being written');
    program.child.kill(signal);
    const ran = await program.ended;
    expect(statusOf(ran)).toBe(status);
    expect(ran.stderr).toMatch(/^mcp-dbg: Interrupted; nothing was written to "[^"]*out"\n$/);
    expect(readdirSync(program.cwd)).toEqual([]);
  });
});

test('nothing of standard input stays when a command fails or ends well', async () => {
  const kept = mkdtempSync(join(scratch, 'tmp-'));
  const env = { TMPDIR: kept };
  const stdin = readFileSync(capture());
  expect(await run(['lint', '-', '--json'], { stdin, env })).toMatchObject({ stderr: '' });
  expect(await run(['show', '99', '-'], { stdin, env })).toMatchObject({ code: 1 });
  expect(await run(['stats', '-'], { stdin: 'x', env })).toMatchObject({ code: 1 });
  expect(readdirSync(kept)).toEqual([]);
});
