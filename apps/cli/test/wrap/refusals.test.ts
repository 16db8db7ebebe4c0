import { chmodSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { machine } from '../config/config-home.ts';
import { run } from '../driver.ts';

const A = '{"mcpServers":{"a":{"command":"x"}}}';

/** Files that cannot be changed, or not for certain, and what is said of them. */
const REFUSED: readonly (readonly [what: string, text: string, name: string, said: RegExp])[] = [
  [
    'is broken',
    '{\n  "mcpServers": {\n    "a" {}\n',
    'a',
    /line 3, column 9: it is not JSON: a colon should stand there; mend that first; nothing was changed/,
  ],
  ['is empty', '', 'a', /it is not JSON|it is empty/],
  ['is a list', '[]', 'a', /it does not hold an object/],
  ['is in UTF-16', '\ufeff{}', 'a', /it is not UTF-8; save it as UTF-8/],
  [
    'is nested without end',
    `{"mcpServers":{"a":{"command":"x"}},"b":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    'a',
    /it is nested too deeply/,
  ],
  ['has no servers', '{"mcpServers":{}}', 'a', /Cursor has no server to wrap; mcp-dbg servers lists what there is/],
  [
    'has it twice',
    '{"mcpServers":{"a":{"command":"x"},"a":{"command":"y"}}}',
    'a',
    /Cannot wrap "a" in ".*": "a" is there more than once; nothing was changed/,
  ],
  [
    'has its command twice',
    '{"mcpServers":{"a":{"command":"x","command":"y"}}}',
    'a',
    /"command" is there more than once/,
  ],
  [
    'has all servers twice',
    '{"mcpServers":{},"mcpServers":{"a":{"command":"x"}}}',
    'a',
    /"mcpServers" is there more than once/,
  ],
  ['has another server', A, 'b', /Cursor has no server "b"; it has a$/m],
  ['has a similar server', '{"mcpServers":{"weather":{"command":"x"}}}', 'wether', /did you mean "weather"\?/],
  [
    'has it behind a URL',
    '{"mcpServers":{"a":{"url":"https://x.example"}}}',
    'a',
    /it is behind a URL, and the proxy stands before commands; mcp-dbg chat "a" shows its traffic/,
  ],
  [
    'has no command for it',
    '{"mcpServers":{"a":{"args":["x"]}}}',
    'a',
    /it has neither a command nor a url; mend it in /,
  ],
  ['has a command that is no text', '{"mcpServers":{"a":{"command":["x"]}}}', 'a', /its command is not a text/],
  [
    'has args that are no texts',
    '{"mcpServers":{"a":{"command":"x","args":["y",1]}}}',
    'a',
    /its args\[1\] is not a text/,
  ],
  ['has args that are no list', '{"mcpServers":{"a":{"command":"x","args":{"0":"y"}}}}', 'a', /its args is not a list/],
  [
    'has a name with an escape',
    '{"mcpServers":{"\\u001b[2J":{"command":"x"}}}',
    '\u001b[2J',
    /Cannot wrap "\\u001b\[2J" of Cursor: its name has control characters/,
  ],
  ['names nothing of the kind', A, '__proto__', /Cursor has no server "__proto__"; it has a$/m],
];

describe('nothing is changed, and one sentence says why, where a file', () => {
  test.concurrent.each(REFUSED)('%s', async (what, text, name, said) => {
    const there = machine({});
    const path = join(there.home, '.cursor/mcp.json');
    mkdirSync(join(there.home, '.cursor'));
    const bytes = what === 'is in UTF-16' ? Buffer.from(text, 'utf16le') : Buffer.from(text);
    writeFileSync(path, bytes);
    const { code, stdout, stderr } = await run(['wrap', 'cursor', name], there.options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: [^\n]+\n$/);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('\u001b');
    expect(readFileSync(path)).toEqual(bytes);
    expect(readdirSync(join(there.home, '.cursor'))).toEqual(['mcp.json']);
  });
});

describe('a wrap', () => {
  test.concurrent('of a name that only objects of JavaScript have, or of a huge file, is one like any other', async () => {
    const huge = `{"history":${JSON.stringify(Array.from({ length: 400 }, (_, index) => ({ index, said: 'x'.repeat(26_000) })))},\n"mcpServers":{"__proto__":{"command":"x"},"toString":{"command":"y"}}}`;
    expect(huge.length).toBeGreaterThan(10_000_000);
    const there = machine({ '~/.claude.json': huge });
    const path = join(there.home, '.claude.json');
    const wrapped = await run(['wrap', 'claude-code', '__proto__', 'toString'], there.options);
    expect(wrapped).toMatchObject({ code: 0, stdout: expect.stringContaining('wrapped "__proto__"') });
    expect(readFileSync(path, 'utf8')).toContain('{"__proto__":{"command":"/');
    expect(await run(['unwrap', 'claude-code', '--all'], there.options)).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8') === huge).toBe(true);
  });

  test.concurrent('asks which is meant where a name stands in several places, and takes the one that is named', async () => {
    const there = machine({ '.mcp.json': A });
    const local = { [there.options.cwd]: {}, [there.project]: { mcpServers: { a: { command: 'local' } } } };
    writeFileSync(
      join(there.home, '.claude.json'),
      JSON.stringify({ mcpServers: { a: { command: 'own' } }, projects: local }),
    );
    const which = await run(['wrap', 'claude-code', 'a'], there.options);
    expect(which).toMatchObject({ code: 1, stdout: '' });
    expect(which.stderr).toMatch(
      /There are several servers "a": .*claude\.json \(scope local\), .*claude\.json \(scope user\), .*\.mcp\.json \(scope project\); choose with --scope SCOPE or --config FILE/,
    );
    await run(['wrap', 'claude-code', 'a', '--scope', 'local'], there.options);
    const own = (): string => readFileSync(join(there.home, '.claude.json'), 'utf8');
    expect(own()).toMatch(/"own"\}\}.*"proxy","--label","a","--","local"|"own"\}\}.*"--", "local"/);
    // Only one of them is wrapped, so that is the one to unwrap.
    expect((await run(['unwrap', 'claude-code', 'a'], there.options)).stdout).toMatch(/^unwrapped "a"/);
    const project = await run(['wrap', 'claude-code', 'a', '--config', '../.mcp.json', '--json'], there.options);
    expect(JSON.parse(project.stdout)).toMatchObject({
      servers: [{ file: join(there.project, '.mcp.json'), change: 'wrapped' }],
    });
  });

  test.concurrent('reaches every server of a file that is named, also one that stands there for a project, too', async () => {
    const there = machine({});
    const path = join(there.home, 'r.json');
    const local = (command: string): object => ({ mcpServers: { a: { command } } });
    const text = JSON.stringify({
      mcpServers: { a: { command: 'own' } },
      projects: { [there.project]: local('outer'), [there.options.cwd]: local('inner') },
    });
    const wrapped = async (...words: readonly string[]): Promise<string> => {
      writeFileSync(path, text);
      const { code, stderr } = await run(['wrap', 'claude-code', 'a', '--config', path, ...words], there.options);
      expect(code, stderr).toBe(0);
      return /"--", ?"(\w+)"/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
    };
    expect(await wrapped('--scope', 'user')).toBe('own');
    expect(await wrapped('--scope', 'local')).toBe('inner');
    writeFileSync(path, text);
    const which = await run(['wrap', 'claude-code', 'a', '--config', path], there.options);
    expect(which).toMatchObject({ code: 1, stdout: '' });
    expect(which.stderr).toMatch(
      /There are several servers "a": \S+r\.json \(scope local\), \S+r\.json \(scope user\); choose with --scope SCOPE\n$/,
    );
  });

  test.concurrent('of no client, no server or too much says what there is', async () => {
    const { options } = machine({ '~/.cursor/mcp.json': A });
    for (const [argv, said] of [
      [['wrap'], /Name a client: claude-desktop, .*copilot; mcp-dbg wrap --list shows their servers/],
      [['wrap', 'curser', 'a'], /Unknown client "curser"; did you mean cursor\? There are claude/],
      [['wrap', '--list', 'nope'], /Unknown client "nope"; there are claude/],
      [['wrap', 'cursor'], /Name a server of Cursor to wrap, or say --all: a$/m],
      [['wrap', 'cursor', 'a', '--all'], /Name servers, or say --all, but not both/],
      [['wrap', 'vscode', 'a'], /There is no config file of VS Code here/],
      [
        ['wrap', 'cursor', 'a', '--config', 'none.json'],
        /Cannot use the config file ".*none\.json": there is no such file/,
      ],
      [['unwrap', 'cursor', 'a', '--', '--announce'], /unwrap takes nothing behind --/],
    ] as const) {
      const { code, stdout, stderr } = await run([argv[0], '--json', ...argv.slice(1)], options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(JSON.parse(stderr)).toEqual({ error: { code: expect.any(String), message: expect.stringMatching(said) } });
    }
  });

  test.concurrent.each(['--restart --', '--', '--restart -- node y', '-- node y', '--log -- x'])(
    'with another -- in its options is refused: %s',
    async (line) => {
      const there = machine({ '~/.cursor/mcp.json': A });
      const { code, stdout, stderr } = await run(['wrap', 'cursor', 'a', '--', ...line.split(' ')], there.options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcp-dbg: Behind -- stand options of the proxy alone, without another --: [^\n]+\n$/);
      expect(readFileSync(join(there.home, '.cursor/mcp.json'), 'utf8')).toBe(A);
    },
  );

  test.concurrent.each([
    ['--log', ''],
    ['--log='],
    ['--watch', ''],
    ['--watch', '/s', '--watch', '!'],
    ['--fault-file', ''],
  ])('with an option whose path is empty is refused: %j', async (...asked) => {
    const there = machine({ '~/.cursor/mcp.json': A });
    const { code, stdout, stderr } = await run(['wrap', 'cursor', 'a', '--', ...asked], there.options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^mcp-dbg: The proxy does not take that: --[a-z-]+: It takes a \w+, and an empty text [^\n]+\n$/,
    );
    expect(readFileSync(join(there.home, '.cursor/mcp.json'), 'utf8')).toBe(A);
  });

  test.concurrent('leaves a file alone that is read-only, no file, or a link to itself', async () => {
    const there = machine({ '~/.cursor/mcp.json': A, '~/.codeium/windsurf/mcp_config.json': '' });
    const path = join(there.home, '.cursor/mcp.json');
    chmodSync(path, 0o444);
    const readOnly = await run(['wrap', 'cursor', 'a'], there.options);
    expect(readOnly).toMatchObject({ code: 1, stdout: '' });
    expect(readOnly.stderr).toMatch(
      /it is read-only; allow that it is changed first \(chmod u\+w\); nothing was changed\n$/,
    );
    expect(readFileSync(path, 'utf8')).toBe(A);
    expect(readdirSync(join(there.home, '.cursor'))).toEqual(['mcp.json']);
    symlinkSync('loop.json', join(there.options.cwd, 'loop.json'));
    for (const file of ['loop.json', '.', '/dev/null']) {
      const { code, stderr } = await run(['wrap', 'cursor', 'a', '--config', file], there.options);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^mcp-dbg: Cannot use the config file ".*": it is not a regular file; .*\n$/);
    }
  });

  test.concurrent('says so where the folder cannot be written', async (context) => {
    if (process.getuid?.() === 0) return context.skip('root may write anywhere');
    const there = machine({ '~/.cursor/mcp.json': A });
    const folder = join(there.home, '.cursor');
    chmodSync(folder, 0o500);
    const { code, stderr } = await run(['wrap', 'cursor', 'a'], there.options);
    chmodSync(folder, 0o700);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^mcp-dbg: Cannot wrap in ".*mcp\.json": nothing can be written in its folder ".*\/\.cursor": permission denied \(EACCES\); nothing was changed\n$/,
    );
    expect(readFileSync(join(folder, 'mcp.json'), 'utf8')).toBe(A);
  });

  test.concurrent('goes on where nothing can be kept of it, and says what that means', async () => {
    const there = machine({ '~/.cursor/mcp.json': A, '~/.local': 'in the way' });
    const { code, stderr } = await run(['wrap', 'cursor', 'a'], there.options);
    expect(code).toBe(0);
    expect(stderr).toMatch(/How it was written before could not be kept \(.*\); unwrap restores what it means\n/);
    await run(['unwrap', 'cursor', 'a'], there.options);
    expect(JSON.parse(readFileSync(join(there.home, '.cursor/mcp.json'), 'utf8'))).toEqual({
      mcpServers: { a: { command: 'x', args: [] } },
    });
  });
});
