import { beforeEach, describe, expect, test } from 'vitest';

import { gatedServer } from '../gated-server.ts';
import { LONG, STORY, chatting, expectToLeave, heard, listening, storyteller, told } from './chats.ts';
import { noBash } from './pane.ts';
import { type Screen, noTmux, onScreen } from './tmux.ts';

/** Presses Ctrl-Z and waits for the shell. */
async function stop(screen: Screen): Promise<void> {
  await screen.key('C-z');
  await screen.shows(/Stopped[^\n]*\n\$$/, 'the prompt of bash after Ctrl-Z');
  expect(await screen.disorder(), 'what is not as it was while the program is stopped').toEqual([]);
}

async function bringBack(screen: Screen): Promise<void> {
  await screen.enter('fg');
}

/** The chat works as before. */
async function expectToGoOn(screen: Screen): Promise<void> {
  await screen.enter('still there');
  await heard(screen, 'still there');
  await expectToLeave(screen);
}

beforeEach((context) => {
  const missing = noTmux ?? noBash;
  if (missing !== undefined) context.skip(missing);
});

describe.concurrent('Ctrl-Z gives the terminal to the shell, and fg gives it back', () => {
  test('at the prompt', async () => {
    const screen = await chatting({ inBash: true });
    await stop(screen);
    await bringBack(screen);
    await screen.prompts('', 'the prompt after fg');
    await expectToGoOn(screen);
  });

  test('twice', async () => {
    const screen = await chatting({ inBash: true });
    for (let n = 0; n < 2; n += 1) {
      await stop(screen);
      await bringBack(screen);
      await screen.prompts('', 'the prompt after fg');
    }
    await expectToGoOn(screen);
  });

  test('in the middle of a typed line of many rows', async () => {
    const screen = await chatting({ inBash: true });
    await screen.paste(LONG);
    await screen.prompts(LONG);
    await stop(screen);
    await screen.enter('seq 5');
    await screen.shows(/^5\n\$ *$/m, 'all that the shell wrote, and its prompt');
    await bringBack(screen);
    await screen.prompts(LONG, 'the line that was being typed, after fg');
    expect((await screen.all()).join('\n'), 'what the shell wrote meanwhile').toMatch(/seq 5\n1\n2\n3\n4\n5\n/);
    await screen.key('C-c');
    await screen.prompts();
    await expectToGoOn(screen);
  });

  test('in the middle of an answer, which is whole in the end', async () => {
    const screen = await chatting({ inBash: true });
    await listening(screen);
    await stop(screen);
    await bringBack(screen);
    await screen.shows('END.', 'the rest of the answer after fg');
    await screen.prompts('', 'the prompt after an answer with Ctrl-Z in it');
    expect(await told(screen), 'the answer is whole').toBe(STORY);
    await expectToGoOn(screen);
  });

  test('in the middle of code, which stays code', async () => {
    const screen = await chatting({ inBash: true });
    await screen.enter('code');
    await screen.shows(/word5/, 'the beginning of the code');
    await stop(screen);
    await bringBack(screen);
    await screen.shows(/Prose after it\./, 'the rest of the answer after fg');
    await screen.prompts('', 'the prompt after an answer with Ctrl-Z in it');
    const all = (await screen.all()).join('\n');
    expect(all, 'every line stands in the frame of the code').toMatch(/│ word19\n╰─+\n+Prose after it\./);
    await expectToGoOn(screen);
  });

  test('while a tool runs, which goes on meanwhile', async () => {
    const server = gatedServer();
    const screen = await onScreen(['chat', server.script, '--model', storyteller], { inBash: true });
    await screen.prompts('', 'a prompt when the server is connected');
    await screen.enter('/call gated');
    await screen.shows(/gated\(\) {2}\d+ s/, 'how long the tool takes');
    await stop(screen);
    server.open();
    await bringBack(screen);
    await screen.shows(/^opened$/m, 'the result of the tool after fg');
    await screen.prompts('', 'the prompt after the tool');
    await expectToGoOn(screen);
  });

  test('in the middle of an answer, with a line typed ahead', async () => {
    const screen = await chatting({ inBash: true });
    await listening(screen);
    await screen.type('ahead');
    await stop(screen);
    await bringBack(screen);
    await screen.shows('END.', 'the rest of the answer after fg');
    await screen.prompts('ahead', 'the line that was typed ahead');
    await screen.key('C-c');
    await screen.prompts();
    await expectToGoOn(screen);
  });
});
