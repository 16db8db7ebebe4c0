import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import stringWidth from 'string-width';
import { beforeEach, describe, expect, test } from 'vitest';

import { run, scratch, script, start } from '../driver.ts';
import { KEY, inTerminal, noTerminal } from '../terminal/terminal.ts';
import { expectToLeave } from './chats.ts';
import { expectScreen } from './expect-screen.ts';
import { noTmux, onScreen } from './tmux.ts';

/** A question, a tool call, an answer of several lines that are wider than the narrowest terminal. */
const ANSWER =
  'The sum is 3.\n\nIt was worked out by a tool, which is a thing that a server offers. 日本語 takes two columns.';
const model = script(
  { when: 'add', on: 'user', call: [{ tool: 'add', args: { a: 1, b: 2 } }], repeat: true },
  { on: 'result', say: ANSWER, repeat: true },
  { say: 'I heard {{query}}, yes.', repeat: true },
);
const chat = ['chat', fixture('echo'), '--model', model];

/** The words of a text, however it was broken into rows. */
function words(lines: readonly string[]): string {
  return lines.join('').replaceAll(/\s/g, '');
}

const SIZES = [
  [40, 15],
  [80, 24],
  [120, 40],
] as const;

describe.concurrent('a chat', () => {
  beforeEach((context) => {
    if (noTmux !== undefined) context.skip(noTmux);
  });

  test.each(SIZES)(
    'in %i columns and %i rows calls a tool and answers, with nothing garbled',
    async (columns, rows) => {
      const screen = await onScreen(chat, { columns, rows });
      await screen.prompts('', 'a prompt when the server is connected');
      await screen.enter('add 1 and 2, please');
      await screen.shows('columns.', 'the end of the answer');
      const lines = await screen.prompts('', 'a prompt below the answer');
      const { row, visible } = await screen.cursor();
      expect({ row, visible }, 'the cursor stands in the prompt, the last row').toEqual({
        row: lines.length - 1,
        visible: true,
      });
      for (const line of lines)
        expect(stringWidth(line), `no row is wider than the terminal: ${line}`).toBeLessThan(columns + 1);
      const text = words(await screen.all());
      expect(text, 'the query, the call and the answer are whole').toMatch(
        new RegExp(`>add1and2,please.*\\[calledadd\\(a:1,b:2\\).*\\].*${ANSWER.replaceAll(/\s/g, '')}.*>$`),
      );
      expect(text.split('Thesumis3').length, 'the answer stands there once').toBe(2);
      expect(text, 'no sign of waiting is left').not.toContain('waitingfor');
      await expectToLeave(screen);
    },
  );

  test.each(SIZES)(
    'in %i columns and %i rows shows an answer that is longer than the screen whole, once',
    async (columns, rows) => {
      const parts = Array.from({ length: 60 }, (_, n) => `part${n}: some words about it.`);
      const screen = await onScreen(
        ['chat', fixture('echo'), '--model', script({ say: parts.join('\n\n'), drip: 3 })],
        { columns, rows },
      );
      await screen.prompts();
      await screen.enter('go on');
      await screen.type('ahead');
      await screen.shows('part59: some words about it.', 'the end of the answer');
      await screen.prompts('ahead', 'what was typed ahead');
      const all = (await screen.all()).join('\n');
      expect(all.match(/part\d+: some words about it\./g), `all parts, in order, once:\n${all}`).toEqual(parts);
      await screen.key('C-c');
      await screen.prompts();
      await expectToLeave(screen);
    },
  );

  test('with NO_COLOR shows no colour, and without it some', async () => {
    const seen = await Promise.all(
      [{ NO_COLOR: '1' }, {}].map(async (env) => {
        const screen = await onScreen([...chat, '--verbose'], { env, rows: 100 });
        await screen.prompts();
        await screen.enter('add 1 and 2');
        await screen.shows('columns.');
        await screen.prompts();
        const styled = await screen.styled();
        await expectToLeave(screen);
        return styled.join('\n');
      }),
    );
    const colours = /\u001b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m/;
    expect(seen[0], 'with NO_COLOR').not.toMatch(colours);
    expect(seen[1], 'without NO_COLOR').toMatch(colours);
  });
});

describe.concurrent('what is no terminal of today', () => {
  test('gets no escape sequence at all where TERM is dumb, not even when a server dies while a line is typed', async (context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
    const terminal = inTerminal(chat, { env: { TERM: 'dumb' } });
    await terminal.shows(/language model\)[\s\S]*> /);
    terminal.type(`/call pid${KEY.enter}`);
    const pid = Number(/(\d+)\r\n> /.exec(await terminal.shows(/\r\n\d+\r\n> /))?.[1]);
    terminal.type('half');
    await terminal.shows('half');
    process.kill(pid, 'SIGKILL');
    await terminal.shows(/restarted, pid[\s\S]*half/);
    terminal.type(KEY.enter);
    await terminal.shows('I heard half, yes.');
    terminal.type(`add 1 and 2${KEY.enter}`);
    await terminal.shows(/columns\.\r\n\(.*\)\r\n> /);
    terminal.type(KEY.ctrlD);
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 0, isSane: true });
    expect(bytes).not.toContain('\u001b');
  });

  test('gets no escape sequence at all through a pipe', async () => {
    const { code, stdout, stderr } = await run([...chat, '--verbose'], {
      stdin: 'add 1 and 2\nother\n',
      env: { TERM: 'xterm-256color' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('I heard other, yes.\n');
    expect(stdout + stderr).not.toMatch(/[\u001b\u009b\r\u0007\b]/);
  });
});

test('what a chat looks like', async (context) => {
  if (noTmux !== undefined) context.skip(noTmux);
  const screen = await onScreen(chat, { rows: 16, env: { NO_COLOR: '1' } });
  await screen.prompts();
  await screen.enter('add 1 and 2');
  await screen.shows('columns.');
  await expectScreen(await screen.prompts(), 'chat-with-a-tool-call');
  await expectToLeave(screen);
});

test('the lists of captures and of crashes have a row for each, however narrow the terminal', async (context) => {
  if (noTmux !== undefined) context.skip(noTmux);
  const home = mkdtempSync(join(scratch, 'narrow-'));
  const server = [
    '--',
    process.execPath,
    '-e',
    `console.error(${JSON.stringify('a long last word '.repeat(9))}); process.exit(3)`,
  ];
  // Its stdin stays open: that it ends is a crash.
  await start(['proxy', '--fault', ':: crlf', '--label', 'short-lived', ...server], { env: { HOME: home } }).ended;
  for (const list of ['captures', 'crashes']) {
    const screen = await onScreen([list], { env: { HOME: home }, columns: 60 });
    expect(await screen.ended()).toBe(0);
    const rows = (await screen.all()).filter((line) => /^( *1 {2}.*)?short-lived /.test(line));
    expect(rows, `the one row of ${list}`).toEqual([expect.stringMatching(/…$/)]);
    expect(stringWidth(rows[0] ?? ''), 'columns that it takes').toBe(60);
  }
});
