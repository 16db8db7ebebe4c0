import { beforeEach, describe, expect, test } from 'vitest';

import { LONG, STORY, WAYS, chatting, expectToLeave, heard, listening, times, told, typeSlowly } from './chats.ts';
import { noTmux } from './tmux.ts';

beforeEach((context) => {
  if (noTmux !== undefined) context.skip(noTmux);
});

describe.concurrent('a line that takes many rows', () => {
  test.each(WAYS)('and is %s stays whole, there once, when it is changed at its start', async (_, type) => {
    const screen = await chatting({ columns: 40, rows: 20 });
    await type(screen, LONG);
    await screen.prompts(LONG, 'the long line');
    await screen.key('Home');
    await screen.prompts('', 'the cursor at the start of the line');
    await screen.type('x');
    await screen.prompts('x', 'the cursor behind the letter at the start');
    await screen.key('End');
    await screen.prompts(`x${LONG}`, 'the line with a letter put at its start');
    expect(await times(screen, 'typed0 '), `the line stands there once:\n${(await screen.lines()).join('\n')}`).toBe(1);
    await screen.key('C-c');
    await screen.prompts();
    await expectToLeave(screen);
  });

  test('is answered as it was typed, and brought back by the arrow keys', async () => {
    const screen = await chatting({ columns: 40, rows: 30 });
    await typeSlowly(screen, LONG);
    await screen.key('Enter');
    await heard(screen, LONG);
    await screen.enter('short');
    await heard(screen, 'short');
    await screen.key('Up');
    await screen.prompts('short', 'the last line, brought back');
    await screen.key('Up');
    await screen.prompts(LONG, 'the long line, brought back');
    await screen.key('Down');
    await screen.prompts('short', 'the last line again');
    await screen.key('Down');
    await screen.prompts('', 'an empty line below the last one');
    await expectToLeave(screen);
  });
});

describe.concurrent('keys', () => {
  test('that come in one read go where the cursor is', async () => {
    const screen = await chatting();
    await screen.type('world');
    await screen.prompts('world');
    // As over a slow line, where several keys come at once.
    await screen.type('\u0001hello \u0005!');
    await screen.prompts('hello world!', 'letters put at the start of a line by Ctrl-A, in one read with it');
    await screen.key('C-c');
    await expectToLeave(screen);
  });

  test('of wide and joined characters keep the cursor where it belongs', async () => {
    const screen = await chatting({ columns: 40 });
    const line = '日本語 naïve 한국어 ünï';
    await screen.type(line);
    await screen.prompts(line, 'the cursor behind wide characters');
    await screen.key('BSpace', 'BSpace', 'BSpace', 'BSpace', 'BSpace');
    await screen.prompts('日本語 naïve 한국', 'the cursor where the deleted characters were');
    await screen.key('Enter');
    await heard(screen, '日本語 naïve 한국');
    await expectToLeave(screen);
  });
});

describe.concurrent('text that is pasted', () => {
  test('in 100 lines is neither lost nor put in another order', async () => {
    const screen = await chatting();
    const lines = Array.from({ length: 100 }, (_, n) => `pasted${n}.`);
    await screen.paste(lines.join('\n'));
    await screen.key('Enter');
    // All that the model was told, in one query or in a hundred.
    let seen: readonly string[] = [];
    const look = async (): Promise<void> => {
      const answers = [...(await screen.all()).join('\n').matchAll(/I heard ([\s\S]*?), yes\./g)];
      seen = answers.flatMap(([, query = '']) => query.match(/pasted\d+\./g) ?? []);
    };
    while (seen.length < lines.length) {
      const before = seen.length;
      await screen.until(
        () => look().then(() => seen.length > before),
        `the model to be told of line ${before} of the pasted text`,
      );
    }
    expect(seen).toEqual(lines);
    await screen.prompts('', 'an empty prompt after the answers');
    await expectToLeave(screen);
  });

  test('in the middle of an answer waits for its end', async () => {
    const screen = await chatting();
    await listening(screen);
    await screen.paste('one more');
    await screen.shows('END.', 'the end of the answer');
    await screen.prompts('one more', 'the pasted text in the prompt');
    await screen.key('Enter');
    await heard(screen, 'one more');
    expect(await told(screen), 'the answer is whole').toBe(STORY);
    await expectToLeave(screen);
  });
});

describe.concurrent('what is typed ahead while an answer comes', () => {
  test('is in the prompt when the answer is there, and no key of it is in the answer', async () => {
    const screen = await chatting();
    await listening(screen);
    await screen.type('and then');
    await screen.shows('END.', 'the end of the answer');
    await screen.prompts('and then', 'what was typed ahead');
    expect(await told(screen), 'the answer is whole').toBe(STORY);
    await screen.enter(' what');
    await heard(screen, 'and then what');
    await expectToLeave(screen);
  });

  test('is answered in its turn when it was ended by Enter', async () => {
    const screen = await chatting({ rows: 40 });
    await listening(screen);
    await screen.enter('first');
    await screen.enter('second');
    await screen.type('thi');
    await screen.shows('I heard second, yes.');
    await screen.prompts('thi', 'the line that was not ended yet');
    const text = (await screen.all()).join('\n');
    expect(text, 'answers in the order of the lines').toMatch(
      /END\.[\s\S]*> first\n[\s\S]*I heard first, yes\.[\s\S]*> second\n[\s\S]*I heard second, yes\./,
    );
    expect(await told(screen), 'the answer is whole').toBe(STORY);
    await screen.key('C-c');
    await expectToLeave(screen);
  });
});
