import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { expectNoneLeft, file, run, scratch, start } from './driver.ts';
import { fresh, parrot, read, resumes, saved } from './saved-chats.ts';

describe('the file of a session', () => {
  test.concurrent('is for nobody else to read, and so is the key that knows it', async () => {
    const home = mkdtempSync(join(scratch, 'own-'));
    const path = fresh();
    const argv = ['chat', fixture('echo'), '--model', parrot, '--save', path, '-p', 'one'];
    await run(argv, { env: { HOME: home }, under: ['sh', '-c', 'umask 000; exec "$@"', 'sh'] });
    const key = join(home, '.local/state/mcp-dbg/session-key');
    expect([path, key].map((each) => statSync(each).mode & 0o777)).toEqual([0o600, 0o600]);
    expect((await run(resumes(path), { env: { HOME: home } })).code).toBe(0);
    // A key that others may have read proves nothing any more.
    chmodSync(key, 0o644);
    expect((await run(resumes(path), { env: { HOME: home } })).code).toBe(1);
  });

  test.concurrent('holds no value of a variable and no secret of a command, and says at resume what is missing', async () => {
    const path = fresh();
    const argv = ['chat', fixture('echo'), '--model', 'manual', '--save', path, '-e', 'TOKEN=hush', '-e', 'B=hush'];
    await run(argv);
    expect(readFileSync(path, 'utf8')).not.toContain('hush');
    expect(read(path).servers[0]?.env).toEqual(['B', 'TOKEN']);
    const { code, stderr } = await run(resumes(path, '-e', 'B=1'));
    expect(code).toBe(0);
    expect(stderr).toContain(
      'mcp-dbg: echo had TOKEN when the session was saved, and has not now; give it again: -e TOKEN=VALUE\n',
    );
    expect(read(path).servers[0]?.env).toEqual(['B', 'TOKEN']);
    expect((await run(resumes(path, '-e', 'B=1', '-e', 'TOKEN=2'))).stderr).not.toContain('had TOKEN');

    const masked = fresh();
    const secret = ['--', process.execPath, fixture('echo'), '--api-key', 'sk-very-secret-key'];
    await run(['chat', '--model', 'manual', '--save', masked, ...secret]);
    expect(readFileSync(masked, 'utf8')).not.toContain('very-secret');
    const refused = await run(resumes(masked));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^mcp-dbg: ".*" does not hold the secret in the command of "echo"; name the servers again, beside --resume\n$/,
    );
    expect((await run(resumes(masked, ...secret))).code).toBe(0);
  });

  test.concurrent('takes the place of nothing: no session, no other file, no link, no folder', async () => {
    const link = fresh();
    const precious = file('precious.txt', 'precious');
    symlinkSync(precious, link);
    const session = await saved('one');
    const before = readFileSync(session, 'utf8');
    for (const [path, why] of [
      [session, 'it is there already; go on with it by --resume, or name another'],
      [precious, 'it is there already; '],
      [link, 'it is not a regular file; name a new one'],
      [scratch, 'it is not a regular file; name a new one'],
      [join(scratch, 'none/chat.json'), 'there is no such file or folder; check the path (ENOENT)'],
      [join(precious, 'chat.json'), 'a part of the path is not a folder (ENOTDIR)'],
    ] as const) {
      const { code, stdout, stderr } = await run([
        'chat',
        fixture('echo'),
        '--model',
        parrot,
        '--save',
        path,
        '-p',
        'two',
      ]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcp-dbg: .*\n$/);
      expect(stderr).toContain(`Cannot save the session to ${JSON.stringify(path)}: ${why}`);
    }
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(readFileSync(session, 'utf8')).toBe(before);
  });

  test.concurrent('is taken from the start: a second chat cannot have its name', async () => {
    for (const path of [fresh(), file('empty.json', '')]) {
      const first = start(['chat', fixture('echo'), '--json', '--model', parrot, '--save', path]);
      await first.saw('model: ');
      const second = await run(['chat', fixture('echo'), '--model', parrot, '--save', path, '-p', 'second']);
      expect(second.code).toBe(1);
      expect(second.stderr).toContain('it is there already; ');
      // Killed before it was asked anything, it can be gone on with.
      first.child.kill('SIGKILL');
      await first.ended;
      await expectNoneLeft(first.cwd);
      expect((await run(resumes(path))).stderr).toContain(`resumed ${path}: 0 queries\n`);
    }
  });

  test.concurrent('is not there, or empty as it was, where the chat never came to be', async () => {
    const path = fresh();
    const failing = ['chat', fixture('exits-at-once'), '--model', parrot, '-p', 'one', '--save'];
    expect((await run([...failing, path])).code).toBe(4);
    expect(readdirSync(dirname(path))).toEqual([]);
    const empty = file('empty.json', '');
    expect((await run([...failing, empty])).code).toBe(4);
    expect(readFileSync(empty, 'utf8')).toBe('');
  });

  test.concurrent('that nothing was saved to is left where /save names another', async () => {
    const [path, other] = [fresh(), fresh()];
    const argv = ['chat', fixture('echo'), '--model', 'manual', '--save', path];
    expect((await run(argv, { stdin: `/save ${other}\n` })).code).toBe(0);
    expect([readdirSync(dirname(path)), read(other).turns]).toEqual([[], []]);
  });

  test.concurrent('is never written through a link that is put in its place meanwhile', async () => {
    const path = fresh();
    const precious = file('precious.txt', 'precious');
    const program = start(['chat', fixture('echo'), '--json', '--model', parrot, '--save', path]);
    await program.saw('model: ');
    rmSync(path);
    symlinkSync(precious, path);
    program.write('one\n');
    program.child.stdin?.end();
    const { code, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stderr.match(/Cannot save the session to .*: it is not a regular file/g)).toHaveLength(1);
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(readlinkSync(path)).toBe(precious);
  });

  test.concurrent('stays as it was where there is no room for more, the chat goes on, and that is said', async () => {
    const path = fresh();
    // Blocks of 512 bytes, or of 1024 in some shells.
    const under = ['sh', '-c', 'ulimit -f 4; exec "$@"', 'sh'];
    const argv = [
      'chat',
      fixture('echo'),
      '--no-capture',
      '--model',
      parrot,
      '--save',
      path,
      '-p',
      'one',
      '-p',
      'x'.repeat(9000),
    ];
    const { code, signal, stdout, stderr } = await run([...argv, '-p', 'three'], { under });
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stdout).toContain('<three>');
    expect(stderr.match(/Cannot save the session to .*\(EFBIG\) \(the chat goes on; /g)).toHaveLength(1);
    expect(read(path).turns.map(({ text, reply }) => text ?? reply?.text)).toEqual(['one', '<one>']);
    expect(readdirSync(dirname(path))).toEqual(['chat.json']);
  });

  test.concurrent.each<[string, () => string, RegExp]>([
    ['is missing', () => fresh(), /there is no such file or folder; check the path \(ENOENT\)/],
    ['is a folder', () => scratch, /it is not a regular file/],
    ['is a link', () => linked(), /it is not a regular file; use one, and not a link to it/],
    ['is a pipe', () => pipe(), /it is not a regular file/],
    ['is a device', () => '/dev/null', /it is not a regular file/],
    ['is empty', () => file('a', ''), /it is not a saved session; name a file that --save made/],
    ['is no JSON', () => file('a', '\u001b[31m{"mcpDbgSession":1'), /it is not a saved session/],
    ['is something else', () => file('a', '{"name":"x"}'), /it is not a saved session/],
    [
      'is of a newer version',
      () => file('a', '{"mcpDbgSession":2}'),
      /it was saved by a newer mcp-dbg \(format 2, .*update mcp-dbg/,
    ],
    ['lacks its servers', () => file('a', '{"mcpDbgSession":1,"turns":[]}'), /it is wrong at servers: expected a list/],
    [
      'has a wrong turn',
      () => broken(),
      /The saved conversation is wrong at turns\[1\]\.reply\.calls\[0\]\.id: expected a text that is not empty, found 7/,
    ],
  ])('that %s is one sentence, and exit code 1', async (_, make, why) => {
    const path = make();
    const { code, stdout, stderr } = await run([
      'chat',
      fixture('echo'),
      '--model',
      parrot,
      '--resume',
      path,
      '-p',
      'x',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: Cannot resume ".*": [^\n\u001b]*\n$/);
    expect(stderr).toMatch(why);
    const json = await run(['chat', fixture('echo'), '--json', '--resume', path]);
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: expect.stringMatching(/^[A-Z_]+$/) } });
  });
});

function linked(): string {
  const link = fresh();
  symlinkSync(file('a', '{"mcpDbgSession":1}'), link);
  return link;
}

function pipe(): string {
  const path = fresh();
  execFileSync('mkfifo', [path]);
  return path;
}

function broken(): string {
  const reply = { text: '', calls: [{ id: 7 }], stop: 'tool_use', vendor: null };
  const turns = [
    { role: 'user', text: 'a' },
    { role: 'assistant', reply },
  ];
  return file('a', JSON.stringify({ mcpDbgSession: 1, savedAt: '', model: null, servers: [], turns }));
}
