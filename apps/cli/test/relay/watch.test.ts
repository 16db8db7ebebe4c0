import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { processIsAlive, waitFor } from '@mcp-dbg/testkit';
import { afterAll, describe, expect, it } from 'vitest';

import { type Running, file, start } from '../driver.ts';
import { type EditedServer, captureIn, editedServer } from './edited-server.ts';

interface WatchingOptions {
  readonly server: EditedServer;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const running: Running[] = [];

afterAll(async () => {
  for (const { child } of running) child.stdin?.end();
  await Promise.all(running.map(({ ended }) => ended));
});

/** A proxy that watches, spoken to by hand. */
interface Watching extends Running {
  readonly server: EditedServer;
  /** What the tool says, with whatever process there is. */
  version(): Promise<string>;
  /** Says which files the proxy found, once it watches. */
  ready(): Promise<string>;
  /** Waits until a restart because of this is over. */
  reloaded(why: RegExp): Promise<void>;
}

/** The processes of the server that the proxy announced, in order. */
function startedPids(stderr: string): readonly number[] {
  return [...stderr.matchAll(/server started, pid (\d+)/g)].map(([, pid]) => Number(pid));
}

function pidsIn(path: string): readonly number[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function watching(
  options: readonly string[],
  { server = editedServer(), command = ['node', 'server.mjs'], env = {} }: Partial<WatchingOptions> = {},
): Watching {
  const program = start(['proxy', '--announce', '--log', 'run.mcpcap', ...options, '--', ...command], {
    cwd: server.folder,
    env,
  });
  running.push(program);
  let id = 0;
  let told = 0;
  const ask = (method: string, params: object): string => {
    program.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params })}\n`);
    return `"id":${id},`;
  };
  const clientInfo = { name: 'by-hand', version: '1.0.0' };
  ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  program.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const version = async (): Promise<string> => {
    const mark = ask('tools/call', { name: 'version', arguments: {} });
    await program.until(() => program.stdout.includes(mark), 'the answer of "version"');
    const answer = program.stdout.split('\n').find((line) => line.includes(mark)) ?? '';
    return /"text":"(\d+)"/.exec(answer)?.[1] ?? answer;
  };
  return Object.assign(program, {
    server,
    version,
    ready: async () => {
      // The first process has read its file by then.
      expect(await version()).toBe('1');
      await program.saw(/watching \d+ files? for changes/);
      return /watching .*/.exec(program.stderr)?.[0] ?? '';
    },
    reloaded: async (why: RegExp) => {
      const more = (): string => program.stderr.slice(told);
      await program.until(() => why.test(more()), `a restart because of ${why.source}`);
      await program.until(
        () => /the client goes on with pid/.test(more().slice(more().search(why))),
        'the new process',
      );
      told = program.stderr.length;
    },
  });
}

describe.concurrent('--watch starts the server anew when a file changes', () => {
  it('of a glob, a folder or a path, saved in any way, in new folders, behind links; and of nothing else', async () => {
    const server = editedServer();
    const { folder } = server;
    for (const name of ['src', 'lib', 'lib/node_modules', 'elsewhere', '.git', 'lib/__pycache__'])
      mkdirSync(join(folder, name));
    const save = (name: string, text = name): void => writeFileSync(join(folder, name), text);
    save('elsewhere/linked.txt');
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'src/link'));
    // A link to what holds it must not be followed for ever.
    symlinkSync(join(folder, 'lib'), join(folder, 'lib/loop'));
    for (const name of ['src/a.ts', 'src/b.css', 'lib/plain.txt', 'settings.json', 'other.json']) save(name);
    const options = ['src/**/*.ts', 'src/link', 'lib', 'settings.json', '!lib/generated'];
    const program = watching(
      options.flatMap((glob) => ['--watch', glob]),
      { server },
    );
    await program.ready();

    save('src/a.ts', 'changed');
    await program.reloaded(/src\/a\.ts changed; restarting/);

    // None of these; were one seen, it would be named with the next.
    for (const name of ['lib/node_modules', 'lib/__pycache__', 'lib/generated', '.git'])
      mkdirSync(join(folder, name), { recursive: true });
    for (const name of ['src/b.css', 'other.json', '.git/index', 'lib/node_modules/x.js', 'lib/generated/x.js'])
      save(name, 'changed');
    save('lib/__pycache__/x.pyc');
    save('lib/.plain.txt.swp');
    save('src/.c.tmp', 'made beside, then renamed');
    renameSync(join(folder, 'src/.c.tmp'), join(folder, 'src/a.ts'));
    await program.reloaded(/: src\/a\.ts changed; restarting/);

    mkdirSync(join(folder, 'src/new/deep'), { recursive: true });
    save('src/new/deep/d.ts');
    await program.reloaded(/: src\/new\/deep\/d\.ts changed; restarting/);
    save('src/link/linked.txt', 'changed');
    await program.reloaded(/: src\/link\/linked\.txt changed; restarting/);
    rmSync(join(folder, 'lib/plain.txt'));
    await program.reloaded(/: lib\/plain\.txt changed; restarting/);
    rmSync(join(folder, 'settings.json'));
    await program.reloaded(/: settings\.json changed; restarting/);
    save('settings.json', 'made again');
    await program.reloaded(/: settings\.json changed; restarting/);
    expect(await program.version()).toBe('1');
  });

  it('though it was saved before the watcher was ready, or did not match any file at the start', async () => {
    const program = watching(['--watch', '*.mjs', '--watch', 'generated/**']);
    await program.saw('server started');
    program.server.save(2);
    await program.until(() => program.stderr.includes('generated/** matches no file yet'), 'the word on the glob');
    await program.reloaded(/server\.mjs changed; restarting/);
    expect(await program.version()).toBe('2');
    mkdirSync(join(program.server.folder, 'generated'));
    writeFileSync(join(program.server.folder, 'generated/x.json'), '{}');
    await program.reloaded(/generated\/x\.json changed; restarting/);
  });

  it('once more when a save mends what a save before it broke', async () => {
    const program = watching(['--watch', 'server.mjs']);
    await program.ready();
    program.server.saveText('this is no program(');
    await program.until(() => program.stderr.match(/server exited: code 1/g)?.length === 2, 'failed starts');
    program.server.save(3);
    await program.reloaded(/server\.mjs changed; restarting/);
    expect(await program.version()).toBe('3');
  });

  it('behind a wrapper script and its own wrapper, as npx makes them; nothing of the old one is left', async () => {
    const server = editedServer();
    const inner = join(server.folder, 'inner');
    const outer = join(server.folder, 'outer');
    writeFileSync(inner, '#!/bin/sh\nnode server.mjs "$@"\nexit $?\n');
    writeFileSync(outer, `#!/bin/sh\n"${inner}" "$@"\nexit $?\n`);
    for (const path of [inner, outer]) chmodSync(path, 0o755);
    const program = watching(['--watch', '*.mjs'], { server, command: [outer] });
    await program.ready();
    const [old = 0] = startedPids(program.stderr);
    program.server.save(2);
    await program.reloaded(/server\.mjs changed/);
    expect(await program.version()).toBe('2');
    await waitFor(() => !processIsAlive(old), 'the end of the old wrapper');
  });

  it('answers what could not be finished in time with the file that changed, and tells of it later', async () => {
    const program = watching(['--watch', '*.mjs', '--tools']);
    await program.ready();
    program.write('{"jsonrpc":"2.0","id":"stuck","method":"tools/call","params":{"name":"slow","arguments":{}}}\n');
    program.server.save(2);
    await program.until(() => program.stdout.includes('"id":"stuck"'), 'an answer to the call');
    expect(program.stdout).toContain('The server was restarted (server.mjs changed) before it answered tools/call');
    expect(await program.version()).toBe('2');
    const own = { name: 'mcpdbg_last_errors', arguments: {} };
    program.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'errors', method: 'tools/call', params: own })}\n`);
    await program.until(() => program.stdout.includes('"id":"errors"'), 'the errors');
    const { result } = JSON.parse(program.stdout.split('\n').find((line) => line.includes('"id":"errors"')) ?? '{}');
    expect(result.structuredContent).toMatchObject({
      errors: [
        {
          kind: 'lost',
          at: expect.stringMatching(/^\d{4}-/),
          message: expect.stringContaining('restarted (server.mjs changed) before it answered tools/call'),
          method: 'tools/call',
          tool: 'slow',
        },
      ],
      total: 1,
    });
  });
});

it('goes on where the system watches no more files, and says so', async () => {
  const server = editedServer();
  const limit = file(
    'limit.mjs',
    `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
fs.watch = () => { throw Object.assign(new Error('System limit for number of file watchers reached'), { code: 'ENOSPC' }); };
syncBuiltinESMExports();`,
  );
  const program = watching(['--watch', '*.mjs'], { server, env: { NODE_OPTIONS: `--import ${limit}` } });
  await program.saw(
    'not all files can be watched: the system watches no more files (raise fs.inotify.max_user_watches)',
  );
  expect(await program.version()).toBe('1');
});

describe.concurrent('--build runs before each restart', () => {
  it('keeps the old server where it fails, and says why on stderr and in the capture alone', async () => {
    const server = editedServer();
    const build = 'echo to stdout; node --check server.mjs && echo built >> builds';
    const program = watching(['--watch', 'server.mjs', '--build', build], { server });
    await program.ready();
    const [pid] = startedPids(program.stderr);
    server.saveText('this is no program(');
    await program.saw(/The build failed \(exit code 1\), the server stays as it is:/);
    await program.saw(/SyntaxError/);
    expect(await program.version()).toBe('1');
    expect(startedPids(program.stderr)).toEqual([pid]);
    server.save(2);
    await program.reloaded(/server\.mjs changed; restarting/);
    expect(await program.version()).toBe('2');
    expect(program.stdout).not.toContain('to stdout');
    program.child.stdin?.end();
    await program.ended;
    const { text } = captureIn(server.folder);
    expect(text).toContain('The build failed (exit code 1)');
    expect(text).toContain('The server is restarted: server.mjs changed');
  });

  it('does not run for ever where it writes what is watched', async () => {
    const build = 'mkdir -p dist && sleep 0.05 && : > dist/copy.mjs && cat server.mjs >> dist/copy.mjs';
    const program = watching(['--watch', '.', '--build', build]);
    await program.ready();
    const reasons = (): readonly (string | undefined)[] =>
      [...program.stderr.matchAll(/: (\S+) changed; building/g)].map(([, path]) => path);
    program.server.save(2);
    await waitFor(() => reasons().length === 2, 'the builds after the first save');
    await program.until(
      () => (program.stderr.match(/dist\/copy\.mjs changed; restarting/g) ?? []).length === 1,
      'a restart',
    );
    program.server.save(3);
    await waitFor(() => reasons().length === 4, 'the builds after the second save');
    expect(reasons()).toEqual(['server.mjs', 'dist/copy.mjs', 'server.mjs', 'dist/copy.mjs']);
  });

  it('runs again after a change while it ran, and ends with the proxy, with all that it started', async () => {
    const server = editedServer();
    // Waits until it is told to go on; the third one never is.
    const build = 'echo $$ >> builds; (until [ -e "go-$(wc -l < builds | tr -d " ")" ]; do sleep 0.05; done) ; true';
    const program = watching(['--watch', 'server.mjs', '--build', build], { server });
    await program.ready();
    const builds = (): readonly number[] => pidsIn(join(server.folder, 'builds'));
    server.save(2);
    await waitFor(() => builds().length === 1, 'the first build');
    server.save(3);
    writeFileSync(join(server.folder, 'go-1'), '');
    await waitFor(() => builds().length === 2, 'the second build');
    writeFileSync(join(server.folder, 'go-2'), '');
    await waitFor(async () => (await program.version()) === '3', 'the third version');
    server.save(4);
    await waitFor(() => builds().length === 3, 'a build that hangs');
    program.child.kill('SIGTERM');
    await program.ended;
    expect(builds().filter(processIsAlive), 'builds left behind').toEqual([]);
  });
});
