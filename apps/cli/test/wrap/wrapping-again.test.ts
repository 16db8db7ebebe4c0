import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { holds, machine } from '../config/config-home.ts';
import { BIN, run } from '../driver.ts';

const BY_HAND = { command: 'mcp-dbg', args: ['proxy', '--tools', '--watch', '/s/*.ts', '--', 'npx', 'tsx', 's.ts'] };

/** A machine whose Cursor has these servers, and its file. */
function cursorWith(servers: Readonly<Record<string, object>>) {
  const there = machine({ '~/.cursor/mcp.json': holds(servers) });
  const path = join(there.home, '.cursor/mcp.json');
  return { options: there.options, path, text: (): string => readFileSync(path, 'utf8') };
}

describe('a server that is wrapped', () => {
  test.concurrent('keeps its options where none are given, alone and with all', async () => {
    const { options, text } = cursorWith({ a: { command: 'x' }, b: { command: 'y' } });
    await run(['wrap', 'cursor', 'a', '--', '--restart', '--watch', '/s'], options);
    const before = text();
    const again = await run(['wrap', 'cursor', 'a'], options);
    expect(again).toMatchObject({
      code: 0,
      stdout: '"a" in ~/.cursor/mcp.json is already wrapped (with --restart --watch /s): nothing to do\n',
      stderr: '',
    });
    expect(text()).toBe(before);
    const all = await run(['wrap', 'cursor', '--all'], options);
    expect(all.stdout).toContain('"a" in ~/.cursor/mcp.json is already wrapped (with --restart --watch /s)');
    expect(all.stdout).toContain('wrapped "b" in ~/.cursor/mcp.json\n');
    expect(text()).toContain('"--restart"');
  });

  test.concurrent('gets other options where they are given, and both are said', async () => {
    const { options, text } = cursorWith({ a: { command: 'x' } });
    const original = text();
    await run(['wrap', 'cursor', 'a', '--', '--restart'], options);
    const dry = await run(['wrap', 'cursor', 'a', '--dry-run', '--', '--announce'], options);
    expect(dry.stderr).toContain('would change "a" in ~/.cursor/mcp.json: from --restart to --announce\n');
    const changed = await run(['wrap', 'cursor', 'a', '--', '--announce', '--label', 'mine'], options);
    expect(changed.stdout).toBe('changed "a" in ~/.cursor/mcp.json: from --restart to --announce --label mine\n');
    expect(changed.stderr).toContain('mcp-dbg log mine');
    const { stdout } = await run(['wrap', 'cursor', 'a', '--json', '--', '--restart'], options);
    expect(JSON.parse(stdout)).toMatchObject({
      servers: [
        {
          change: 'rewrapped',
          options: ['--restart', '--label', 'a'],
          optionsBefore: ['--announce', '--label', 'mine'],
        },
      ],
    });
    await run(['unwrap', 'cursor', 'a'], options);
    expect(text()).toBe(original);
  });

  test.concurrent('by hand stays as it is, and is what comes back where its options were changed', async () => {
    const { options, text } = cursorWith({ a: BY_HAND });
    const original = text();
    const again = await run(['wrap', 'cursor', 'a'], options);
    expect(again.stdout).toContain('is already wrapped (with --tools --watch');
    expect(text()).toBe(original);
    const changed = await run(['wrap', 'cursor', 'a', '--', '--restart'], options);
    expect(changed.stdout).toMatch(/^changed "a" in .*: from --tools --watch \S+ to --restart\n$/);
    await run(['wrap', 'cursor', 'a', '--', '--announce'], options);
    expect(text()).toContain('"--announce"');
    const back = await run(['unwrap', 'cursor', 'a', '--json'], options);
    expect(JSON.parse(back.stdout)).toMatchObject({
      servers: [{ change: 'unwrapped', exact: true, argv: ['mcp-dbg', ...BY_HAND.args] }],
    });
    expect(text()).toBe(original);
    await run(['unwrap', 'cursor', 'a'], options);
    expect(JSON.parse(text())).toEqual({ mcpServers: { a: { command: 'npx', args: ['tsx', 's.ts'] } } });
  });

  test.concurrent('is wrapped anew, with its options, where what starts it is gone or was another copy', async () => {
    const { options, path, text } = cursorWith({ a: { command: 'x' } });
    await run(['wrap', 'cursor', 'a', '--', '--restart'], options);
    const wrapped = text();
    for (const [other, shown] of [
      ['/gone/node', '"/gone/node"'],
      ['npx', '"npx"'],
    ] as const) {
      writeFileSync(path, wrapped.replace(JSON.stringify(process.execPath), JSON.stringify(other)));
      expect(text()).toContain(shown);
      const again = await run(['wrap', 'cursor', 'a'], options);
      expect(again.stdout).toBe('wrapped "a" in ~/.cursor/mcp.json again, for this copy of mcp-dbg starts it now\n');
      expect(text()).toBe(wrapped);
    }
    const byHand = cursorWith({ a: { command: '/gone/node', args: [BIN, 'proxy', '--restart', '--', 'x'] } });
    await run(['wrap', 'cursor', 'a'], byHand.options);
    expect(JSON.parse(byHand.text())).toEqual({
      mcpServers: { a: { command: process.execPath, args: [BIN, 'proxy', '--restart', '--', 'x'] } },
    });
  });
});

describe('a server that is watched', () => {
  test.concurrent.each([
    ['--watch /s', 'mcp-dbg log -f a shows each; --announce has the proxy say it on stderr, too.'],
    ['--watch /s --announce', 'mcp-dbg log -f a shows each; with --announce the proxy says it on stderr, which Cursor'],
    ['--watch /s --no-capture', '--announce has the proxy say it on stderr, too.'],
  ])('is told to be reloaded in silence, and what shows it: %s', async (line, said) => {
    const { options } = cursorWith({ a: { command: 'x' } });
    const { stderr } = await run(['wrap', 'cursor', 'a', '--', ...line.split(' ')], options);
    expect(stderr).toContain(`A reload is silent for the client: ${said}`);
  });

  test.concurrent('alone is told so', async () => {
    const { options } = cursorWith({ a: { command: 'x' } });
    const { stderr } = await run(['wrap', 'cursor', 'a', '--', '--restart'], options);
    expect(stderr).not.toContain('reload');
  });
});
