import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { holds, machine } from '../config/config-home.ts';
import { run } from '../driver.ts';

const TWO = holds({ a: { command: 'x', env: { K: 'secret' } }, b: { command: 'y' } });

/** A machine whose Cursor has these servers, and its file. */
function cursorWith(text: string) {
  const there = machine({ '~/.cursor/mcp.json': text });
  const path = join(there.home, '.cursor/mcp.json');
  const beside = (): readonly string[] => readdirSync(dirname(path)).filter((name) => name !== 'mcp.json');
  const wrap = (...words: readonly string[]) => run(['wrap', 'cursor', ...words], there.options);
  const unwrap = (...words: readonly string[]) => run(['unwrap', 'cursor', ...words], there.options);
  return { ...there, path, beside, wrap, unwrap, text: (): string => readFileSync(path, 'utf8') };
}

describe('copies of a config file', () => {
  test.concurrent('go when nothing in it is wrapped any more', async () => {
    const { path, beside, wrap, unwrap, text } = cursorWith(TWO);
    await wrap('a');
    await wrap('b');
    expect(beside()).toHaveLength(2);
    for (const name of beside()) expect(statSync(join(dirname(path), name)).isFile()).toBe(true);
    const one = await unwrap('a');
    expect(one.stderr).toContain(' of ~/.cursor/mcp.json from before: ~/.cursor/mcp.json.mcp-dbg-');
    expect(beside().some((name) => readFileSync(join(dirname(path), name), 'utf8') === TWO)).toBe(true);
    const two = await unwrap('b', '--json');
    expect(JSON.parse(two.stdout)).toMatchObject({ copies: [] });
    expect(text()).toBe(TWO);
    expect(beside()).toEqual([]);
  });

  test.concurrent('do not pile up, however often it is wrapped and edited', async () => {
    const { path, beside, wrap, unwrap, text } = cursorWith(TWO);
    await wrap('b');
    for (let round = 0; round < 3; round++) {
      await wrap('a');
      writeFileSync(path, `${text()}\n`);
      await unwrap('a');
      expect(beside().length).toBeLessThanOrEqual(2);
    }
    const all = await unwrap('--all');
    expect(all.stderr).toMatch(/deleted \d cop(y|ies) of ~\/\.cursor\/mcp\.json that nothing needs any more\n/);
    expect(text()).toBe(`${TWO}\n\n\n`);
    expect(beside()).toEqual([]);
  });

  test.concurrent('are one alone where an entry was put back by its values, until it is wrapped again', async () => {
    const { path, beside, wrap, unwrap, text } = cursorWith(TWO);
    await wrap('a');
    writeFileSync(path, text().replace('"x"', '"x", "--more"'));
    const back = await unwrap('a');
    const [name = '', ...others] = beside();
    expect(others).toEqual([]);
    expect(back.stderr).toContain(`1 copy of ~/.cursor/mcp.json from before: ~/.cursor/${name}\n`);
    expect(readFileSync(join(dirname(path), name), 'utf8')).toBe(TWO);
    await wrap('a');
    await unwrap('a');
    expect(beside()).toEqual([]);
  });

  test.concurrent('stay where they are not certainly ours', async () => {
    const { path, beside, wrap, unwrap } = cursorWith(TWO);
    const others = ['mcp.json.mcp-dbg-20200101T000000Z.bak', 'mcp.json.mcp-dbg-mine.bak', 'mcp.json.bak'];
    for (const name of others) writeFileSync(join(dirname(path), name), TWO);
    await wrap('a');
    const [edited = ''] = beside().filter((name) => !others.includes(name));
    writeFileSync(join(dirname(path), edited), `${TWO} `);
    const back = await unwrap('a');
    expect(beside().toSorted()).toEqual([...others, edited].toSorted());
    expect(back.stderr).toContain('2 copies of ~/.cursor/mcp.json from before: ~/.cursor/mcp.json.mcp-dbg-20200101T');
  });
});
