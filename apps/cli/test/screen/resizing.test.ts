import { beforeEach, describe, expect, test } from 'vitest';

import { LONG, STORY, WAYS, chatting, expectToLeave, heard, listening, times, told, typeSlowly } from './chats.ts';
import { noTmux } from './tmux.ts';

/** Sizes that a window is dragged through. */
const DRAGGED = [
  [60, 20],
  [40, 15],
  [100, 30],
  [80, 24],
] as const;

beforeEach((context) => {
  if (noTmux !== undefined) context.skip(noTmux);
});

describe.concurrent('a window that gets another size', () => {
  test('at the prompt keeps one prompt and all that stood above it', async () => {
    const screen = await chatting();
    const before = (await screen.all()).join('\n');
    for (const [columns, rows] of DRAGGED) {
      await screen.resized(columns, rows);
      await screen.prompts('', `the prompt in ${columns} columns`);
    }
    await screen.enter('hello');
    await heard(screen, 'hello');
    const after = (await screen.all()).join('\n');
    expect(after.startsWith(before), `what stood above the prompt:\n${after}`).toBe(true);
    await expectToLeave(screen);
  });

  test.each([
    ['short', 'hello there', typeSlowly] as const,
    ...WAYS.map(([way, type]) => [`of many rows, ${way}`, LONG, type] as const),
  ])('in the middle of a line (%s) keeps it whole, once', async (_, line, type) => {
    const screen = await chatting({ columns: 50 });
    await type(screen, line);
    await screen.prompts(line);
    for (const [columns, rows] of DRAGGED) {
      await screen.resized(columns, rows);
      await screen.prompts(line, `the typed line in ${columns} columns`);
      // A key that has its effect shows that the program has taken the news of the size, too.
      await screen.type('x');
      await screen.prompts(`${line}x`, `a key typed in ${columns} columns`);
      await screen.key('BSpace');
      await screen.prompts(line);
    }
    await screen.type('!');
    await screen.prompts(`${line}!`, 'what is typed after the resize');
    expect(
      await times(screen, line.slice(0, 6)),
      `the line stands there once:\n${(await screen.all()).join('\n')}`,
    ).toBe(1);
    await screen.key('C-c');
    await screen.prompts();
    await expectToLeave(screen);
  });

  test('in the middle of an answer keeps the answer whole', async () => {
    const screen = await chatting();
    await listening(screen);
    for (const [n, [columns, rows]] of DRAGGED.entries()) {
      await screen.shows(`word${10 + n * 5}`, 'that the answer goes on');
      await screen.resize(columns, rows);
    }
    await screen.until((rows) => rows.join('').includes('END.'), 'the end of the answer');
    await screen.prompts('', 'the prompt after a resized answer');
    // Whatever is drawn in the moment of a resize, the terminal may break into more rows than can be taken away again.
    expect((await told(screen)).endsWith(STORY), 'the answer stands whole at the end').toBe(true);
    await expectToLeave(screen);
  });

  test('while a tool runs leaves no sign of waiting', async () => {
    const screen = await chatting({}, '--yes');
    await screen.enter('wait');
    for (const [columns, rows] of [...DRAGGED, [12, 10]] as const) {
      await screen.resize(columns, rows);
      await screen.shows(/slow|⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏/, 'that the tool runs');
    }
    await screen.resized(80, 24);
    await screen.key('C-c');
    await screen.shows('Interrupted');
    await screen.prompts();
    const all = (await screen.all()).join('\n');
    expect(all, `a sign of waiting is left:\n${all}`).not.toMatch(/waiting for|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    await expectToLeave(screen);
  });
});
