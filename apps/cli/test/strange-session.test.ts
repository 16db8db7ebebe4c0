import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { run, scratch } from './driver.ts';
import { type Content, changed, fresh, parrot, resumes, saved } from './saved-chats.ts';
import { KEY, inTerminal, noTerminal, screen } from './terminal/terminal.ts';

describe('a file from somebody else', () => {
  /** A file that this machine did not make, and what its command would leave behind. */
  async function strange(): Promise<{ readonly path: string; readonly mark: string }> {
    const mark = fresh('mark');
    const path = changed(await saved('one'), ({ servers: [server] }) => {
      server?.argv.splice(
        0,
        Infinity,
        process.execPath,
        '-e',
        `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`,
      );
    });
    return { path, mark };
  }

  test.concurrent('is refused without a terminal, with --yes too, and nothing of it runs', async () => {
    const { path, mark } = await strange();
    for (const more of [[], ['--yes'], ['--json']]) {
      const { code, stdout, stderr } = await run(resumes(path, ...more));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/was not saved by you on this machine, and nobody can be asked here/);
      expect(stderr).toMatch(/name the server on the command line beside --resume/);
    }
    expect(existsSync(mark)).toBe(false);
    const named = await run(resumes(path, fixture('echo')));
    expect(named).toMatchObject({ code: 0, stdout: '<again>\n' });
  });

  test.concurrent('is one of another home, too, until its servers were named here', async () => {
    const path = await saved('one');
    const env = { HOME: mkdtempSync(join(scratch, 'other-home-')) };
    expect((await run(resumes(path), { env })).code).toBe(1);
    expect((await run(resumes(path, fixture('echo')), { env })).code).toBe(0);
    expect((await run(resumes(path), { env })).code).toBe(0);
  });

  test.concurrent.each<[string, (content: Content) => void]>([
    ['no seal', (content) => delete content.seal],
    ['another folder', ({ servers: [server] }) => (server === undefined ? '' : (server.cwd = '/'))],
    ['one more server', ({ servers }) => servers.push({ name: 'b', argv: ['true'], cwd: '/', env: [] })],
  ])('is one that differs by %s, too', async (_, change) => {
    expect((await run(resumes(changed(await saved('one'), change)))).code).toBe(1);
  });

  test.concurrent('may have another conversation: only what it runs is sealed', async () => {
    const path = changed(await saved('one'), ({ turns }) => turns.splice(0, 2));
    expect((await run(resumes(path))).code).toBe(0);
  });

  test.concurrent('with a command too long to be judged is refused', async () => {
    const path = changed(await saved('one'), ({ servers: [server] }) => server?.argv.push(' '.repeat(2000)));
    expect((await run(resumes(path))).stderr).toMatch(/and the commands in it are too long to be judged/);
  });

  describe('in a terminal', () => {
    beforeEach((context) => {
      if (noTerminal !== undefined) context.skip(noTerminal);
    });

    test.concurrent('is shown exactly and asked about; once allowed, it is known', async () => {
      const path = changed(await saved('one'), ({ servers: [server] }) => server?.argv.push('a b', '\u001b[2J\u202e'));
      const argv = ['chat', '--resume', path, '--model', parrot];
      const first = inTerminal(argv, { env: { NO_COLOR: '1' }, columns: 1000 });
      await first.shows('was not saved by you on this machine. It would run:');
      await first.shows(`echo: ${process.execPath} ${fixture('echo')} "a b" "\\u001b[2J\\u{202e}" (in "`);
      await first.shows('Run that? [y]es, [n]o: ');
      first.type(`y${KEY.enter}`);
      await first.shows('resumed');
      await first.shows(/model: .*\r\n> /);
      first.type(`two${KEY.enter}`);
      await first.shows('<two>');
      first.type(KEY.ctrlD);
      expect(await first.ended).toMatchObject({ code: 0, isSane: true });
      expect((await run(resumes(path))).code).toBe(0);
    });

    test.concurrent.each([
      ['no', `n${KEY.enter}`, 1, 'and what it names was not allowed to run'],
      ['nothing', KEY.enter, 1, 'was not allowed to run'],
      ['the end', KEY.ctrlD, 1, 'was not allowed to run'],
      ['Ctrl-C', KEY.ctrlC, 130, 'mcp-dbg: Interrupted'],
    ])('runs nothing when the answer is %s', async (_, keys, expected, said) => {
      const { path, mark } = await strange();
      const terminal = inTerminal(['chat', '--resume', path, '--model', parrot, '--yes'], { columns: 1000 });
      await terminal.shows('Run that? [y]es, [n]o: ');
      terminal.type(keys);
      const { code, isSane, bytes } = await terminal.ended;
      expect({ code, isSane }).toEqual({ code: expected, isSane: true });
      expect(screen(bytes, 1000).join('\n')).toContain(said);
      expect(existsSync(mark)).toBe(false);
    });

    test.concurrent('runs nothing when a signal comes first, and leaves the terminal as it was', async () => {
      const { path, mark } = await strange();
      const terminal = inTerminal(['chat', '--resume', path, '--model', parrot]);
      await terminal.shows('Run that? [y]es, [n]o: ');
      terminal.kill('SIGTERM');
      expect((await terminal.ended).isSane).toBe(true);
      expect(existsSync(mark)).toBe(false);
    });
  });
});
