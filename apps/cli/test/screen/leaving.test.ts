import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { file, workingIn } from '../driver.ts';
import { ENDLESS, LONG, STORY, chatting, expectToLeave, heard, listening, told } from './chats.ts';
import { shopping } from './shop.ts';
import { type Screen, noTmux, onScreen } from './tmux.ts';

/** Where a person may be when the end comes. */
const PLACES: readonly (readonly [string, (screen: Screen) => Promise<unknown>])[] = [
  ['at the prompt', () => Promise.resolve()],
  [
    'in the middle of a typed line',
    async (screen) => {
      await screen.type(LONG);
      await screen.prompts(LONG);
    },
  ],
  ['in the middle of an answer', (screen) => listening(screen, 'drone on')],
  [
    'in the middle of a tool call',
    async (screen) => {
      await screen.enter('wait');
      await screen.shows(/slow\(ms: \d+\) {2}\d+ s/, 'how long the tool takes');
    },
  ],
];

beforeEach((context) => {
  if (noTmux !== undefined) context.skip(noTmux);
});

describe.concurrent.each(PLACES)('%s', (_, go) => {
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the chat and its server, and the terminal is as it was', async (signal, code) => {
    const screen = await chatting({}, '--yes');
    await go(screen);
    screen.kill(signal);
    expect(await screen.ended()).toBe(code);
    expect(await screen.disorder()).toEqual([]);
  });

  test('closing the window leaves no process', async () => {
    const screen = await chatting({}, '--yes');
    await go(screen);
    await expect(screen.hangUp()).resolves.toBeUndefined();
  });
});

describe.concurrent('Ctrl-D', () => {
  test('at the prompt leaves', async () => {
    const screen = await chatting();
    await expectToLeave(screen);
  });

  test('in the middle of an answer leaves when that is complete', async () => {
    const screen = await chatting();
    await listening(screen);
    await screen.key('C-d');
    expect(await screen.ended()).toBe(0);
    expect(await told(screen), 'the answer is whole').toBe(STORY);
    expect(await screen.disorder()).toEqual([]);
  });
});

describe.concurrent('Ctrl-C', () => {
  test('at the prompt says how to leave, and again leaves', async () => {
    const screen = await chatting();
    await screen.key('C-c');
    await screen.shows('Ctrl-D leaves', 'how to leave');
    await screen.prompts();
    await screen.key('C-c');
    expect(await screen.ended()).toBe(130);
    expect(await screen.disorder()).toEqual([]);
  });

  test('clears a typed line of many rows, and nothing else', async () => {
    const screen = await chatting({ columns: 40 });
    const before = await screen.lines();
    await screen.type(LONG);
    await screen.prompts(LONG);
    await screen.key('C-c');
    const after = await screen.prompts('', 'an empty prompt after Ctrl-C');
    expect(after.slice(0, before.length - 1), 'what stood above the line').toEqual(before.slice(0, -1));
    await expectToLeave(screen);
  });

  test('ends an answer, keeps what came of it, and the chat goes on', async () => {
    const screen = await chatting();
    await listening(screen, 'drone on');
    await screen.key('C-c');
    await screen.shows('Interrupted');
    await screen.prompts('', 'a prompt after an interrupted answer');
    expect(ENDLESS.startsWith(await told(screen)), 'what came is the beginning of the answer').toBe(true);
    await screen.enter('on');
    await heard(screen, 'on');
    await expectToLeave(screen);
  });

  test('twice in the middle of an answer leaves', async () => {
    const screen = await chatting();
    await listening(screen, 'drone on');
    await screen.key('C-c', 'C-c');
    expect(await screen.ended()).toBe(130);
    expect(await screen.disorder()).toEqual([]);
  });

  test('ends a tool call; no sign of waiting is left', async () => {
    const screen = await chatting({}, '--yes');
    await screen.enter('wait');
    await screen.shows(/slow\(ms: \d+\) {2}\d+ s/, 'how long the tool takes');
    await screen.key('C-c');
    await screen.shows('Interrupted');
    await screen.prompts();
    expect((await screen.all()).join('\n')).not.toMatch(/waiting for|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    await expectToLeave(screen);
  });
});

test('SIGTERM while an editor has the terminal ends the editor, the chat and its server', async () => {
  const editor = file(
    'editor.mjs',
    `import { writeFileSync } from 'node:fs';\nwriteFileSync('editing', ''); setInterval(() => {}, 1000);`,
  );
  const screen = await shopping({ env: { EDITOR: `${process.execPath} ${editor}` } });
  await screen.enter('/call nest');
  await screen.shows(/where \([\s\S]*: *$/, 'the question for the object');
  await screen.key('Enter');
  await screen.until(() => existsSync(join(screen.cwd, 'editing')), 'the editor');
  screen.kill('SIGTERM');
  expect(await screen.ended()).toBe(143);
  expect(await screen.disorder()).toEqual([]);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s at the question whether to run what a file names leaves the terminal as it was',
  async (signal, code) => {
    const session = file(
      'theirs.json',
      JSON.stringify({
        mcpDbgSession: 1,
        savedAt: '2026-11-01T00:00:00.000Z',
        model: null,
        servers: [{ name: 'x', argv: ['true'] }],
        turns: [],
      }),
    );
    const screen = await onScreen(['chat', '--model', 'manual', '--resume', session]);
    await screen.shows('Run that?');
    screen.kill(signal);
    expect(await screen.ended()).toBe(code);
    expect(await screen.disorder()).toEqual([]);
  },
);

test('what happens while an editor has the terminal is shown when that is over', async () => {
  const editor = file(
    'waits.mjs',
    `import { existsSync, writeFileSync } from 'node:fs';
     writeFileSync('editing', '');
     while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 10));`,
  );
  const screen = await shopping({ env: { EDITOR: `${process.execPath} ${editor}` } });
  await screen.enter('/call nest');
  await screen.shows(/where \([\s\S]*: *$/, 'the question for the object');
  await screen.key('Enter');
  await screen.until(() => existsSync(join(screen.cwd, 'editing')), 'the editor');
  const before = await screen.lines();
  const [pid] = workingIn(screen.cwd).filter((each) => commandOf(each) === 'node shop.mjs');
  process.kill(pid ?? 0, 'SIGKILL');
  await screen.until(
    () => workingIn(screen.cwd).some((each) => each !== pid && commandOf(each) === 'node shop.mjs'),
    'the restart',
  );
  expect(await screen.lines(), 'nothing is painted over the editor').toEqual(before);
  writeFileSync(join(screen.cwd, 'go'), '');
  await screen.shows(/server ended: signal SIGKILL[\s\S]*restarted, pid/, 'what happened meanwhile');
  await screen.key('C-c');
  await screen.shows('The call was not made');
  await screen.prompts();
  await expectToLeave(screen);
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
