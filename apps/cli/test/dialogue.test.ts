import { PassThrough } from 'node:stream';

import { waitFor } from '@mcp-dbg/testkit';
import { expect, test } from 'vitest';

import { Dialogue } from '../src/chat/dialogue.ts';
import { type Io, processIo } from '../src/io.ts';
import { home } from './driver.ts';

test('a question that comes while a line is typed, as by a server that joins late, takes nothing of the line', async () => {
  const stdin = new PassThrough();
  let shown = '';
  const screen = (): PassThrough => new PassThrough().on('data', (text: Buffer) => void (shown += text.toString()));
  const io: Io = {
    ...processIo(),
    stdin,
    stdout: screen(),
    stderr: screen(),
    env: {},
    home: home(),
    terminal: { stdin: true, stdout: true, stderr: true },
    onSignal: () => () => {},
    onExit: () => () => {},
  };
  const dialogue = new Dialogue(io, {
    json: false,
    verbose: false,
    quiet: true,
    severalServers: () => true,
    isDialogue: true,
    complete: () => [],
    onInterrupt: () => {},
    takesAtOnce: () => false,
    turn: () => undefined,
  });
  try {
    const line = dialogue.queries()[Symbol.asyncIterator]().next();
    stdin.write('hel');
    expect(await dialogue.form?.ask('Sign in? ')).toBeUndefined();
    stdin.write('lo\r');
    expect(await line).toEqual({ done: false, value: 'hello' });
    const answer = dialogue.form?.ask('Sign in? ');
    await waitFor(() => shown.includes('Sign in? '), 'the question');
    stdin.write('y\r');
    expect(await answer, 'where no line is awaited a question is asked').toBe('y');
  } finally {
    dialogue.close();
  }
});
