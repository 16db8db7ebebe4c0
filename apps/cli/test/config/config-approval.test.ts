import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { run } from '../driver.ts';
import { KEY, inTerminal, noTerminal, screen } from '../terminal/terminal.ts';
import { type Machine, holds, machine, tells } from './config-home.ts';

const APPROVED = '.local/state/mcp-dbg/approved-servers.json';

/** A project that would leave a mark if something of it ran. */
function strange(): Machine & { readonly mark: string } {
  const there = machine({});
  const mark = join(there.project, 'mark');
  writeFileSync(
    join(there.project, '.mcp.json'),
    holds({
      s: tells(
        {
          env: {
            NODE_OPTIONS: `--import "data:text/javascript,import{writeFileSync}from'fs';writeFileSync('mark','')"`,
          },
        },
        '--token',
        'hushhush',
      ),
    }),
  );
  return { ...there, mark };
}

describe("what a project's file would run", () => {
  test.concurrent('is refused where nobody can be asked, and nothing of it runs', async () => {
    const { project, mark, options } = strange();
    for (const more of [[], ['--json'], ['--server', 's']]) {
      const words = more[0] === '--server' ? more : ['s', ...more];
      const { code, stdout, stderr } = await run(['tools', ...words], options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(
        'belongs to the project in this folder, and nobody can be asked here whether to run what it names (s: ',
      );
      expect(stderr).toContain(`; if you trust that, name the file: --config `);
      // What goes wrong without a terminal stands in somebody's log.
      expect(stderr).not.toContain('hushhush');
    }
    expect(existsSync(mark)).toBe(false);
    const named = await run(['tools', '--config', join(project, '.mcp.json')], options);
    expect(named.code).toBe(0);
    expect(existsSync(mark)).toBe(true);
  });

  describe('in a terminal', () => {
    beforeEach((context) => {
      if (noTerminal !== undefined) context.skip(noTerminal);
    });

    test.concurrent('is shown exactly and asked about; what is allowed is remembered until it changes', async () => {
      const server = tells({ env: { KEY: '${KEY}', NODE_OPTIONS: '--no-warnings' } }, 'a b', '\u001b[2J\u202e');
      const { home, project, options } = machine({ '.mcp.json': holds({ s: server }) });
      const inTheirTerminal = { ...options, env: { ...options.env, NO_COLOR: '1', KEY: 'hushhush' }, columns: 1000 };
      const first = inTerminal(['tools', 's'], inTheirTerminal);
      await first.shows(`"${project}/.mcp.json" belongs to the project in this folder. It would run:`);
      await first.shows(
        `"a b" "\\u001b[2J\\u{202e}" (in "${project}"), with the variables KEY, NODE_OPTIONS="--no-warnings", with your own KEY`,
      );
      await first.shows('Run that? [y]es, [n]o: ');
      first.type(`yes${KEY.enter}`);
      await first.shows('tell');
      const { code, isSane, bytes } = await first.ended;
      expect({ code, isSane }).toEqual({ code: 0, isSane: true });
      expect(bytes).not.toContain('hushhush');

      // A person can read it, and nobody else.
      const path = join(home, APPROVED);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(path, 'utf8')).approved).toMatchObject([
        { file: `${project}/.mcp.json`, name: 's', runs: expect.stringContaining('"a b"') },
      ]);
      expect((await run(['tools', 's'], options)).code).toBe(0);
      // What others could have written allows nothing.
      chmodSync(path, 0o666);
      expect((await run(['tools', 's'], options)).code).toBe(1);
      chmodSync(path, 0o600);

      writeFileSync(
        join(project, '.mcp.json'),
        holds({ s: { ...server, env: { KEY: '${KEY}', NODE_OPTIONS: '--inspect' } } }),
      );
      expect((await run(['tools', 's'], options)).stderr).toContain('NODE_OPTIONS="--inspect"');
    });

    test.concurrent('is asked about in a chat that goes on, when it is added there', async () => {
      const { options } = machine({ '.mcp.json': holds({ later: tells() }) });
      const argv = ['chat', fixture('echo'), '--model', 'manual', '--no-capture'];
      const terminal = inTerminal(argv, { ...options, columns: 1000 });
      await terminal.shows(/no model: .*\r\n> /);
      terminal.type(`/add later${KEY.enter}`);
      await terminal.shows('belongs to the project in this folder. It would run:');
      await terminal.shows('Run that? [y]es, [n]o: ');
      terminal.type(`n${KEY.enter}`);
      await terminal.shows('and what it names was not allowed to run');
      terminal.type(`/add later${KEY.enter}`);
      await terminal.shows('Run that? [y]es, [n]o: ');
      terminal.type(`y${KEY.enter}`);
      await terminal.shows('later: connected');
      terminal.type(KEY.ctrlD);
      expect(await terminal.ended).toMatchObject({ code: 0, isSane: true });
    });

    test.concurrent.each([
      ['no', `n${KEY.enter}`, 1, 'and what it names was not allowed to run'],
      ['Ctrl-C', KEY.ctrlC, 130, 'mcp-dbg: Interrupted'],
    ])('does not run when the answer is %s', async (_, keys, expected, said) => {
      const { mark, options } = strange();
      const terminal = inTerminal(['tools', 's'], { ...options, columns: 1000 });
      await terminal.shows('Run that? [y]es, [n]o: ');
      terminal.type(keys);
      const { code, isSane, bytes } = await terminal.ended;
      expect({ code, isSane }).toEqual({ code: expected, isSane: true });
      expect(screen(bytes, 1000).join('\n')).toContain(said);
      expect(existsSync(mark)).toBe(false);
    });
  });
});

describe('what a file wants a person to be asked', () => {
  const inputs = [
    { type: 'promptString', id: 'key', description: 'the API key', password: true },
    {
      type: 'pickString',
      id: 'where',
      description: 'the region',
      options: ['eu', { label: 'US', value: 'us' }],
      default: 'eu',
    },
  ];
  const server = tells({ env: { KEY: '${input:key}', REGION: '${input:where}' } }, '${input:where}');
  const there = machine({ 'mcp.json': JSON.stringify({ inputs, servers: { s: server } }) });

  test.concurrent('is an error where nobody can be asked', async () => {
    expect(await run(['tools', '--config', '../mcp.json'], there.options)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it asks for "the region", and nobody can be asked here; run it in a terminal\n'),
    });
  });

  test.concurrent('is asked, a password without showing it', async (context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
    const terminal = inTerminal(['call', 's', 'tell', '--config', '../mcp.json'], {
      ...there.options,
      columns: 3000,
    });
    await terminal.shows('s needs the region (one of eu, us; Enter takes "eu"): ');
    terminal.type(`xx${KEY.enter}`);
    await terminal.shows('It has to be one of eu, us');
    await terminal.shows('Enter takes "eu"): ');
    terminal.type(`us${KEY.enter}`);
    await terminal.shows('s needs the API key (it is not shown): ');
    terminal.type(`hus${KEY.backspace}shy`);
    terminal.type(KEY.enter);
    await terminal.shows('"hushy"');
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 0, isSane: true });
    expect(bytes.match(/hus/g)).toHaveLength(1);
    // A terminal gets the result set in, and in colours.
    expect(bytes.match(/"us"/g)).toHaveLength(2);
    expect(bytes).toMatch(/"REGION"[^"]*"us"/);
  });
});
