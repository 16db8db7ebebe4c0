import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { script } from '../driver.ts';
import { expectToLeave } from './chats.ts';
import type { TerminalState } from './terminal-state.ts';
import { type Screen, noTmux, onScreen } from './tmux.ts';

/** Control characters, bidirectional marks, invisible characters, tag characters: what no screen should hold. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]/u;

interface Hostile {
  readonly screen: Screen;
  /** The state of the terminal when the chat had begun. */
  readonly state: TerminalState;
}

async function hostileChat(argv: readonly string[], what: RegExp): Promise<Hostile> {
  const screen = await onScreen(['chat', ...argv], { columns: 100, rows: 30, env: { NO_COLOR: '1' } });
  await screen.shows(what);
  await screen.prompts('', 'a prompt below what a hostile server says at its start');
  return { screen, state: await screen.state() };
}

/** Runs a line, and checks that nothing but rows below the line came of it. */
async function say({ screen, state }: Hostile, line: string, answer: RegExp | string): Promise<void> {
  const before = await screen.all();
  const above = before.slice(0, -1).join('\n');
  await screen.enter(line);
  const typed = `> ${line}`;
  const fresh = async (): Promise<string> => (await screen.all()).slice(before.length - 1).join('\n');
  await screen.until(
    async () => {
      const shown = await fresh();
      return shown.startsWith(typed) && (typeof answer === 'string' ? shown.includes(answer) : answer.test(shown));
    },
    `${String(answer)} after ${JSON.stringify(line)}`,
  );
  await screen.prompts('', `the prompt after ${JSON.stringify(line)}`);
  const all = (await screen.all()).join('\n');
  expect(all.startsWith(above), `what stood above ${JSON.stringify(line)} is as it was`).toBe(true);
  expect(await screen.state(), `title, modes and clipboard after ${JSON.stringify(line)}`).toEqual(state);
  for (const row of await screen.lines()) expect(row, `a row after ${JSON.stringify(line)}`).not.toMatch(HIDDEN);
  // Where no colour is wanted, any is the server's.
  expect(await screen.styled(), `colours after ${JSON.stringify(line)}`).toEqual(await screen.lines());
}

async function leave({ screen }: Hostile): Promise<void> {
  expect((await screen.all()).join('\n'), 'no row holds a hidden character').not.toMatch(
    new RegExp(HIDDEN.source.replace(String.raw`\u0000-\u001f`, String.raw`\u0000-\u0009\u000b-\u001f`), 'u'),
  );
  await expectToLeave(screen);
}

beforeEach((context) => {
  if (noTmux !== undefined) context.skip(noTmux);
});

describe.concurrent.each([
  ['the usual view', []],
  ['the verbose view', ['--verbose']],
])('text of a hostile server in %s changes nothing but its own rows', (_, more) => {
  test('in names, descriptions, results, errors and stderr', async () => {
    const chat = await hostileChat([fixture('hostile-text'), '--model', 'manual', ...more], /no model/);
    await say(chat, '/call LANDMARK', /no tool "LANDMARK"/);
    await say(chat, '/tools', /PWNED/);
    await say(chat, '/tools result', /PWNED/);
    await say(chat, '/call result', /\[called result[\s\S]*PWNED/);
    await say(chat, '/call tool_error', /\[called tool_error[\s\S]*PWNED/);
    await say(chat, '/call protocol_error', /\[called protocol_error[\s\S]*PWNED/);
    await say(chat, '/call notification', /\[called notification/);
    await say(chat, '/call complain', /\[called complain/);
    await say(chat, '/servers', /pid \d+/);
    await say(chat, '/raw tools/list', /PWNED/);
    await say(chat, '/reconnect', /restarted, pid/);
    const { screen, state } = chat;
    await screen.type('/call ');
    await screen.key('Tab', 'Tab');
    await screen.shows(/protocol_error[\s\S]*\n> \/call *$/, 'the names of tools below the line that Tab completes');
    for (const row of await screen.lines()) expect(row, 'the names of tools').not.toMatch(HIDDEN);
    expect(await screen.state()).toEqual(state);
    await screen.key('C-c');
    await screen.prompts();
    await leave(chat);
  });

  test('in progress messages, prompts, resources and the names of arguments', async () => {
    const server = ['--', process.execPath, fixture('hostile-progress'), '64'];
    const chat = await hostileChat(['--model', 'manual', ...more, ...server], /no model/);
    await say(chat, '/call work {"ms":150}', /worked \S*[\s\S]*PWNED/);
    await say(chat, '/prompt any', /messages[\s\S]*PWNED/);
    await say(chat, '/read any://thing', /contents[\s\S]*PWNED/);
    await say(chat, '/raw prompts/list', /prompts[\s\S]*PWNED/);
    const { screen, state } = chat;
    await screen.enter('/call asks');
    await screen.shows(/PWNED[^\n]*\(text[^\n]*required\): *$/, 'the question for an argument');
    expect(await screen.state()).toEqual(state);
    await screen.enter('me');
    await screen.shows('asked for me');
    await screen.prompts();
    await leave(chat);
  });

  test('in a line of a megabyte, which does not stop the chat', async () => {
    const chat = await hostileChat([fixture('hostile-progress'), '--model', 'manual', ...more], /no model/);
    const { screen, state } = chat;
    for (const tool of ['long_result', 'long_error', 'long_stderr']) {
      await screen.enter(`/call ${tool}`);
      await screen.until(
        async () => (await screen.all()).some((row) => row.startsWith(`[called ${tool}`)),
        `the line of the call of ${tool}`,
      );
      await screen.prompts('', `the prompt after ${tool}`);
      expect(await screen.state(), `title, modes and clipboard after ${tool}`).toEqual(state);
      for (const row of await screen.lines()) expect(row).not.toMatch(HIDDEN);
    }
    await leave(chat);
  });
});

describe.concurrent('words of a hostile model change nothing but their own rows', () => {
  const evil =
    '\u001b[2J\u001b]0;PWNED\u0007\u001b]52;c;UFdORUQ=\u0007\u009b31m\u202eDENWP\u{e0050}\r\b\u001b[?1049h\u001b[?25l';

  test('in its answer, and in the question whether its call is allowed', async () => {
    const model = script(
      { when: 'call', on: 'user', call: [{ tool: 'slow', args: { ms: 0, [evil]: evil } }] },
      { on: 'result', say: `Done ${evil} it.`, repeat: true },
      {
        say: `# ${evil}\n\n- \`${evil}\`\n- [link${evil}](http://x/${evil})\n\n    ${evil}\n\nThe end.`,
        drip: 5,
        repeat: true,
      },
    );
    const chat = await hostileChat([fixture('echo'), '--model', model], /model: script/);
    const { screen } = chat;
    await say(chat, 'talk', /The end\./);
    await screen.enter('call');
    await screen.shows(/Allow slow[\s\S]*: *$/, 'the question');
    for (const row of await screen.lines()) expect(row).not.toMatch(HIDDEN);
    expect(await screen.state()).toEqual(chat.state);
    await screen.enter('y');
    await screen.shows(/Done [\s\S]*it\./);
    await screen.prompts();
    await leave(chat);
  });

  test('that a person pastes from somewhere, into the line that is typed', async () => {
    const chat = await hostileChat(
      [fixture('echo'), '--model', script({ say: 'heard', repeat: true })],
      /model: script/,
    );
    const { screen } = chat;
    await screen.paste('look \u202eDENWP\u202c \u{e0050} \u009b31m here');
    await screen.shows(/look .*here/);
    expect(await screen.state()).toEqual(chat.state);
    await screen.key('Enter');
    await screen.shows('heard');
    await screen.prompts();
    await expectToLeave(screen);
  });
});
