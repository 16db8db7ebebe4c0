import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { script } from '../driver.ts';
import { gatedServer } from '../gated-server.ts';
import { bare, chatting, parrot } from './chatting.ts';
import { KEY, inTerminal, noTerminal, screen } from './terminal.ts';

const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|waiting for/;
/** What the terminal is told at the end. */
const PASTES_UNMARKED = '\u001b[?2004l';

describe('a chat in a terminal', () => {
  beforeEach((context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
  });

  test.concurrent('prompts, answers, brings lines back with the arrow keys, and leaves on quit with the terminal as it was', async () => {
    const terminal = await chatting('--model', parrot);
    terminal.type(`one${KEY.enter}`);
    await terminal.stands(/<one>\n>/);
    terminal.type(`two${KEY.enter}`);
    await terminal.stands(/<two>\n>/);
    terminal.type(`${KEY.up}${KEY.up}${KEY.enter}`);
    await terminal.stands(/<one>\n>/);
    terminal.type(`quit${KEY.enter}`);
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 0, isSane: true });
    expect(screen(bytes).slice(-8)).toEqual(['> one', '<one>', '> two', '<two>', '> one', '<one>', '> quit', '']);
  });

  test.concurrent('leaves on Ctrl-D, on a line of its own', async () => {
    const terminal = await chatting('--model', parrot);
    terminal.type(KEY.ctrlD);
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 0, isSane: true });
    expect(bytes.replace(PASTES_UNMARKED, '').endsWith('\n')).toBe(true);
  });

  test.concurrent('Ctrl-C at an empty prompt says how to leave and shows the prompt again; a second one leaves', async () => {
    const terminal = await chatting('--model', parrot);
    terminal.type(KEY.ctrlC);
    await terminal.shows('(Ctrl-C again or Ctrl-D leaves)\r\n> ');
    terminal.type(KEY.ctrlC);
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 130, isSane: true });
    expect(screen(bytes).slice(-3)).toEqual(['(Ctrl-C again or Ctrl-D leaves)', '>', '']);
  });

  test.concurrent('Ctrl-C ends the turn: the call is given up, the chat goes on', async () => {
    const model = script(
      { when: 'wait', call: [{ tool: 'slow', args: { ms: 60_000 } }] },
      { say: '<{{query}}>', repeat: true },
    );
    const terminal = await chatting('--model', model, '--yes');
    terminal.type(`wait${KEY.enter}`);
    await terminal.shows(/slow\(ms: 60000\) {2}\d+ s/);
    terminal.type(KEY.ctrlC);
    await terminal.stands(/\[called slow\(ms: 60000\) .*failed: [^\]]*\]\nInterrupted\n>/);
    terminal.type(`on${KEY.enter}`);
    await terminal.stands(/<on>\n>/);
    terminal.type(KEY.ctrlD);
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 0, isSane: true });
    expect(screen(bytes).join('\n')).not.toMatch(SPINNER);
  });

  test.concurrent('Ctrl-C twice in a turn ends the program', async () => {
    const model = script({ say: 'a very long answer', drip: 60_000 });
    const terminal = await chatting('--model', model);
    terminal.type(`go${KEY.enter}`);
    await terminal.shows(/waiting for the model/);
    terminal.type(`${KEY.ctrlC}${KEY.ctrlC}`);
    const { code, isSane } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 130, isSane: true });
  });

  test.concurrent('Ctrl-C while the server starts ends the program', async () => {
    const terminal = inTerminal(['chat', fixture('never-answers'), '--model', parrot], { env: bare });
    await terminal.shows(/waiting for never-answers to answer server\/discover \(\d+ s\)/);
    terminal.type(KEY.ctrlC);
    const { code, isSane, bytes } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 130, isSane: true });
    expect(screen(bytes)).toEqual(['mcp-dbg: Interrupted', '']);
  });

  test.concurrent('asks before a tool that may change something: no, yes, for this chat', async () => {
    const call = (label: string): object => ({ when: label, on: 'user', call: [{ tool: 'slow', args: { ms: 0 } }] });
    const model = script(call('first'), call('second'), call('third'), call('fourth'), {
      on: 'result',
      say: '<{{result}}>',
      repeat: true,
    });
    const terminal = await chatting('--model', model);
    const question =
      'Allow slow(ms: 0) on echo (may destroy data, may reach the outside world)? [y]es, [n]o, all this [c]hat, [a]lways: ';
    terminal.type(`first${KEY.enter}`);
    await terminal.shows(question);
    terminal.type(KEY.enter);
    await terminal.stands(/\[not called slow\(ms: 0\): The user did not allow this call.*\]\n<The user did not.*>\n>/);
    terminal.type(`second${KEY.enter}`);
    await terminal.shows(question);
    terminal.type(`y${KEY.enter}`);
    await terminal.stands(/\[called slow\(ms: 0\) .*ms\]\n {2}│ waited 0 ms\n<waited 0 ms>\n>/);
    terminal.type(`third${KEY.enter}`);
    await terminal.shows(question);
    terminal.type(`chat${KEY.enter}`);
    await terminal.stands(/<waited 0 ms>\n>/);
    terminal.type(`fourth${KEY.enter}`);
    await terminal.stands(/> fourth\n\[called slow\(ms: 0\) .*ms\]\n {2}│ waited 0 ms\n<waited 0 ms>\n>/);
    // Answers are no lines to bring back.
    terminal.type(`${KEY.up}${KEY.up}`);
    await terminal.shows('third');
    terminal.type(`${KEY.ctrlC}${KEY.ctrlD}`);
    expect((await terminal.ended).isSane).toBe(true);
  });

  test.concurrent('takes no sentence that begins like yes or always for either, and Ctrl-D for no', async () => {
    const model = script(
      { on: 'user', call: [{ tool: 'slow', args: { ms: 0 } }], repeat: true },
      { say: '<{{result}}>', repeat: true },
    );
    const terminal = await chatting('--model', model);
    terminal.type(`go${KEY.enter}`);
    for (const answer of ['yikes, stop', 'you must not', 'allow it not', 'can you stop', 'nope']) {
      await terminal.stands(/\[a\]lways:/);
      terminal.type(`${answer}${KEY.enter}`);
      await terminal.shows('Please answer [y]es, [n]o, all this [c]hat, [a]lways: ');
    }
    terminal.type(KEY.ctrlD);
    await terminal.stands(/\[not called slow\(ms: 0\): The user did not allow[^\]]*\]\n<The user[^>]*>\n>/);
    terminal.type(KEY.ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  test.concurrent('Ctrl-C at the question refuses, and ends the turn', async () => {
    const model = script(
      {
        call: [
          { tool: 'slow', args: { ms: 0 } },
          { tool: 'counter', args: {} },
        ],
      },
      { say: '<{{query}}>', repeat: true },
    );
    const terminal = await chatting('--model', model);
    terminal.type(`go${KEY.enter}`);
    await terminal.shows('[a]lways: ');
    terminal.type(KEY.ctrlC);
    const ending = await terminal.shows(/[\s\S]*Interrupted\r\n> /);
    expect(ending).toContain('[not called slow(ms: 0)');
    expect(ending).toContain('[not called counter()');
    expect(ending).not.toContain('Allow counter');
    terminal.type(KEY.ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  test.concurrent('what happens to a server while a line is typed stands above the line, which stays as it was', async () => {
    const terminal = inTerminal(['chat', fixture('echo'), '-q', '--model', parrot], { env: bare, columns: 60 });
    await terminal.shows(/model: .*\r\n> /);
    terminal.type(`/call pid${KEY.enter}`);
    const pid = Number((await terminal.shows(/\r\n\d+\r\n> /)).trim().split('\r\n')[0]);
    terminal.type('a line that is so long that it takes more than one row of this narrow terminal');
    await terminal.shows('terminal');
    process.kill(pid, 'SIGKILL');
    await terminal.shows(/restarted, pid \d+[\s\S]*terminal/);
    terminal.type(` indeed${KEY.enter}`);
    await terminal.stands(/<a line[^>]*indeed>\n>/);
    terminal.type(KEY.ctrlD);
    const lines = screen((await terminal.ended).bytes, 60);
    const text = lines.join('\n');
    expect(text).toMatch(/echo: server ended: signal SIGKILL[\s\S]*restarted, pid \d+.*\n> a line that is so long/);
    expect(text.match(/> a line that is so long/g)).toHaveLength(1);
    expect(text).not.toContain('waiting for');
  });

  test.concurrent('asks for the arguments that a call lacks', async () => {
    const terminal = await chatting('--model', 'manual');
    terminal.type(`/call add a=1${KEY.enter}`);
    await terminal.shows('  b (number, required): ');
    terminal.type(`2${KEY.enter}`);
    await terminal.shows(/\[called add\(a: 1, b: 2\) .*\]\r\n3\r\n> /);
    terminal.type(`/call add${KEY.enter}`);
    await terminal.shows('  a (number, required): ');
    terminal.type(KEY.ctrlC);
    await terminal.shows('The call was not made\r\n> ');
    terminal.type(KEY.ctrlD);
    expect((await terminal.ended).isSane).toBe(true);
  });

  test.concurrent('a window that is closed takes the program and its server with it', async () => {
    const terminal = await chatting('--model', parrot);
    await expect(terminal.hangUp()).resolves.toBeUndefined();
  });

  test.concurrent('--prompt can ask too, and Ctrl-C ends all of it', async () => {
    const model = script(
      { when: 'one', call: [{ tool: 'slow', args: { ms: 0 } }] },
      { when: 'two', call: [{ tool: 'slow', args: { ms: 60_000 } }] },
      { on: 'result', say: '<{{result}}>', repeat: true },
    );
    const argv = [
      'chat',
      fixture('echo'),
      '--model',
      model,
      '--allow',
      'nothing',
      '-p',
      'one',
      '-p',
      'two',
      '-p',
      'three',
    ];
    const terminal = inTerminal(argv, { env: bare });
    await terminal.shows('[a]lways: ');
    terminal.type(`c${KEY.enter}`);
    await terminal.shows('<waited 0 ms>');
    await terminal.shows(/slow\(ms: 60000\) {2}\d+ s/);
    terminal.type(KEY.ctrlC);
    const { code, isSane } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 130, isSane: true });
  });

  test.concurrent('SIGTERM ends it with the terminal as it was', async () => {
    const terminal = await chatting('--model', parrot);
    terminal.kill('SIGTERM');
    const { code, isSane } = await terminal.ended;
    expect({ code, isSane }).toEqual({ code: 143, isSane: true });
  });

  test.concurrent('colours stand in a terminal, and a sign of life while a slow command waits', async () => {
    const { script: server, open } = gatedServer();
    const terminal = inTerminal(['call', server, 'gated']);
    await terminal.shows(/waiting for gated to finish \(\d+ s\)/);
    open();
    const { code, bytes } = await terminal.ended;
    expect(code).toBe(0);
    expect(screen(bytes)).toEqual(['opened', '']);
    expect(bytes).toContain('\u001b[2m');
  });
});
