import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { script } from '../driver.ts';
import { chatting, parrot } from './chatting.ts';
import { KEY, inTerminal, noTerminal, screen } from './terminal.ts';

describe('what is typed into a chat in a terminal', () => {
  beforeEach((context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
  });

  test.concurrent('Ctrl-C clears what is being typed, and a query in between takes the first one back', async () => {
    const terminal = await chatting('--model', parrot);
    terminal.type(`not this${KEY.ctrlC}this${KEY.enter}`);
    await terminal.stands(/<this>\n>/);
    terminal.type(KEY.ctrlC);
    await terminal.shows('leaves)\r\n> ');
    terminal.type(`that${KEY.enter}`);
    await terminal.stands(/<that>\n>/);
    terminal.type(KEY.ctrlC);
    await terminal.shows('leaves)\r\n> ');
    terminal.type(KEY.ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  test.concurrent('Up and Down keep what was typed, wherever the cursor is', async () => {
    const terminal = await chatting('--model', parrot);
    terminal.type(`older${KEY.enter}`);
    await terminal.stands(/<older>\n>/);
    terminal.type('my draft');
    await terminal.stands(/> my draft/);
    terminal.type(`${KEY.home}${KEY.up}`);
    await terminal.stands(/> older/);
    terminal.type(KEY.down);
    await terminal.stands(/> my draft/);
    terminal.type(KEY.enter);
    await terminal.stands(/<my draft>\n>/);
    terminal.type(KEY.ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  test.concurrent('Ctrl-C in a turn runs none of the lines that wait; they can be brought back', async () => {
    const model = script(
      { when: 'wait', call: [{ tool: 'slow', args: { ms: 60_000 } }] },
      { say: '<{{query}}>', repeat: true },
    );
    const terminal = await chatting('--model', model, '--yes');
    terminal.type(`wait${KEY.enter}`);
    await terminal.shows(/slow\(ms: 60000\)/);
    terminal.type(`one${KEY.enter}two`);
    await terminal.shows('> one ⏎ two');
    terminal.type(KEY.ctrlC);
    await terminal.stands(/\(the line that waited is not run; Up brings it back\)[\s\S]*Interrupted\n> two/);
    terminal.type(KEY.up);
    await terminal.stands(/> one/);
    terminal.type(`${KEY.ctrlC}${KEY.ctrlD}`);
    const { code, bytes } = await terminal.ended;
    expect(code).toBe(0);
    expect(screen(bytes).join('\n')).not.toContain('<one');
  });

  test.concurrent('a terminal that knows no control sequences is typed into and taken back from', async () => {
    const terminal = inTerminal(['chat', fixture('echo'), '-q', '--model', parrot], { env: { TERM: 'dumb' } });
    await terminal.shows(/language model\)\r\n> /);
    terminal.type(`abX${KEY.backspace}c${KEY.ctrlR}${KEY.up}${KEY.enter}`);
    await terminal.shows('<abc>\r\n> ');
    terminal.type(`no${KEY.ctrlC}yes${KEY.enter}`);
    await terminal.shows('<yes>\r\n> ');
    terminal.type(KEY.ctrlD);
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 0, isSane: true });
    expect(bytes).not.toContain('\u001b');
  });

  test.concurrent('keeps lines that are typed ahead, shows them below what goes on, and never takes them for the answer to a question', async () => {
    const model = script(
      {
        when: 'wait',
        on: 'user',
        call: [
          { tool: 'echo', args: { text: 'x' } },
          { tool: 'slow', args: { ms: 0 } },
        ],
      },
      { say: '<{{query}}>', repeat: true, drip: 20 },
    );
    const terminal = await chatting('--model', model);
    terminal.type(`one${KEY.enter}two${KEY.enter}wait${KEY.enter}yes${KEY.enter}half`);
    await terminal.stands(/<one>\n> two\n<two>\n> wait\n[\s\S]*\[a\]lways:/);
    terminal.type(`n${KEY.enter}`);
    await terminal.stands(/\[not called slow\(ms: 0\)[\s\S]*<wait>\n> yes\n<yes>\n> half/);
    terminal.type(` done${KEY.enter}`);
    await terminal.stands(/<half done>\n>/);
    terminal.type(KEY.ctrlD);
    const { bytes } = await terminal.ended;
    expect(screen(bytes).join('\n')).toMatch(
      /> one\n<one>\n> two\n<two>\n> wait\n[\s\S]*<wait>\n> yes\n<yes>\n> half done\n<half done>\n>\n$/,
    );
  });

  test.concurrent('a line that is being typed is drawn anew when the window gets another width', async () => {
    const terminal = await chatting('--model', parrot);
    terminal.type('one two three four five');
    await terminal.shows('one two three four five');
    terminal.resize(60, 20);
    await terminal.shows('> one two three four five');
    terminal.type(KEY.enter);
    await terminal.stands(/<one two three four five>\n>/);
    terminal.type(KEY.ctrlD);
    expect((await terminal.ended).isSane).toBe(true);
  });

  test.concurrent('completes commands and the names of tools and models', async () => {
    const terminal = await chatting('--model', 'manual');
    // A tab in the middle of a paste is no wish to complete.
    terminal.type(`/ca${KEY.tab}`);
    await terminal.shows('/call');
    terminal.type(` ec${KEY.tab}`);
    await terminal.shows(' echo');
    terminal.type(` text=hi${KEY.enter}`);
    await terminal.shows(/\[called echo\(text: "hi"\) .*\]\r\nhi\r\n> /);
    terminal.type(`/mo${KEY.tab}claude-op${KEY.tab}`);
    await terminal.shows('/model claude-opus-5');
    terminal.type(KEY.ctrlC);
    terminal.type(KEY.ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });
});
