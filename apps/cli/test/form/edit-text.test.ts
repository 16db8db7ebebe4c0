import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { editText, editorOf } from '../../src/chat/edit-text.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mcp-dbg-editor-'));
const before = process.env['TMPDIR'];

beforeAll(() => {
  // Where the texts that are edited lie, so that what is left behind is seen.
  process.env['TMPDIR'] = mkdtempSync(join(scratch, 'tmp-'));
});

afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(scratch, { recursive: true, force: true });
});

/** An editor that runs this script; `path` is the file that it is to edit. */
function editor(script: string): string {
  const path = join(scratch, `my editor ${readdirSync(scratch).length}.mjs`);
  writeFileSync(path, `import * as fs from 'node:fs';\nconst path = process.argv.at(-1);\n${script}\n`);
  return `"${process.execPath}" '${path}'`;
}

/** Nothing ends the editing or the program. */
const nothingElse = { signal: undefined, onExit: () => () => {} };

/** Edits a text; tells what happened in order, too. */
async function edited(text: string, env: Readonly<Record<string, string | undefined>>) {
  const events: string[] = [];
  const value = await editText(text, '.jsonc', {
    env: { PATH: process.env['PATH'], ...env },
    before: () => events.push('before'),
    after: () => events.push('after'),
    say: (sentence) => events.push(sentence),
    ...nothingElse,
  });
  expect(readdirSync(tmpdir())).toEqual([]);
  return { value, events };
}

test('the text comes back as the editor left it, from a file of the person alone', async () => {
  const notes = join(scratch, 'notes.json');
  const command = editor(
    `const modes = [path, path.replace(/.value.jsonc$/, '')].map((each) => fs.statSync(each).mode & 0o777);
     fs.writeFileSync(process.argv[2], JSON.stringify({ modes, path, text: fs.readFileSync(path, 'utf8') }));
     fs.writeFileSync(path + '.new', '\\ufeffnew é');
     fs.renameSync(path + '.new', path);`,
  );
  const { value, events } = await edited('old é\n', { VISUAL: `${command} "${notes}"`, EDITOR: 'false' });
  expect(value).toBe('new é');
  expect(events).toEqual(['before', 'after']);
  expect(JSON.parse(readFileSync(notes, 'utf8'))).toEqual({
    modes: process.platform === 'win32' ? expect.anything() : [0o600, 0o700],
    path: expect.stringMatching(/[/\\]value\.jsonc$/),
    text: 'old é\n',
  });
});

test('an editor that ends badly gives no text, and says so', async () => {
  const failed = await edited('x', { EDITOR: editor('process.exit(3)') });
  expect(failed.value).toBeUndefined();
  expect(failed.events).toEqual([
    'before',
    'after',
    expect.stringMatching(/^The editor ".*node.*" ended with exit status 3, so its text was not taken$/),
  ]);
  const gone = await edited('x', { EDITOR: editor('fs.unlinkSync(path)') });
  expect(gone.events.at(-1)).toMatch(/^The text could not be edited: ENOENT/);
});

test('a folder that cannot be made is said, too', async () => {
  const good = process.env['TMPDIR'];
  process.env['TMPDIR'] = join(scratch, 'none');
  const events: string[] = [];
  const say = (sentence: string) => events.push(sentence);
  const value = await editText('x', '', {
    env: { EDITOR: 'true' },
    before: () => {},
    after: () => {},
    say,
    ...nothingElse,
  });
  process.env['TMPDIR'] = good;
  expect(value).toBeUndefined();
  expect(events).toEqual([expect.stringMatching(/^The text could not be edited: ENOENT/)]);
});

test('an editor that cannot be started says so, and is given no shell', async () => {
  expect(await edited('x', { EDITOR: 'no-such-editor\u001b --wait' })).toEqual({
    value: undefined,
    events: [
      'before',
      'after',
      'The editor "no-such-editor\\\\e" cannot be started (ENOENT); name another one in the environment variable EDITOR',
    ],
  });
  const script = join(scratch, 'not-executable');
  writeFileSync(script, '');
  chmodSync(script, 0o600);
  expect((await edited('x', { EDITOR: script })).events.at(-1)).toContain('cannot be started (EACCES)');
  expect((await edited('x', { EDITOR: 'true;false' })).events.at(-1)).toContain(
    '"true;false" cannot be started (ENOENT)',
  );
  expect((await edited('x', {})).events).toEqual(['There is no editor; name one in the environment variable EDITOR']);
});

test('the editor is VISUAL, else EDITOR, in words', () => {
  expect(editorOf({ VISUAL: ' ', EDITOR: 'vim' })).toEqual(['vim']);
  expect(editorOf({ VISUAL: 'code --wait', EDITOR: 'vim' })).toEqual(['code', '--wait']);
  expect(editorOf({ EDITOR: `"/my apps/ed" -c 'set "x"' C:\\ed.exe ""` })).toEqual([
    '/my apps/ed',
    '-c',
    'set "x"',
    'C:\\ed.exe',
    '',
  ]);
  expect(editorOf({ EDITOR: '' })).toBeUndefined();
  expect(editorOf({})).toBeUndefined();
});
