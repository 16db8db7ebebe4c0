import { describe, expect, test } from 'vitest';

import { diagnose } from '../../src/doctor/diagnosis.ts';
import { HOSTS, type Surroundings, environmentOf } from '../../src/doctor/hosts.ts';
import { launchesOf } from '../../src/doctor/launch.ts';
import { READY, facts, launch, processFacts } from './facts.ts';

const world: Surroundings = {
  env: { PATH: '/me/bin:/bin', HOME: '/me', USER: 'me', TOKEN: 'abc', TERM: 'xterm' },
  cwd: '/me/project',
  home: '/me',
  platform: 'linux',
};

describe('the ways in which hosts start a server', () => {
  const starts = (platform: NodeJS.Platform = 'linux', more: object = {}): readonly object[] =>
    launchesOf({ name: 's', trusted: true, argv: ['s'], ...more }, HOSTS, { ...world, platform }).map(
      ({ hosts, cwd, env }) => ({ hosts: hosts.map(({ id }) => id), cwd, env }),
    );
  const short = { HOME: '/me', USER: 'me' };
  const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

  test('are one for all that hand on what a shell gave them, and one for each of the others', () => {
    expect(starts()).toEqual([
      { hosts: ['terminal', 'claude-code', 'vscode'], cwd: '/me/project', env: world.env },
      { hosts: ['cursor'], cwd: '/me', env: { ...short, PATH: SYSTEM } },
      { hosts: ['claude-desktop'], cwd: '/', env: { ...short, PATH: SYSTEM } },
    ]);
  });

  test('have the PATH of the system, and on Windows all of it', () => {
    const paths = (platform: NodeJS.Platform): readonly unknown[] =>
      HOSTS.map((host) => environmentOf(host, { ...world, platform })['PATH']);
    expect(paths('darwin').slice(3)).toEqual([
      '/usr/bin:/bin:/usr/sbin:/sbin',
      '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    ]);
    expect(new Set(paths('win32'))).toEqual(new Set(['/me/bin:/bin']));
  });

  test('are what the configuration says, where it says it', () => {
    expect(starts('linux', { cwd: '/srv', env: { PATH: '/x', KEY: '1' } })).toMatchObject([
      { cwd: '/srv', env: { TOKEN: 'abc', PATH: '/x', KEY: '1' } },
      { hosts: ['cursor', 'claude-desktop'], cwd: '/srv', env: { ...short, PATH: '/x', KEY: '1' } },
    ]);
  });
});

describe('a diagnosis', () => {
  const rules = (...starts: Parameters<typeof diagnose>[1]): readonly string[] =>
    diagnose('s', starts, undefined).map(({ rule, level }) => `${level} ${rule}`);

  test('of a good server is empty', () => {
    expect(rules(facts())).toEqual([]);
  });

  test('of a slow start is a warning, and an error where a host has given up by then', () => {
    const slow = (readyMs: number, host: 'terminal' | 'claude-code'): readonly string[] =>
      rules(facts({ launch: launch(host), outcome: { ...READY, readyMs } }));
    expect(slow(4000, 'claude-code')).toEqual([]);
    expect(slow(12_000, 'claude-code')).toEqual(['warning start/slow']);
    expect(slow(31_000, 'claude-code')).toEqual(['error start/slow']);
    expect(slow(31_000, 'terminal')).toEqual(['warning start/slow']);
  });

  test('tells the same of several hosts once, and in which', () => {
    const lost = (id: 'cursor' | 'claude-desktop', pid: number) =>
      facts({
        launch: launch(id),
        outcome: { kind: 'failed', code: 'CONNECTION_LOST', message: '' },
        processes: [processFacts({ firstAnswerMs: undefined, stderr: [`process ${pid} is out of luck`] })],
      });
    const [finding, ...others] = diagnose('s', [facts(), lost('cursor', 41), lost('claude-desktop', 42)], undefined);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'start/ended', quote: 'process 41 is out of luck' });
    expect(finding?.hosts.map(({ id }) => id)).toEqual(['cursor', 'claude-desktop']);
  });

  test('says where a command is that a host does not find, and how to have it found', () => {
    const [finding] = diagnose(
      's',
      [
        facts({
          launch: launch('cursor'),
          processes: [],
          outcome: { kind: 'failed', code: 'COMMAND_MISSING', message: '' },
          command: {
            name: 'npx',
            path: '/bin',
            found: undefined,
            elsewhere: ['/me/.nvm/versions/node/v22.0.0/bin/npx'],
          },
        }),
      ],
      undefined,
    );
    expect(finding?.message).toContain('"npx" is in no folder of PATH, which is "/bin"');
    expect(finding?.fix).toContain('"/me/.nvm/versions/node/v22.0.0/bin/npx"');
    expect(finding?.fix).toContain('{"PATH": "/me/.nvm/versions/node/v22.0.0/bin:/bin"}');
  });

  test.each<[string, string, string, RegExp]>([
    ['COMMAND_MISSING', 'its first line asks for "/usr/bin/nope"', 'start/interpreter', /^Install the interpreter/],
    ['NOT_EXECUTABLE', 'it may not be run', 'start/executable', /^Run chmod \+x \/bin\/server/],
    ['FOLDER_MISSING', 'the working folder "/x" does not exist', 'start/folder', /^Make the folder/],
    ['START_FAILED', 'EAGAIN', 'start/system', /memory/],
    ['BAD_ANSWER', 'it names no version', 'start/answer', /--verbose/],
  ])('of a start that fails with %s says why', (code, message, rule, fix) => {
    const outcome = { kind: 'failed', code, message } as const;
    const found = diagnose('s', [facts({ outcome, processes: [] })], undefined);
    expect(found).toMatchObject([{ rule, level: 'error', message, fix: expect.stringMatching(fix) as unknown }]);
  });

  test('warns of a name that gets too long with the name of the server', () => {
    const tool = (name: string) => ({
      name,
      description: '',
      inputSchema: { type: 'object' },
      readOnly: false,
      idempotent: false,
      value: {},
      text: '{}',
    });
    const outcome = { ...READY, tools: [tool('a'.repeat(30)), tool('b'.repeat(60))] };
    const found = diagnose('a-server-of-length', [facts({ outcome })], undefined);
    expect(found.map(({ rule, message }) => [rule, message.includes('bbb')])).toEqual([['model/name', true]]);
    const many = { ...READY, tools: Array.from({ length: 129 }, (_, index) => tool(`tool_${index}`)) };
    expect(rules(facts({ outcome: many }))).toEqual(['warning model/count']);
  });
});
