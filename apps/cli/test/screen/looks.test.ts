import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { scratch } from '../driver.ts';
import { expectToLeave } from './chats.ts';
import { expectScreen } from './expect-screen.ts';
import { shopping } from './shop.ts';
import { noTmux } from './tmux.ts';

beforeEach((context) => {
  if (noTmux !== undefined) context.skip(noTmux);
});

describe('what an answer looks like', () => {
  test.each([40, 80, 120])('in %d columns', async (columns) => {
    const screen = await shopping({ columns, rows: 40 }, '-q');
    await screen.enter('plan');
    await screen.shows('Quoted words', 'the end of the answer');
    await screen.prompts();
    await expectScreen((await screen.lines()).slice(3), `answer-${columns}`);
    await expectToLeave(screen);
  });
});

describe('what a tool call looks like', () => {
  test.each([40, 80])('while it runs and when it is done, in %d columns', async (columns) => {
    const cwd = mkdtempSync(join(scratch, 'shop-'));
    const screen = await shopping({ columns, cwd, rows: 12 });
    await screen.enter('work');
    await screen.type('then this');
    await screen.shows(/3\/4[\s\S]*> then this/, 'progress, and what is typed ahead');
    await expectScreen(await screen.lines(), `call-runs-${columns}`);
    writeFileSync(join(cwd, 'go'), '');
    const done = await screen.shows(/tokens[\s\S]*\)\n> then this$/, 'what was typed ahead, when the turn is over');
    await expectScreen(done, `call-is-done-${columns}`);
    await screen.key('C-c');
    await expectToLeave(screen);
  });

  test('with a long result, a picture, and /show for the rest', async () => {
    const screen = await shopping({ rows: 60, columns: 110 });
    await screen.enter('report');
    await screen.shows('That is done', 'the answer');
    await screen.prompts();
    await expectScreen(await screen.lines(), 'results');
    const [, n = ''] = /\/show (\d+)/.exec((await screen.lines()).join('\n')) ?? [];
    await screen.enter(`/show ${n}`);
    await screen.shows('line 30 of the report\n>', 'the whole result');
    await expectToLeave(screen);
  });
});

describe('what the verbose view looks like', () => {
  test.each([40, 80, 120])('in %d columns', async (columns) => {
    const screen = await shopping({ columns, rows: 60 }, '--verbose');
    await screen.enter('noise');
    await screen.shows(/tokens in/, 'the end of the turn');
    await screen.prompts();
    await expectScreen(await screen.lines(), `verbose-${columns}`);
    await screen.enter('crash');
    await screen.shows(
      /err KeyError: temperature[\s\S]*xxx shop:\s+server\s+ended:\s+exit\s+code\s+3/,
      'the death, marked',
    );
    await screen.shows(/\*{3} started, pid[\s\S]*\*{3} shop:\s+restarted,\s+pid/, 'the restart, marked');
    await screen.shows(/\[called crash\(\) .*failed/, 'the call that was lost');
    await screen.prompts();
    await screen.enter('/verbose');
    await screen.shows('no longer shown');
    await screen.prompts();
    await expectToLeave(screen);
  });
});

describe('what the line editor looks like', () => {
  test('in a reverse search, found and not', async () => {
    const screen = await shopping({ rows: 14 }, '-q');
    for (const line of ['first thing', 'second thing', 'other']) {
      await screen.enter(line);
      await screen.shows(`I heard ${line}`);
      await screen.prompts();
    }
    await screen.key('C-r');
    await screen.type('thing');
    await screen.shows('(search) thing: second thing');
    await screen.key('C-r');
    await expectScreen(await screen.shows('(search) thing: first thing'), 'search');
    await screen.type('x');
    await screen.shows('(nothing with) thingx:');
    await screen.key('C-g');
    await screen.prompts('', 'what was typed before the search');
    await screen.key('C-r');
    await screen.type('first');
    await screen.shows('(search) first: first thing');
    await screen.key('Enter');
    await screen.shows(/> first thing\nI heard first thing, yes\.\n>$/, 'the line that was found is sent');
    await expectToLeave(screen);
  });

  test('with lines that go on, and with a paste of several lines', async () => {
    const screen = await shopping({ rows: 14 }, '-q');
    await screen.type('one \\');
    await screen.key('Enter');
    await screen.shows(/^… ?$/m, 'the prompt of a line that goes on');
    await screen.enter('two');
    await screen.shows(/I heard one\s+two, yes\./);
    await screen.prompts();
    await screen.paste('def f():\n\treturn 1\n');
    await expectScreen(await screen.shows('return 1'), 'pasted');
    await screen.key('Enter');
    await screen.shows(/I heard def f\(\):[\s\S]*return 1, yes\./);
    await screen.prompts();
    await screen.key('Up', 'Up');
    await screen.shows('> one ␤two', 'a line of several, brought back as one');
    await screen.key('C-c');
    await expectToLeave(screen);
  });

  test('with what Tab offers', async () => {
    const screen = await shopping({ rows: 24 }, '-q');
    await screen.type('/call ord');
    await screen.key('Tab');
    await screen.prompts('/call order ', 'the name of the tool');
    await screen.key('Tab');
    await screen.shows(/count=[\s\S]*> \/call order$/, 'the arguments of the tool');
    await screen.type('si');
    await screen.key('Tab');
    await screen.prompts('/call order size=', 'the name of the argument');
    await screen.key('Tab');
    await expectScreen(await screen.shows(/size=medium[\s\S]*size=$/, 'the values of the argument'), 'completions');
    await screen.key('C-c');
    await expectToLeave(screen);
  });

  test('in a second chat, which knows the lines of the first', async () => {
    const HOME = mkdtempSync(join(scratch, 'home-'));
    const first = await shopping({ env: { HOME } });
    await first.enter('remember me');
    await first.shows('I heard remember me');
    await first.prompts();
    await expectToLeave(first);
    const second = await shopping({ env: { HOME } });
    await second.key('Up');
    await second.prompts('remember me', 'the line of the first chat');
    await second.key('C-c');
    await expectToLeave(second);
  });
});

test.each([40, 80])('what a form looks like in %d columns', async (columns) => {
  const screen = await shopping({ columns, rows: 50 }, '-q');
  await screen.enter('/call order');
  const answers: readonly (readonly [RegExp, string])[] = [
    [/item \([\s\S]*: *$/, 'x'],
    [/at least 2[\s\S]*item \([\s\S]*: *$/, 'tea'],
    [/count \([\s\S]*: *$/, 'many'],
    [/count \([\s\S]*count \([\s\S]*: *$/, '3'],
    [/size \([\s\S]*: *$/, 'large'],
    [/gift \([\s\S]*: *$/, 'yes'],
    [/tags[\s\S]*: *$/, 'a'],
    [/tags[\s\S]*2[\s\S]*: *$/, ''],
    [/Optional[\s\S]*: *$/, ''],
  ];
  for (const [question, answer] of answers) {
    await screen.shows(question, `the question ${String(question)}`);
    await screen.enter(answer);
  }
  await screen.shows(/\[called order\([\s\S]*"item":"tea"/, 'the call');
  await expectScreen(await screen.prompts(), `form-${columns}`);
  await expectToLeave(screen);
});

test('what the commands of a chat look like', async () => {
  const screen = await shopping({ rows: 100, columns: 110 }, '-q');
  for (const line of ['/help', '/tools', '/tools noise', '/servers', '/model', 'hello', '/call noise', '/history']) {
    await screen.enter(line);
    await screen.until((lines) => lines.at(-1) === '>' && lines.some((each) => each === `> ${line}`), line);
    await screen.prompts();
  }
  await screen.enter('/log noise');
  await screen.shows(/what\n[\s\S]*tools\/call noise/, 'the lines of the log');
  await screen.prompts();
  await screen.enter('/hlep');
  await screen.shows('did you mean /help?');
  await expectScreen(await screen.prompts(), 'commands');
  await expectToLeave(screen);
});

test('what leaving and continuing looks like', async () => {
  const cwd = mkdtempSync(join(scratch, 'shop-'));
  const HOME = mkdtempSync(join(scratch, 'home-'));
  const first = await shopping({ cwd, env: { HOME } }, '-q', '--save', 'kept.json');
  await first.enter('hello');
  await first.shows('I heard hello');
  await first.prompts();
  await expectToLeave(first);
  const second = await shopping({ cwd, env: { HOME } }, '-q', '--resume', 'kept.json');
  await second.enter('/history');
  await second.shows('model  I heard hello, yes.');
  await expectScreen(await second.prompts(), 'resumed');
  await expectToLeave(second);
  expect(await second.disorder()).toEqual([]);
});
