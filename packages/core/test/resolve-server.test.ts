import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { commandServer, resolveServer } from '../src/index.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-dbg-resolve-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Makes a file, with the run bit or without, and gives its path. */
function file(path: string, isExecutable = false): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, '#!/bin/sh\n');
  chmodSync(full, isExecutable ? 0o755 : 0o644);
  return full;
}

const python3 = file('system/python3', true);
const python = file('old-system/python', true);
const PATH = `${join(root, 'empty')}:${dirname(python3)}`;

function resolved(target: string, env: Readonly<Record<string, string>> = { PATH }, cwd = root): readonly string[] {
  const { argv, trusted } = resolveServer(target, { cwd, env });
  expect(trusted).toBe(true);
  return argv ?? [];
}

function refused(target: string, env: Readonly<Record<string, string>> = { PATH }): string {
  try {
    resolveServer(target, { cwd: root, env });
  } catch (error) {
    expect(error).toMatchObject({ name: 'CoreError', code: 'BAD_SERVER' });
    return (error as Error).message;
  }
  throw new Error(`${target} was taken`);
}

const hasTypes = 'typescript' in process.features && process.features.typescript !== false;
const TYPES = 'this Node runs TypeScript itself';
const NO_TYPES = 'this Node does not run TypeScript';

describe('a JavaScript server', () => {
  test.each(['js', 'mjs', 'cjs'])('.%s runs with the Node in use', (kind) => {
    const path = file(`plain/server.${kind}`);
    expect(resolved(`plain/server.${kind}`)).toEqual([process.execPath, path]);
    expect(resolved(path, {}, '/')).toEqual([process.execPath, path]);
  });

  test('is named after its file, and relative paths are resolved once', () => {
    const path = file('plain/weather.js');
    expect(resolveServer('./plain/../plain/weather.js', { cwd: root, env: {} })).toEqual({
      name: 'weather',
      argv: [process.execPath, path],
      trusted: true,
    });
  });
});

describe('a Python server', () => {
  const script = file('python/server.py');

  test('runs with python3, else with python', () => {
    expect(resolved(script)).toEqual([python3, script]);
    expect(resolved(script, { PATH: dirname(python) })).toEqual([python, script]);
  });

  test('runs with the virtual environment beside it or above it', () => {
    for (const venv of ['.venv', 'venv']) {
      const inside = file(`${venv}-project/${venv}/bin/python`, true);
      expect(resolved(file(`${venv}-project/server.py`))[0]).toBe(inside);
      expect(resolved(file(`${venv}-project/src/pkg/server.py`))[0]).toBe(inside);
    }
  });

  test('runs with the active virtual environment before one beside it', () => {
    const active = file('active/bin/python', true);
    const beside = file('.venv-project/server.py');
    expect(resolved(beside, { PATH, VIRTUAL_ENV: dirname(dirname(active)) })[0]).toBe(active);
  });

  test('runs without an active virtual environment that is gone', () => {
    expect(resolved(script, { PATH, VIRTUAL_ENV: '/gone' })[0]).toBe(python3);
  });

  test('without any Python is refused with the PATH that was searched', () => {
    expect(refused(script, { PATH: '/nowhere' })).toBe(
      `Cannot use "${script}" as a server: neither python3 nor python is in PATH (/nowhere); install Python 3`,
    );
  });
});

describe('a TypeScript server', () => {
  const script = file('types/src/server.ts');

  test('runs with the Node in use where it strips types', ({ skip }) => {
    skip(!hasTypes, NO_TYPES);
    expect(resolved(script)).toEqual([process.execPath, script]);
  });

  test('runs with tsx from its own folder or above, else from PATH', ({ skip }) => {
    skip(hasTypes, TYPES);
    const onPath = file('bin/tsx', true);
    expect(resolved(script, { PATH: dirname(onPath) })).toEqual([onPath, script]);
    const local = file('types/node_modules/.bin/tsx', true);
    expect(resolved(script, { PATH: dirname(onPath) })).toEqual([local, script]);
  });

  test('without tsx is refused with what to install', ({ skip }) => {
    skip(hasTypes, TYPES);
    expect(refused(file('bare/server.ts'))).toMatch(/does not run TypeScript; install tsx beside the script/);
  });
});

describe('any other server', () => {
  test('may be an executable file', () => {
    const path = file('bin/my-server.sh', true);
    expect(resolved('bin/my-server.sh')).toEqual([path]);
  });

  test('may be a command in PATH', () => {
    expect(resolveServer('python3', { cwd: root, env: { PATH } })).toEqual({
      name: 'python3',
      argv: [python3],
      trusted: true,
    });
  });

  test('may be a URL, which nobody trusts and which is named after its host', () => {
    const given = resolveServer('HTTPS://Example.com/mcp?key=1', { cwd: root, env: { PATH } });
    expect(given).toEqual({ name: 'example.com', url: 'https://example.com/mcp?key=1', trusted: false });
  });

  test('may be a whole command, which is kept as it stands and named after its script', () => {
    expect(commandServer(['uv', 'run', 'weather.py', '--port', '1'])).toEqual({
      name: 'weather',
      argv: ['uv', 'run', 'weather.py', '--port', '1'],
      trusted: true,
    });
    expect(commandServer(['/usr/local/bin/thing', '-x']).name).toBe('thing');
  });
});

describe('what cannot be a server is refused in one sentence:', () => {
  const dangling = join(root, 'dangling.js');
  symlinkSync('/nowhere/x.js', dangling);
  mkdirSync(join(root, 'folder.js'), { recursive: true });

  test.each([
    ['a missing script', 'nope.py', `there is no such file in ${root}; check the path`],
    ['a missing path', '/nowhere/at/all', 'there is no such file in /nowhere/at; check the path'],
    ['a link to nothing', dangling, `there is no such file in ${root}; check the path`],
    ['a folder', 'folder.js', "it is a folder; name the server's script in it"],
    ['no URL', 'https://', 'it is not a URL; check its spelling'],
    ['a URL of another kind', 'ws://host/mcp', 'a URL of a server begins with http:// or https://'],
    ['an address', 'localhost:3000', 'there is no such file; if it is a URL, write http://localhost:3000'],
    ['an address and a path', '[::1]:80/mcp', 'there is no such file; if it is a URL, write http://[::1]:80/mcp'],
  ])('%s', (_, target, why) => {
    expect(refused(target)).toBe(`Cannot use ${JSON.stringify(target)} as a server: ${why}`);
  });

  test('a file that is neither a script nor executable', () => {
    file('notes.txt');
    expect(refused('notes.txt')).toMatch(
      /: it is neither a \.py, \.js or \.ts script nor executable; run `chmod \+x` on it/,
    );
  });

  test('a command that PATH does not have, with the PATH that was searched', () => {
    expect(refused('no-such-command', { PATH: '/a:/b' })).toMatch(
      /^Cannot use "no-such-command" as a server: there is no such file, and no such command in PATH \(\/a:\/b\)/,
    );
    expect(refused('no-such-command', {})).toMatch(/in PATH \(which is not set\)/);
  });

  test('a folder in PATH that is called like the command', () => {
    mkdirSync(join(root, 'empty', 'tool'), { recursive: true });
    expect(refused('tool')).toMatch(/no such command in PATH/);
  });
});
