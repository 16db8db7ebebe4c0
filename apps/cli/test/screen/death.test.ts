import { beforeEach, describe, expect, test } from 'vitest';

import {
  LONG,
  STORY,
  WAYS,
  chatting,
  expectToLeave,
  heard,
  listening,
  serverPid,
  times,
  told,
  typeSlowly,
} from './chats.ts';
import { noTmux } from './tmux.ts';

beforeEach((context) => {
  if (noTmux !== undefined) context.skip(noTmux);
});

describe.concurrent('a server that is killed', () => {
  test('in the middle of an answer takes nothing of it, nor of what is typed ahead', async () => {
    const screen = await chatting({ rows: 30 });
    const pid = await serverPid(screen);
    await listening(screen);
    await screen.type('typed ');
    process.kill(pid, 'SIGKILL');
    await screen.shows(/restarted,\s+pid/, 'that the server was restarted');
    await screen.type('ahead');
    await screen.shows('END.', 'the end of the answer');
    await screen.prompts('typed ahead', 'what was typed ahead, in the prompt');
    expect(await told(screen), 'the answer is whole').toBe(STORY);
    const text = (await screen.all()).join('\n');
    expect(text, 'the death has a line of its own').toMatch(/^echo: server ended: signal SIGKILL/m);
    expect(text, 'and so has the restart').toMatch(/^echo: restarted, pid/m);
    await screen.key('Enter');
    await heard(screen, 'typed ahead');
    await screen.key('Up');
    await screen.prompts('typed ahead', 'the last line, brought back');
    await screen.key('Up');
    await screen.prompts('tell me', 'the line before it, brought back');
    await screen.key('C-c');
    await expectToLeave(screen);
  });

  test.each([
    ...WAYS.map(([way, type]) => [way, type, 0] as const),
    ['typed, with the cursor in its middle', typeSlowly, 50] as const,
  ])('while a line of many rows is %s is told above the line, which stays as it was', async (_, type, back) => {
    const screen = await chatting({ columns: 40, rows: 40 });
    const pid = await serverPid(screen);
    await type(screen, LONG);
    await screen.prompts(LONG);
    const [before, behind] = [LONG.slice(0, LONG.length - back), LONG.slice(LONG.length - back)];
    await screen.key(...Array.from({ length: back }, () => 'Left'));
    await screen.prompts(before, 'the cursor in the line');
    process.kill(pid, 'SIGKILL');
    await screen.shows(/restarted,\s+pid/, 'that the server was restarted');
    await screen.prompts(before, 'the line as it was typed, and the cursor where it was');
    await screen.type('!');
    await screen.prompts(`${before}!`, 'one letter more, where the cursor was');
    await screen.key('End');
    const changed = `${before}!${behind}`;
    await screen.prompts(changed, 'the line with one letter more');
    const text = (await screen.all()).join('\n');
    expect(text).toMatch(/^echo: server ended: signal SIGKILL[\s\S]*^echo: restarted, pid \d+[\s\S]*^> /m);
    expect(await times(screen, 'typed0 '), `the line stands there once:\n${text}`).toBe(1);
    await screen.key('Enter');
    await heard(screen, changed);
    await expectToLeave(screen);
  });

  test('while a line is typed in the verbose view has its frames above the line, which stays as it was', async () => {
    const screen = await chatting({ rows: 30, columns: 120 }, '--verbose');
    const pid = await serverPid(screen);
    await screen.type('half a line');
    process.kill(pid, 'SIGKILL');
    await screen.shows(/restarted, pid/, 'that the server was restarted');
    await screen.prompts('half a line', 'the line as it was typed');
    expect(await times(screen, 'half a line'), 'the line stands there once').toBe(1);
    await screen.key('C-c');
    await screen.prompts();
    await expectToLeave(screen);
  });

  test('in the middle of a tool call fails the call at once, and the chat goes on', async () => {
    const screen = await chatting({ rows: 30 }, '--yes');
    const pid = await serverPid(screen);
    await screen.enter('wait');
    await screen.shows(/slow\(ms: \d+\) {2}\d+ s/, 'how long the tool takes');
    process.kill(pid, 'SIGKILL');
    await screen.shows('Waited enough.', 'what the model says to the failed call');
    await screen.prompts();
    const text = (await screen.all()).join('\n');
    expect(text).toMatch(/\[called slow\(ms: 60000\) .*failed/);
    expect(text, `a sign of waiting is left:\n${text}`).not.toMatch(/waiting for|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    await expectToLeave(screen);
  });

  test('again and again leaves a prompt that works', async () => {
    const screen = await chatting({ rows: 40 });
    for (let n = 0; n < 3; n += 1) {
      process.kill(await serverPid(screen), 'SIGKILL');
      await screen.until((rows) => rows.filter((row) => /restarted, pid/.test(row)).length === n + 1, 'the restart');
      await screen.prompts();
    }
    await screen.enter('hello');
    await heard(screen, 'hello');
    await expectToLeave(screen);
  });
});
