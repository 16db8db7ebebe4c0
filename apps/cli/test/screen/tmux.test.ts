import { beforeEach, describe, expect, test } from 'vitest';

import { noTmux, onScreen } from './tmux.ts';

describe('a screen tells what a program leaves behind', () => {
  beforeEach((context) => {
    if (noTmux !== undefined) context.skip(noTmux);
  });

  test.concurrent.each<[string, string, RegExp | undefined]>([
    ['nothing', 'printf "gone\\n"', undefined],
    ['a hidden cursor', 'printf "\\033[?25l"', /cursor_flag: 0 instead of 1/],
    ['the alternate screen', 'printf "\\033[?1049h"', /alternate_on: 1 instead of 0/],
    ['bracketed paste', 'printf "\\033[?2004h"', /a line typed afterwards: .*\^\[\[200~/],
    ['a colour', 'printf "\\033[31m"', /a line typed afterwards: .*\[31m/],
    ['a cursor in the middle of a line', 'printf "> "', /a line typed afterwards: .*> sane/],
    ['raw mode', 'stty raw -echo', /stty -g: /],
    ['a title', 'printf "\\033]0;PWNED\\007"', /pane_title: PWNED instead of /],
    ['mouse reports', 'printf "\\033[?1000h"', /mouse_any_flag: 1 instead of 0/],
    ['a scroll region', 'printf "\\033[5;10r"', /scroll_region_upper: 4 instead of 0/],
  ])('%s', async (_, command, expected) => {
    const screen = await onScreen([], { program: ['sh', '-c', command] });
    expect(await screen.ended()).toBe(0);
    const disorder = (await screen.disorder()).join('\n');
    if (expected === undefined) expect(disorder).toBe('');
    else expect(disorder).toMatch(expected);
  });

  test('a clipboard that was written to', async () => {
    const screen = await onScreen([], { program: ['sh', '-c', 'printf "\\033]52;c;UFdORUQ=\\007"'] });
    await screen.ended();
    expect((await screen.state()).clipboard).toContain('PWNED');
  });

  test.concurrent('pastes in brackets where the program asked for them, and says what it waited for in vain', async () => {
    const screen = await onScreen([], { program: ['sh', '-c', 'printf "\\033[?2004hready\\n"; exec cat -v'] });
    await screen.shows('ready');
    await screen.paste('one\ntwo');
    await screen.key('Enter');
    await screen.shows('^[[200~one');
    await screen.shows('two^[[201~');
    await screen.key('C-d');
    expect(await screen.ended()).toBe(0);
  });
});
