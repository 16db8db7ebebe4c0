import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { home, run, scratch } from '../driver.ts';
import { inTerminal, noTerminal } from '../terminal/terminal.ts';
import { DIES, answering, error, result } from './answering.ts';

const PNG = Buffer.from('89504e470d0a1a0a00ff', 'hex');
const EVIL = '\u001b[2J\u202eevil';

/** Ten megabytes of bytes that are no text. */
const BIG_BYTES = 10_000_000;

const server = answering({
  'resources/list': result(
    JSON.stringify({
      resources: [
        { uri: 'note://a', name: 'a', title: 'The note', mimeType: 'text/plain', size: 1234, description: 'One\nTwo' },
        { uri: `note://${EVIL}`, name: EVIL },
        { name: 'nowhere' },
      ],
    }),
  ),
  'resources/read note://text': result('{"contents":[{"uri":"note://text","text":"a\\u0000\\u001b[1mé"}],"n":1.50}'),
  'resources/read note://png': result(
    `{"contents":[{"uri":"note://png","mimeType":"image/png","blob":"${PNG.toString('base64')}"}]}`,
  ),
  'resources/read note://two': result(
    '{"contents":[{"uri":"note://1","text":"one\\n"},{"uri":"note://2","text":"two"}]}',
  ),
  'resources/read note://none': result('{}'),
  'resources/read note://broken': result('{"contents":[{"uri":"note://broken","blob":"QUJD*"}]}'),
  'resources/read note://big': `'"result":{"contents":[{"uri":"note://big","blob":"' + Buffer.alloc(${BIG_BYTES}, 255).toString('base64') + '"}]}'`,
  'resources/read note://missing': error(-32002, `Not here ${EVIL}`),
  'resources/read note://dies': DIES,
});

describe('resources', () => {
  test.concurrent('lists resources and templates, all pages, in both eras', async () => {
    const [modern, legacy] = await Promise.all([
      run(['resources', fixture('features-v2')]),
      run(['resources', fixture('features-v1')]),
    ]);
    expect(modern).toMatchObject({ code: 0, stderr: '' });
    expect(modern.stdout).toMatch(/^features-v2 1.0.0 {2}modern, 2026-07-28, 5 resources, 1 template\n/);
    expect(modern.stdout).toContain('\nnote://notes/second  text/plain\n  The second note\n');
    expect(modern.stdout).toContain('\nnote://any/{name}\n  any note\n  A note of any name.\n');
    const rest = ({ stdout }: typeof modern): string => stdout.slice(stdout.indexOf('\n'));
    expect(rest(legacy)).toBe(rest(modern));
  });

  test.concurrent('shows what a server says of them harmless, and does without templates', async () => {
    const { code, stdout, stderr } = await run(['resources', server]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'exact 1  legacy, 2025-11-25, 2 resources, 0 templates\n\n' +
        'note://a  text/plain, 1.2 kB\n  The note\n  One\n  Two\n\n' +
        'note://\\e[2J\\u{202e}evil\n  \\e[2J\\u{202e}evil\n',
    );
    expect(stderr).toMatch(/lists a resource without a uri; it is left out/);
    expect(stderr).toMatch(/does not know resources\/templates\/list/);
  });

  test.concurrent('says where a server has none', async () => {
    const { code, stdout, stderr } = await run(['resources', fixture('echo')]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'echo 1.0.0  modern, 2026-07-28, 0 resources, 0 templates\n' });
    expect(stderr).toMatch(/does not say that it has resources/);
  });
});

describe('read', () => {
  test.concurrent.each([
    ['text', 'a\u0000\u001b[1mé'],
    ['two', 'one\ntwo'],
  ])('gives a pipe the text as it is: %s', async (name, text) => {
    const { stdout, code } = await run(['read', server, `note://${name}`]);
    expect({ stdout, code }).toEqual({ stdout: text, code: 0 });
  });

  test.concurrent('gives a file the bytes as they are, ten megabytes too', async () => {
    const cwd = mkdtempSync(join(scratch, 'read-'));
    const { code, stdout, stderr } = await run(['read', server, 'note://big', '-o', 'big.bin'], { cwd });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'mcp-dbg: wrote 10.0 MB to big.bin\n' });
    expect(readFileSync(join(cwd, 'big.bin')).equals(Buffer.alloc(BIG_BYTES, 255))).toBe(true);
    const several = await run(['read', server, 'note://two', '-o', 'two.txt'], { cwd });
    expect(several.code).toBe(1);
    expect(several.stderr).toMatch(/-o takes one content, and the resource has 2: note:\/\/1, note:\/\/2\n$/);
    expect(readdirSync(cwd)).toEqual(['big.bin']);
  });

  test.concurrent('gives the result as received with --json', async () => {
    const { code, stdout } = await run(['read', server, 'note://text', '--json']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '{"contents":[{"uri":"note://text","text":"a\\u0000\\u001b[1mé"}],"n":1.50}\n',
    });
  });

  test.concurrent.each([
    ['missing', /^mcp-dbg: The server answered resources\/read with error -32002: Not here \\e\[2J\\u\{202e\}evil \(/],
    [
      'dies',
      /^mcp-dbg: The server ended before it answered resources\/read: exit code 3; stderr: Fatal: the disk is gone/,
    ],
    ['none', /^mcp-dbg: The answer to resources\/read has no contents; --json shows all of it\n$/],
  ])('fails in one sentence, with exit code 5: %s', async (name, why) => {
    const { code, stdout, stderr } = await run(['read', server, `note://${name}`]);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test.concurrent('tells of base64 that is none', async () => {
    const { code, stdout, stderr } = await run(['read', server, 'note://broken']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ABC' });
    expect(stderr).toMatch(/What it sends for note:\/\/broken is no valid base64/);
  });
});

describe('read in a terminal', () => {
  beforeEach((context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
  });

  test.concurrent('saves bytes and shows text harmless', async () => {
    const [png, text] = [inTerminal(['read', server, 'note://png']), inTerminal(['read', server, 'note://text'])];
    const { code, bytes } = await png.ended;
    expect(code).toBe(0);
    const [, name = ''] =
      /\[resource image\/png, 10 B: ~\/\.local\/state\/mcp-dbg\/files\/([\w.-]+\.png)\]/.exec(bytes) ?? [];
    expect(readFileSync(join(home(), '.local/state/mcp-dbg/files', name))).toEqual(PNG);
    expect((await text.ended).bytes).toContain('a\\u{0}\\e[1mé\r\n');
  });
});
