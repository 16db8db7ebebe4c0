import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { chatting, expectToLeave } from './chats.ts';
import { noTmux } from './tmux.ts';

beforeEach((context) => {
  if (noTmux !== undefined) context.skip(noTmux);
});

describe.concurrent('servers that come and go in a terminal', () => {
  test('are added and stopped by a line, and the prompt stands below what is said of them', async () => {
    const screen = await chatting({ rows: 30, columns: 120 });
    await screen.enter(`/add ${fixture('list-changes')} name=more`);
    await screen.shows(/^more: connected to list-changes/m);
    await screen.shows('Added more; the model calls its tools more__….');
    await screen.prompts();
    await screen.enter('/servers');
    await screen.shows(/^ {2}echo {2}pid \d+, .*\n {2}more {2}pid \d+, .*9 tools$/m);
    await screen.prompts();
    await screen.enter('/stop more');
    await screen.shows('Stopped more.');
    await screen.prompts();
    await expectToLeave(screen);
  });

  test('are stopped in the middle of a call, which fails at once, and the answer goes on', async () => {
    const screen = await chatting({ rows: 30, columns: 120 }, '--yes');
    await screen.enter('wait');
    await screen.shows(/slow\(ms: \d+\) {2}\d+ s/, 'how long the tool takes');
    await screen.enter('/servers');
    await screen.shows(/^ {2}echo {2}pid \d+/m, 'the servers, while the call goes on');
    await screen.enter('/stop echo');
    await screen.shows('Stopped echo.');
    await screen.shows('Waited enough.', 'what the model says to the failed call');
    await screen.prompts();
    const text = (await screen.all()).join('\n');
    expect(text).toMatch(/\[called slow\(ms: 60000\) .*failed: The server "echo" was stopped before it answered/);
    await screen.enter('/servers');
    await screen.shows('There are no servers; /add SERVER starts one.');
    await expectToLeave(screen);
  });
});
