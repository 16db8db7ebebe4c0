import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { handWritten } from '../../scripts/docs/blocks.ts';
import { commandList } from '../../scripts/docs/make-block.ts';
import { pagesOf } from '../../scripts/docs/pages.ts';
import { root, textOf } from '../support/repository.ts';
import { run } from '../support/run.ts';

const bin = join(root, 'apps/cli/dist/bin.js');
const helpOf = async (...command: readonly string[]): Promise<string> =>
  (await run(process.execPath, [bin, ...command, '--help'], root)).output;

test('every page and picture shows what the program prints now', { timeout: 300_000 }, async () => {
  const { status, output } = await run(process.execPath, ['--import', 'tsx', 'scripts/docs.ts', '--check'], root);
  expect(output).not.toContain('is not what the program makes now');
  expect(status, output).toBe(0);
});

test('no page has a console block that nobody makes', () => {
  const found = pagesOf(root).flatMap((page) => handWritten(textOf(page)).map((line) => `${page}:${line}`));
  expect(found).toEqual([]);
});

test('docs/commands.md has every command of the program', async () => {
  const names = commandList(await helpOf()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['chat', 'tools', 'call', 'proxy', 'log', 'demo']));
  const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');
  for (const name of names) expect(page).toContain(`\n## ${name}\n`);
});

test('a link to a heading leads to one', () => {
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  const headings = (page: string): readonly string[] =>
    [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading));
  const wrong = pagesOf(root).flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([\w./-]*)#([^)\s]+)\)/g)]
      .filter(([, path = '', part = '']) => !headings(path === '' ? page : join(page, '..', path)).includes(part))
      .map(([link]) => `${page}: ${link}`),
  );
  expect(wrong).toEqual([]);
});

test('the skill says at its head what it is called and when to use it', () => {
  const [, head = ''] = /^---\n([\s\S]*?)\n---\n/.exec(textOf('docs/skill/SKILL.md')) ?? [];
  expect(head).toMatch(/^name: [a-z][a-z-]{1,63}$/m);
  expect(head).toMatch(/^description: .{40,1024}$/m);
});

describe('what a page tells people to type', () => {
  // A word that stands for something may be written in capitals: `mcp-dbg ARGS…`.
  const typed = /(?:^|[|`] ?|\$ )mcp-dbg ([a-z][\w-]*)([^\n`|]*)/gm;

  test('every command and option is one that the program has', async () => {
    const helps = new Map<string, string>();
    for (const { name } of commandList(await helpOf())) {
      const own = await helpOf(name);
      const below = await Promise.all(commandList(own).map(async (each) => await helpOf(name, each.name)));
      helps.set(name, [own, ...below].join('\n'));
    }
    const wrong: string[] = [];
    for (const page of pagesOf(root)) {
      for (const [line, name = '', rest = ''] of textOf(page).matchAll(typed)) {
        const ours = rest.split(/ -- |#/)[0] ?? '';
        const options = [...ours.matchAll(/(?<= )--[a-z][\w-]*/g)].map(([option]) => option);
        const help = helps.get(name);
        const known = help !== undefined && options.every((option) => new RegExp(`${option}\\b`).test(help));
        if (!known && name !== 'help') wrong.push(`${page}: ${line.trim()}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
