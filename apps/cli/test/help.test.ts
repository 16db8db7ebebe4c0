import { readFileSync } from 'node:fs';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { run } from './driver.ts';

const COMMANDS = [
  'chat',
  'demo',
  'tools',
  'call',
  'resources',
  'read',
  'prompts',
  'prompt',
  'complete',
  'ping',
  'info',
  'raw',
  'log',
  'captures',
  'crashes',
  'proxy',
];

describe('help', () => {
  test.concurrent('is what the program shows when nothing is asked of it', async () => {
    const nothing = await run([]);
    expect(nothing).toMatchObject({ code: 0, stderr: '' });
    expect(nothing.stdout).toMatch(/^Usage: mcp-dbg /);
    for (const command of COMMANDS) expect(nothing.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect((await run(['--help'])).stdout).toMatch(/^Usage: mcp-dbg /);
    expect((await run(['help'])).stdout).toMatch(/^Usage: mcp-dbg /);
  });

  test.concurrent.each(COMMANDS)('of %s has two examples, and states the defaults', async (command) => {
    const { code, stdout, stderr } = await run([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [options = '', examples = ''] = stdout.split('\nExamples:\n');
    expect(examples.trim().split('\n')).toHaveLength(2);
    for (const example of examples.trim().split('\n')) expect(example).toContain(`mcp-dbg ${command}`);
    const text = options.replaceAll(/\s+/g, ' ');
    for (const [option, said] of [
      ['--timeout', /default: 60/],
      ['--probe-timeout', /default: 10/],
      ['--era', /default: auto/],
      ['--capture', /default: |the same/],
      ['--max-rounds', /default: 25/],
      ['--cwd', /default: this/],
    ] as const) {
      if (text.includes(` ${option} <`))
        expect(
          text
            .slice(text.indexOf(` ${option} <`))
            .split(' --', 3)
            .join(' '),
        ).toMatch(said);
    }
    const viaHelp = await run(['help', command]);
    expect(viaHelp.code).toBe(0);
    expect(viaHelp.stdout.replaceAll(/\s+/g, ' ')).toBe(stdout.replaceAll(/\s+/g, ' '));
  });

  test('of every command has two examples of that command', async () => {
    const prepared: unknown = JSON.parse(readFileSync(new URL('../dist/help.json', import.meta.url), 'utf8'));
    const { '': own = '', ...texts } = prepared as Readonly<Record<string, string>>;
    const listed = Array.from(own.split('\nCommands:\n')[1]?.matchAll(/^ {2}([\w-]+)/gm) ?? [], ([, name]) => name);
    // The proxy's help names the user's own folder, so it is not prepared.
    expect(Object.keys(texts).toSorted()).toEqual(
      listed.filter((name) => name !== 'proxy' && name !== 'help').toSorted(),
    );
    for (const [command, text] of Object.entries({ ...texts, proxy: (await run(['proxy', '--help'])).stdout })) {
      const examples = text.split('\nExamples:\n')[1]?.trim().split('\n') ?? [];
      expect(examples, command).toHaveLength(2);
      for (const example of examples) expect(example, command).toContain(`mcp-dbg ${command}`);
    }
  });

  test('fits a terminal of 80 columns', async () => {
    const prepared: unknown = JSON.parse(readFileSync(new URL('../dist/help.json', import.meta.url), 'utf8'));
    const texts = { ...(prepared as Readonly<Record<string, string>>), proxy: (await run(['proxy', '--help'])).stdout };
    const wide = Object.entries(texts).flatMap(([command, text]) =>
      text
        .split('\n')
        // The folder of the captures is as long as it is.
        .filter((line) => line.length > 80 && !line.startsWith('Captures go to /'))
        .map((line) => `${command}: ${line}`),
    );
    expect(wide).toEqual([]);
  });

  test.concurrent('of the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await run(['--version'])).stdout).toBe(`${version}\n`);
    expect((await run(['-V'])).stdout).toBe(`${version}\n`);
  });
});

describe('the examples of the help are true commands', () => {
  test.concurrent.each([
    [['tools', 'SERVER']],
    [['tools', '--json', '--', 'node', 'SERVER']],
    [['call', 'SERVER', 'add', 'a=1', 'b=2']],
    [['call', 'add', '--args', '{"a":1,"b":2}', '--json', '--', 'node', 'SERVER']],
    [['chat', 'SERVER', '--verbose']],
    [['chat', '--json', '--', 'node', 'SERVER']],
  ])('%j', async (words) => {
    const argv = words.map((word) => (word === 'SERVER' ? fixture('echo') : word));
    expect((await run(argv)).code).toBe(0);
  });
});

describe('misuse is one sentence with the next step, and exit code 1', () => {
  test.concurrent.each<[readonly string[], RegExp]>([
    [['chta'], /Unknown command 'chta'; did you mean chat\? \(mcp-dbg --help/],
    [['help', 'tool'], /Unknown command 'tool'; did you mean tools\?/],
    [['frobnicate', '--help'], /Unknown command 'frobnicate' \(mcp-dbg --help/],
    [['chat', '--verbos'], /Unknown option '--verbos'; did you mean --verbose\? \(mcp-dbg chat --help/],
    [['log', '-forecast'], /Unknown option '-.*'; to leave out a word, write not WORD \(mcp-dbg log --help/],
    [['tools', 'a', 'b', 'c'], /Name one server, and one tool at most/],
    [['resources', 'a', 'b'], /Too many arguments for 'resources'/],
    [['tools', '--timeout', '0', 'x'], /It takes a number of seconds above 0/],
    [['tools', '--timeout'], /argument missing/],
    [
      ['tools', '--capture', '', 'x'],
      /'--capture <file>' argument '' is invalid. It takes a file, and an empty text names/,
    ],
    [
      ['tools', '--cwd=', 'x'],
      /'--cwd <folder>' argument '' is invalid. It takes a folder, and an empty text names none/,
    ],
    [['chat', '--root', '/', '--root', '', 'x'], /'--root <folder>' argument '' is invalid. It takes a folder/],
    [['wrap', 'cursor', 'a', '--config', ''], /'--config <file>' argument '' is invalid/],
    [['chat', '--max-rounds', '1.5', 'x'], /It takes a whole number above 0/],
    [['chat', '--era', 'golden', 'x'], /Allowed choices are auto, legacy, modern/],
    [
      ['chat'],
      /Name a server: a script, a program, a name of a config file \(mcp-dbg servers lists them\), or a command after --/,
    ],
    [['--', 'node'], /Name a command before --/],
    [['call'], /Name the tool: mcp-dbg call SERVER TOOL/],
    [
      ['--cli', 'node', 's.js', '--method', 'ping'],
      /That is how the MCP Inspector is called; here it is: mcp-dbg raw ping -- node s\.js\n$/,
    ],
    [['demo', 'x'], /Too many arguments for 'demo'/],
  ])('%j', async (argv, why) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: [A-Z].*\n$/);
    expect(stderr).toMatch(why);
  });
});
