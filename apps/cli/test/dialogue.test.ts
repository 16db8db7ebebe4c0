import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import { Dialogue } from '../src/chat/dialogue.ts';
import { type Io, processIo } from '../src/io.ts';
import { home } from './driver.ts';

test('a question that comes while a line is typed, as by a server that joins late, takes nothing of the line', async () => {
  const stdin = new PassThrough();
  const io: Io = {
    ...processIo(),
    stdin,
    stdout: new PassThrough().resume(),
    stderr: new PassThrough().resume(),
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
    stdin.write('y\r');
    expect(await answer, 'where no line is awaited a question is asked').toBe('y');
  } finally {
    dialogue.close();
  }
});
