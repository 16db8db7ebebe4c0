import { describe, expect, test } from 'vitest';

import { type Block, asTyped, commandsOf, handWritten, partsOf } from '../../scripts/docs/blocks.ts';
import { lineDiff } from '../../scripts/docs/line-diff.ts';
import { commandList, makeBlock } from '../../scripts/docs/make-block.ts';
import { renewed } from '../../scripts/docs/renew.ts';
import { root } from '../support/repository.ts';
import { tempFolder } from '../support/temp-folder.ts';

const page = `# Page

<!-- transcript: cut 80 -->
\`\`\`console
$ one
out
\`\`\`

\`\`\`console
$ by hand
\`\`\`
<!-- help: chat -->
\`\`\`text
old
\`\`\`
<!-- commands -->
| x |

\`\`\`text
y
\`\`\`
<!-- end of commands -->
<!-- filter keys -->
| k |
<!-- end of filter keys -->
end
`;

const transcript = (body: string, argument = ''): Block => ({
  kind: 'transcript',
  argument,
  open: '',
  body,
  close: '',
});

describe('a page', () => {
  test('is cut into text and blocks that are the page when joined', () => {
    const parts = partsOf(page);
    expect(parts.map((part) => (typeof part === 'string' ? part : part.open + part.body + part.close)).join('')).toBe(
      page,
    );
    const blocks = parts.filter((part) => typeof part !== 'string');
    expect(blocks.map(({ kind, argument, body }) => [kind, argument, body])).toEqual([
      ['transcript', 'cut 80', '$ one\nout\n'],
      ['help', 'chat', 'old\n'],
      ['commands', '', '| x |\n\n```text\ny\n```\n'],
      ['filter keys', '', '| k |\n'],
    ]);
  });

  test('is asked for its console blocks that nobody makes', () => {
    expect(handWritten(page)).toEqual([9]);
  });
});

describe('a transcript', () => {
  test('has commands, which may go on over lines', () => {
    const commands = commandsOf('$ a \\\n> b\n> output\n$ c\n> output\n');
    expect(commands).toEqual(['$ a \\\n> b', '$ c']);
    expect(asTyped(commands[0] ?? '')).toBe('a \\\nb');
  });

  test('shows what its commands wrote to both streams, and their status by $?', async () => {
    const body = '$ echo one; echo two >&2; (exit 3)\nstale\n$ echo $?\n$ printf no-newline\n';
    expect(await makeBlock(transcript(body), root)).toBe(
      '$ echo one; echo two >&2; (exit 3)\none\ntwo\n$ echo $?\n3\n$ printf no-newline\nno-newline\n',
    );
  });

  test('runs with an empty home, in the repository, and without our folders in what it shows', async () => {
    const body = '$ ls -A ~ && echo $HOME && pwd && ls package.json\n';
    expect(await makeBlock(transcript(body), root)).toBe(`${body}~\n~/mcp-dbg\npackage.json\n`);
  });

  test('numbers the processes in the order in which the block tells of them', async () => {
    const body = "$ echo 'pid 7 pid 9'\n$ echo 'pid 9 pid 7'\n";
    expect(await makeBlock(transcript(body), root)).toBe(
      "$ echo 'pid 7 pid 9'\npid 4101 pid 4102\n$ echo 'pid 9 pid 7'\npid 4102 pid 4101\n",
    );
  });

  test('cuts JSON where its page says so, and nothing else', async () => {
    const body = `$ echo '{"a":"0123456789"}'; echo 0123456789\n`;
    expect(await makeBlock(transcript(body, 'cut 8'), root)).toBe(`${body}{"a":"01…\n0123456789\n`);
  });

  test('is left alone where the machine lacks what it needs', async () => {
    expect(await makeBlock(transcript('$ true\n', 'needs no-such-program'), root)).toBeUndefined();
  });

  test('that would make a command of what a program prints is refused', async () => {
    await expect(makeBlock(transcript("$ echo '$ rm -rf x'\n"), root)).rejects.toThrow('looks like a command');
  });

  test('that leaves a file behind is refused', async () => {
    using folder = tempFolder('docs');
    await expect(makeBlock(transcript('$ touch left-behind.txt\n'), folder.path)).rejects.toThrow('left-behind.txt');
  });
});

describe('text made anew', () => {
  const makes = (...texts: readonly string[]): (() => Promise<string>) => {
    const left = [...texts];
    return async () => left.shift() ?? '';
  };

  test('is the old where only times and sizes differ', async () => {
    expect(await renewed('took   21 ms, 3.1 kB', makes('took 1.52 s, 900 B'))).toBe('took   21 ms, 3.1 kB');
  });

  test('is the old where one of three runs gives it', async () => {
    expect(await renewed('a\nb', makes('b\na', 'a\nb'))).toBe('a\nb');
  });

  test('is the old where lines are in another order, if that does not count', async () => {
    expect(await renewed('a\nb', makes('b\na', 'b\na', 'b\na'), 'loose')).toBe('a\nb');
    expect(await renewed('a\nb', makes('b\na', 'b\na', 'b\na'))).toBe('b\na');
    expect(await renewed('a\nb', makes('b\nb', 'b\nb', 'b\nb'), 'loose')).toBe('b\nb');
  });

  test('is the new where anything else differs', async () => {
    expect(await renewed('took 21 ms', makes('takes 1 ms', 'takes 2 ms', 'takes 3 ms'))).toBe('takes 3 ms');
  });

  test('differs by the lines that a person has to look at', () => {
    expect(lineDiff('one 1 ms\ntwo\nthree', 'one 2 ms\n2\nthree')).toBe('- two\n+ 2');
  });
});

test('the commands of a help are its rows, with what each goes on to say', () => {
  const help = `Commands:
  chat [options] [servers...]  talk to a model
  a-long-one                   the whole story on the
                               example server
  proxy                        stand in the middle
  help [command]               display help

Exit codes: none
`;
  expect(commandList(help)).toEqual([
    { name: 'chat', what: 'talk to a model' },
    { name: 'a-long-one', what: 'the whole story on the example server' },
    { name: 'proxy', what: 'stand in the middle' },
  ]);
});
