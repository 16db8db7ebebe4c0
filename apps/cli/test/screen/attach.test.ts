import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { HeldProxy } from '../attach/held-proxy.ts';
import { file } from '../driver.ts';
import { noTmux, onScreen } from './tmux.ts';

/** An editor that does what the file `mode` beside it says, and keeps who may read what it is given. */
const EDITOR = `#!/bin/sh
here=$(dirname "$0")
stat -c %a "$1" "$(dirname "$1")" > "$here/seen"
case "$(cat "$here/mode")" in
  change) sed -i 's/before/after/' "$1" ;;
  fail) exit 3 ;;
  empty) : > "$1" ;;
  spoil) echo '{"jsonrpc":' > "$1" ;;
esac
`;

test('a person edits a held frame in their editor, while what happens stands above what they type', async (context) => {
  if (noTmux !== undefined) context.skip(noTmux);
  const editor = file('my editor', EDITOR);
  chmodSync(editor, 0o755);
  const mode = (text: string): void => writeFileSync(join(dirname(editor), 'mode'), text);
  const proxy = await new HeldProxy(['--hold', 'is:pending method:tools/call']).opens();
  const env = { HOME: proxy.home, EDITOR: `"${editor}"` };
  const screen = await onScreen(['attach'], { env, rows: 40, columns: 100 });
  await screen.shows(/^attached to echo \(pid \d+\)$/m, 'to whom it is attached');
  await screen.prompts();

  await screen.type('lis');
  await screen.prompts('lis');
  proxy.calls(1, 'before');
  await screen.shows(/^held 1 --> tools\/call echo {2}id 1 {2}\d+ B {2}\d+ s left$/m, 'what is held');
  await screen.prompts('lis', 'what was typed, below what happened');
  await screen.type('t');
  await screen.key('Enter');
  await screen.until((lines) => lines.filter((line) => line.startsWith('held 1')).length === 2, 'the list');
  await screen.prompts();

  mode('fail');
  await screen.enter('e 1');
  await screen.shows('ended with exit status 3', 'why nothing was done');
  await screen.prompts();
  mode('nothing');
  await screen.enter('edit 1');
  await screen.shows('Nothing was changed, so nothing is done, 1 is still held.', 'that nothing was done');
  await screen.prompts();
  mode('empty');
  await screen.enter('e 1');
  await screen.shows('An empty text sends nothing, 1 is still held.', 'that an emptied file calls the edit off');
  await screen.prompts();
  expect(proxy.got, 'what the client got while its request was held').toHaveLength(1);
  mode('change');
  await screen.enter('e');
  await screen.shows(/^1 changed, and passed on to the server after /m, 'what was done');
  await screen.prompts();
  expect(await proxy.answer(1)).toContain('after');
  expect(readFileSync(join(dirname(editor), 'seen'), 'utf8'), 'who may read the text').toBe('600\n700\n');

  // What is no JSON was kept for the second look, and goes out when it is saved again as it stands.
  proxy.calls(2, 'before');
  await screen.shows(/^held 2 /m, 'the second one');
  mode('spoil');
  await screen.enter('e 2');
  await screen.shows('What you wrote is not JSON: nothing is sent yet;', 'a word before it is sent');
  mode('nothing');
  await screen.prompts();
  await screen.enter('e 2');
  await screen.shows(/^2 changed, and passed on to the server after /m, 'what was done');
  await screen.prompts();

  await screen.enter('q');
  expect(await screen.ended()).toBe(0);
  expect(await screen.disorder()).toEqual([]);
  await proxy.closes();
});
